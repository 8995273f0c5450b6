/** A conversation as whoever holds its line sees it: the same for every driver. */
import type { Usage } from '../../core/agent/cost.ts'
import type { Phase } from '../../core/turn/state.ts'

export interface LineSession {
  readonly usage: Usage
  readonly phase: Phase['phase']
  /** Begins to speak or to listen. `opening` false: the line came back, and the conversation goes on. */
  start(opening: boolean): void
  /** A frame of the caller's sound, base64 of µ-law. Throws for what is none. */
  frame(payload: string): void
  marked(name: string): void
  digit(digit: string): void
  /** A turn of the caller in letters. */
  written(text: string): void
  /** A word for the model, which speaks about it as soon as nobody else does. */
  inform(text: string): void
  /** Rings for the caller while somebody is fetched. */
  ring(on: boolean): void
  leaveAfterReply(): void
  /** A sentence of our own in the reply at hand. */
  add(sentence: string): void
  end(reason: 'goodbye' | 'limit' | 'failure'): void
  tick(): void
  /** The line is gone. Idempotent. */
  close(): void
  /** only where the carrier hears and speaks */
  prompted?(text: string, last: boolean): void
  cutOff?(heard: string): void
}

/**
 * The port of one model that hears the caller and speaks itself, with µ-law at 8,000 samples a second in both directions. It
 * replaces the three other ports for a call, so it also reports the words of both sides and calls tools.
 */
import type { ProviderFailure } from '../failure.ts'
import type { ToolOffer } from '../language/port.ts'

export interface RealtimeOptions {
  system: string
  tools: ToolOffer[]
  /** the provider's own name of a voice; empty: its default */
  voice: string
  /** BCP-47, a hint for the transcription of the caller */
  language: string
  /** who decides that the caller has finished: our gate (`answer` is called), or the model by itself */
  turns: 'ours' | 'theirs'
  tokensMax: number
}

export type RealtimeEvent =
  /** a piece of the model's sound; `itemId` names the utterance and is the argument of `interrupt` */
  | { type: 'sound'; itemId: string; mulaw: Uint8Array }
  /** words of the model. They come faster than the sound is played, so they do not tell what was *heard* */
  | { type: 'agent-words'; itemId: string; text: string; final: boolean }
  /** words of the caller; they may come after the answer to them has begun */
  | { type: 'caller-words'; text: string; final: boolean }
  /** the model hears somebody speak (only if `turns` is `theirs`) */
  | { type: 'caller-began' }
  /** `input` is what the model wrote, unchecked */
  | { type: 'tool'; toolId: string; name: string; input: unknown }
  /** the answer is over. `tools`: the model waits for `toolResult`; `failed`: the answer cannot be used */
  | {
      type: 'answer-ended'
      reason: 'stop' | 'tools' | 'length' | 'interrupted' | 'failed'
      /** without those that the model had cached */
      tokensIn: number
      tokensOut: number
    }
  /** the connection is over and nothing more comes */
  | { type: 'failed'; failure: ProviderFailure }

export interface RealtimeSession {
  readonly provider: string
  /** Sets new instructions and tools, before the model has spoken. */
  configure(options: RealtimeOptions): void
  /** Passes on the caller's sound as it arrives. Never throws; does nothing after the end. */
  send(mulaw: Uint8Array): void
  /** Lets the model speak, because the caller has finished or nobody has spoken yet. */
  answer(): void
  /** Lets the model say exactly this, without tools. It waits until an answer that is still coming is over. */
  say(text: string): void
  /** Adds typed words of the caller, or keys, to the conversation. It does not ask for an answer. */
  typed(text: string): void
  /** Gives the result of a tool. With the last result of an answer the model goes on by itself. */
  toolResult(toolId: string, result: unknown): void
  /**
   * The caller interrupted the model after `heardMs` of this utterance (empty: none had begun). The model stops and remembers
   * only the part that was heard. Of the answer only its end is still reported, and its tools do not make the model go on.
   */
  interrupt(itemId: string, heardMs: number): void
  /** Tells the model a supervisor's words, which the caller does not hear. */
  whisper(text: string): void
  /** No event is reported after this. A second call does nothing. */
  close(): void
}

export interface Realtime {
  readonly provider: string
  readonly model: string
  /** Resolves when the session can take sound. Throws `ProviderFailure`, also if `signal` aborts. */
  open(options: RealtimeOptions, tell: (event: RealtimeEvent) => void, signal: AbortSignal): Promise<RealtimeSession>
}

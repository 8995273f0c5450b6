/**
 * Keeps the stream from seeming dead: when the caller waits for us and hears nothing, they get a request for patience, or a
 * tone. The request comes in a voice that does not depend on the model; tones are used where there is no such voice.
 */
import { earliest } from '../../core/machine.ts'
import type { Phase } from '../../core/turn/state.ts'
import { waitTone } from '../../sound/tones.ts'
import type { Outgoing } from '../speech/playout.ts'
import type { ConversationParts } from './conversation-parts.ts'
import { phrasesOf } from './phrases.ts'
import { Ringback } from './ringback.ts'

/** Our longest silence. With the end of a turn (0.6 s) and a late timer it stays below the 4 s that the product promises. */
const QUIET_MAX_MS = 3_300
/** A sentence without sound for this long will not sound any more: longer than a chain of two voices needs. */
const MUTE_MS = 7_000
const BYTES_PER_MS = 8
/** Speaking time of one letter where the carrier speaks by itself: nobody tells us how long its sentences last. */
const LETTER_MS = 70

export type DeadAirParts = Pick<ConversationParts, 'now' | 'send' | 'agent' | 'spareWord' | 'wordsOnly'>

export interface DeadAirEvents {
  /** Puts the sound in its place within the reply. False: there is no reply that could take it. */
  fill(text: string, mulaw: Uint8Array): boolean
  /** this many characters were spoken */
  spent(characters: number): void
}

export class DeadAirGuard {
  readonly #parts: DeadAirParts
  readonly #events: DeadAirEvents
  readonly #ringback = new Ringback()
  #soundUntilMs: number
  #voiceUntilMs: number
  #owedSinceMs: number | null = null

  constructor(parts: DeadAirParts, events: DeadAirEvents) {
    this.#parts = parts
    this.#events = events
    this.#soundUntilMs = parts.now()
    this.#voiceUntilMs = parts.now()
  }

  /** The time at which everything that was sent so far will have been played. */
  get soundUntilMs(): number {
    return this.#soundUntilMs
  }

  /** The time at which a reply that is still being made counts as failed, unless more of its sound comes. */
  get muteDueMs(): number {
    return this.#voiceUntilMs + MUTE_MS
  }

  /** Sends sound of the reply itself. */
  sendVoice(message: Outgoing): void {
    this.#send(message)
    if (message.type !== 'clear') this.#voiceUntilMs = this.#soundUntilMs
  }

  /** The time until the reply counts as failed begins now. */
  awaitVoice(): void {
    this.#voiceUntilMs = Math.max(this.#voiceUntilMs, this.#parts.now())
  }

  #send(message: Outgoing): void {
    const now = this.#parts.now()
    if (message.type === 'clear') this.#soundUntilMs = now
    else this.#soundUntilMs = Math.max(this.#soundUntilMs, now) + this.#lengthMs(message)
    this.#parts.send(message)
  }

  #lengthMs(message: Exclude<Outgoing, { type: 'clear' }>): number {
    if (message.type === 'audio') return message.mulaw.length / BYTES_PER_MS
    return this.#parts.wordsOnly ? message.text.length * LETTER_MS : 0
  }

  askPatience(): void {
    const word = this.#parts.spareWord?.() ?? null
    if (word === null) return this.#tone()
    this.#events.spent(word.text.length)
    this.#play(word.text, word.mulaw)
  }

  #tone(): void {
    const { agent, wordsOnly } = this.#parts
    if (!wordsOnly) return this.#play('', waitTone())
    this.#send({ type: 'mark', name: 'instead of a tone', text: phrasesOf(agent).wait })
  }

  #play(text: string, mulaw: Uint8Array): void {
    if (!this.#events.fill(text, mulaw)) this.#send({ type: 'audio', mulaw })
  }

  /** A person is being called, and the caller hears it ring. */
  ring(on: boolean): void {
    if (on) this.#ringback.on(this.#parts.now())
    else this.#ringback.off()
  }

  /** `owed`: it is our turn now. */
  nextMs(owed: boolean): number | null {
    return earliest([this.#deadAirMs(owed), this.#ringback.nextMs()])
  }

  #deadAirMs(owed: boolean): number | null {
    this.#owedSinceMs = owed ? (this.#owedSinceMs ?? this.#parts.now()) : null
    return this.#owedSinceMs === null ? null : Math.max(this.#owedSinceMs, this.#soundUntilMs) + QUIET_MAX_MS
  }

  /** `quiet`: nobody speaks right now. */
  tick(atMs: number, owed: boolean, quiet: boolean): void {
    const dead = this.#deadAirMs(owed)
    if (dead !== null && atMs >= dead) this.#tone()
    const ring = this.#ringback.due(atMs, quiet)
    if (ring !== null) this.#send({ type: 'audio', mulaw: ring })
  }
}

/** Our turn: we prepare something, or a pause of ours is about to end. `pending`: more of the reply at hand is to come. */
export function isOurTurn(now: Phase, pending: boolean): boolean {
  if (now.phase === 'interrupted') return now.quietSince !== null
  if (now.phase === 'speaking' || now.phase === 'closing') return pending
  return now.phase === 'thinking' || now.phase === 'tool'
}

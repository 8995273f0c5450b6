/**
 * The caller waits for us and hears nothing: then they get a word, or a tone, so that the line never seems dead. The word is
 * a voice's that does not depend on the model at hand; where there is none, tones have to do.
 */
import { earliest } from '../../core/machine.ts'
import type { Phase } from '../../core/turn/state.ts'
import { waitTone } from '../../sound/tones.ts'
import type { Outgoing } from '../speech/playout.ts'
import { Ringback } from './ringback.ts'

/** Longest silence of ours. With the end of a turn (0.6 s) and a late timer it stays below the 4 s of the product's promise. */
const QUIET_MAX_MS = 3_300
/** Words that are being made, and of which no sound comes for so long, do not come any more: longer than a chain of two voices. */
const MUTE_MS = 7_000
const BYTES_PER_MS = 8
/** A carrier that speaks by itself takes so long for a letter: nobody tells us how long its words sound. */
const LETTER_MS = 70

export interface CompanyParts {
  now(): number
  send(message: Outgoing): void
  /** "One moment, please." in a voice that is there now; null: there is none */
  spare(): { text: string; mulaw: Uint8Array } | null
  /** the reply takes it in its order; false: there is none */
  fill(text: string, mulaw: Uint8Array): boolean
  /** characters that a voice said */
  spent(characters: number): void
  /** where only words cross, and no tone: what is said instead */
  instead?: () => string
}

export class DeadAirGuard {
  readonly #parts: CompanyParts
  readonly #comfort = new Ringback()
  #soundUntilMs: number
  #voiceUntilMs: number
  #owedSinceMs: number | null = null

  constructor(parts: CompanyParts) {
    this.#parts = parts
    this.#soundUntilMs = parts.now()
    this.#voiceUntilMs = parts.now()
  }

  /** When what was sent so far will have been played. */
  get soundUntilMs(): number {
    return this.#soundUntilMs
  }

  send(message: Outgoing): void {
    const now = this.#parts.now()
    if (message.type === 'clear') this.#soundUntilMs = now
    else this.#soundUntilMs = Math.max(this.#soundUntilMs, now) + this.#lengthMs(message)
    this.#parts.send(message)
  }

  #lengthMs(message: Exclude<Outgoing, { type: 'clear' }>): number {
    if (message.type === 'audio') return message.mulaw.length / BYTES_PER_MS
    return this.#parts.instead === undefined ? 0 : message.text.length * LETTER_MS
  }

  /** Of the reply itself. */
  sendVoice(message: Outgoing): void {
    this.send(message)
    if (message.type !== 'clear') this.#voiceUntilMs = this.#soundUntilMs
  }

  /** From now on its voice is waited for. */
  awaitVoice(): void {
    this.#voiceUntilMs = Math.max(this.#voiceUntilMs, this.#parts.now())
  }

  /** When it will have been mute for too long, if it stays so. */
  get muteDueMs(): number {
    return this.#voiceUntilMs + MUTE_MS
  }

  /** We ask for patience. */
  word(): void {
    const said = this.#parts.spare()
    if (said === null) return this.#tone()
    this.#parts.spent(said.text.length)
    this.#play(said.text, said.mulaw)
  }

  #tone(): void {
    const { instead } = this.#parts
    if (instead === undefined) return this.#play('', waitTone())
    this.send({ type: 'mark', name: 'instead of a tone', text: instead() })
  }

  #play(text: string, mulaw: Uint8Array): void {
    if (!this.#parts.fill(text, mulaw)) this.send({ type: 'audio', mulaw })
  }

  /** Somebody is being fetched. */
  ring(on: boolean): void {
    if (on) this.#comfort.on(this.#parts.now())
    else this.#comfort.off()
  }

  /** `owed`: it is our turn now. */
  nextMs(owed: boolean): number | null {
    return earliest([this.#lonelyMs(owed), this.#comfort.nextMs()])
  }

  #lonelyMs(owed: boolean): number | null {
    this.#owedSinceMs = owed ? (this.#owedSinceMs ?? this.#parts.now()) : null
    return this.#owedSinceMs === null ? null : Math.max(this.#owedSinceMs, this.#soundUntilMs) + QUIET_MAX_MS
  }

  /** `quiet`: nobody speaks right now. */
  tick(atMs: number, owed: boolean, quiet: boolean): void {
    const lonely = this.#lonelyMs(owed)
    if (lonely !== null && atMs >= lonely) this.#tone()
    const ring = this.#comfort.due(atMs, quiet)
    if (ring !== null) this.send({ type: 'audio', mulaw: ring })
  }
}

/** Our turn: something of ours is being made, or held back while a cough fades. `making`: of the reply at hand more is to come. */
export function isOurTurn(now: Phase, making: boolean): boolean {
  if (now.phase === 'interrupted') return now.quietSince !== null
  if (now.phase === 'speaking' || now.phase === 'closing') return making
  return now.phase === 'thinking' || now.phase === 'tool'
}

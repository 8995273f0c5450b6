/**
 * Passes the caller's speech (and a little sound before it) to a realtime model. Its words are not known in time, so only silence
 * ends a turn.
 */
import type { TurnRules } from '../../../core/turn/state.ts'
import type { SpeechLine } from '../../vad/speech-detector.ts'
import { CallerGates, type GateEvents } from '../caller-gates.ts'

/** Lies between the waits after complete and incomplete sentences (turn/endpoint.ts), which cannot be told apart here. */
const FINISHED_AFTER_MS = 600
/** Without words only its length tells an interruption from "mhm": this long after the strict gate opened. */
const CONFIRM_MS = 350
/** Frames from before the gate opened, which contain the first consonant. */
const BEFORE_FRAMES = 15

export interface SpeechSpan {
  startMs: number
  quietSinceMs: number
}

export interface CallerSoundEvents extends GateEvents {
  /** a piece of a turn */
  speech(mulaw: Uint8Array): void
  finished(span: SpeechSpan): void
}

export class CallerSound {
  readonly #events: CallerSoundEvents
  readonly #gates: CallerGates
  readonly #finishedAfterMs: number
  #before: Uint8Array[] = []
  #span: { startMs: number; quietSinceMs: number | null } | null = null

  /** `finishedAfterMs`: the silence that ends a turn */
  constructor(
    detector: SpeechLine,
    startMs: number,
    events: CallerSoundEvents,
    finishedAfterMs: number = FINISHED_AFTER_MS,
  ) {
    this.#events = events
    this.#finishedAfterMs = finishedAfterMs
    this.#gates = new CallerGates(detector, startMs, {
      ...events,
      spoke: (strict, sinceMs) => {
        if (!strict) this.#opened(sinceMs)
        events.spoke(strict, sinceMs)
      },
      fellSilent: sinceMs => {
        if (this.#span !== null) this.#span.quietSinceMs = sinceMs
        events.fellSilent(sinceMs)
      },
    })
  }

  /** There is enough speech to interrupt us right now. */
  get speaking(): boolean {
    return this.#gates.interrupts
  }

  /** We speak again: only a new sound may interrupt us now. */
  rearm(): void {
    this.#gates.rearm()
  }

  /** One frame as the carrier sends it. Throws `RangeError` unless it is base64 of at most 256 bytes. */
  receive(payload: string, nowMs: number): void {
    const bytes = this.#gates.receive(payload, nowMs)
    if (this.#span !== null) return this.#events.speech(bytes)
    this.#before.push(bytes)
    if (this.#before.length > BEFORE_FRAMES) this.#before.shift()
  }

  #opened(sinceMs: number): void {
    this.#span = { startMs: this.#span?.startMs ?? sinceMs, quietSinceMs: null }
    for (const piece of this.#before.splice(0)) this.#events.speech(piece)
  }

  /** The sound so far is not part of a turn. */
  forget(): void {
    this.#span = null
    this.#before = []
  }

  nextMs(): number | null {
    const quiet = this.#span?.quietSinceMs ?? null
    return quiet === null ? null : quiet + this.#finishedAfterMs
  }

  tick(nowMs: number): void {
    const due = this.nextMs()
    const span = this.#span
    if (due === null || nowMs < due || span === null) return
    this.#span = null
    this.#events.finished({ startMs: span.startMs, quietSinceMs: span.quietSinceMs ?? nowMs })
  }

  close(): void {
    this.#gates.close()
  }
}

/** The turn rules where the caller's words are not known in time. */
export function wordlessRules(rules: TurnRules): TurnRules {
  return { ...rules, confirmMs: Math.min(rules.confirmMs, CONFIRM_MS) }
}

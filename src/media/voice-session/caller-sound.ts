/**
 * The caller's sound for a model that hears by itself: it gets what is speech (and a little before it), and our gates say when
 * the caller speaks and has finished. No words are known yet, so only silence ends a turn.
 */
import type { TurnRules, TurnState } from '../../core/turn/state.ts'
import { turn } from '../../core/turn/turn.ts'
import { bytesFromBase64 } from '../base64.ts'
import { BARGE_IN_GATE, createGate, type Gate, TURN_GATE } from '../turn/gate.ts'
import type { SpeechLine } from '../vad/speech-detector.ts'

/** Between the waits after whole words and after words that go on (turn/endpoint.ts): here nobody knows which they are. */
const FINISHED_AFTER_MS = 600
/** Without words only the length of an interruption tells it from "mhm": so much after the strict gate opened. */
const CONFIRM_MS = 350
/** Frames from before the gate opened: the first consonant is among them. */
const BEFORE_FRAMES = 15
const FRAME_MS = 20
const FRAME_BYTES_MAX = 256
/** The clock of frames follows the wall clock when frames stay away longer than this. */
const DRIFT_MS = 200

export interface SpeechSpan {
  startMs: number
  quietSinceMs: number
}

export interface CallerSoundEvents {
  /** one frame, as it was heard */
  sound(mulaw: Uint8Array): void
  /** a piece of a turn */
  speech(mulaw: Uint8Array): void
  /** `strict`: enough to interrupt us */
  spoke(strict: boolean, sinceMs: number): void
  fellSilent(sinceMs: number): void
  finished(span: SpeechSpan): void
}

export class CallerSound {
  readonly #line: SpeechLine
  readonly #events: CallerSoundEvents
  readonly #turnGate: Gate = createGate(TURN_GATE)
  readonly #bargeGate: Gate = createGate(BARGE_IN_GATE)
  readonly #frame = new Uint8Array(FRAME_BYTES_MAX)
  #before: Uint8Array[] = []
  #clockMs: number
  #span: { startMs: number; quietSinceMs: number | null } | null = null

  constructor(line: SpeechLine, startMs: number, events: CallerSoundEvents) {
    this.#line = line
    this.#clockMs = startMs
    this.#events = events
  }

  /** Enough speech to interrupt us, right now. */
  get speaking(): boolean {
    return this.#bargeGate.open && this.#bargeGate.quietSinceMs === null
  }

  /** The gate hears silence and has not closed yet: when we know whether the caller has stopped; null: not so. */
  get hushUntilMs(): number | null {
    const { open, quietSinceMs } = this.#turnGate
    return open && quietSinceMs !== null ? quietSinceMs + TURN_GATE.closeAfterMs + DRIFT_MS : null
  }

  /** One frame as the carrier sends it. Throws `RangeError` for what is no base64 of at most 256 bytes. */
  frame(payload: string, nowMs: number): void {
    const count = bytesFromBase64(payload, this.#frame)
    this.#clockMs = Math.max(this.#clockMs + FRAME_MS, nowMs - DRIFT_MS)
    const bytes = this.#frame.slice(0, count)
    this.#events.sound(bytes)
    this.#judge(this.#line.hearBytes(bytes))
    if (this.#span !== null) return this.#events.speech(bytes)
    this.#before.push(bytes)
    if (this.#before.length > BEFORE_FRAMES) this.#before.shift()
  }

  #judge(probability: number | null): void {
    const strict = this.#bargeGate.hear(this.#clockMs, probability)
    const change = this.#turnGate.hear(this.#clockMs, probability)
    if (change?.type === 'opened') {
      this.#span = { startMs: this.#span?.startMs ?? change.sinceMs, quietSinceMs: null }
      for (const piece of this.#before.splice(0)) this.#events.speech(piece)
      this.#events.spoke(false, change.sinceMs)
    }
    if (strict?.type === 'opened') this.#events.spoke(true, strict.sinceMs)
    if (change?.type !== 'closed') return
    if (this.#span !== null) this.#span.quietSinceMs = change.sinceMs
    this.#events.fellSilent(change.sinceMs)
  }

  /** What was heard so far was no turn. */
  forget(): void {
    this.#span = null
    this.#before = []
  }

  nextMs(): number | null {
    const quiet = this.#span?.quietSinceMs ?? null
    return quiet === null ? null : quiet + FINISHED_AFTER_MS
  }

  tick(nowMs: number): void {
    const due = this.nextMs()
    const span = this.#span
    if (due === null || nowMs < due || span === null) return
    this.#span = null
    this.#events.finished({ startMs: span.startMs, quietSinceMs: span.quietSinceMs ?? nowMs })
  }

  close(): void {
    this.#line.close()
  }
}

/** Sound counts as an interruption by its length: while it may have ended already (`hushUntilMs`), the clock of that waits. */
export function turnDueMs(state: TurnState, hushUntilMs: number | null): number | null {
  const due = turn.deadline(state)
  const { now } = state
  if (due === null || now.phase !== 'interrupted' || now.quietSince !== null) return due
  return Math.max(due, hushUntilMs ?? due)
}

/** The rules where nobody knows the caller's words in time. */
export function wordlessRules(rules: TurnRules): TurnRules {
  return { ...rules, confirmMs: Math.min(rules.confirmMs, CONFIRM_MS) }
}

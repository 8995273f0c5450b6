/**
 * Sends the caller's frames through two gates at once: a quick one for the caller's turn, and a strict one that decides while
 * we speak. Both drivers use it; what makes words of the sound comes after it.
 */
import { bytesFromBase64 } from '../../sound/base64.ts'
import { BARGE_IN_GATE, createGate, type Gate, TURN_GATE } from '../turn/gate.ts'
import type { SpeechLine } from '../vad/speech-detector.ts'

/** Silence (which the detector reports late) after which the caller may have stopped: longer than any silence in a word. */
const HUSH_AFTER_MS = 40
const FRAME_MS = 20
const FRAME_BYTES_MAX = 256
/** The clock of frames follows the wall clock when frames stay away longer than this. */
const DRIFT_MS = 200

export interface GateEvents {
  /** one frame, decoded */
  sound(mulaw: Uint8Array): void
  /** `strict`: enough to interrupt us; `sinceMs`: when it began */
  spoke(strict: boolean, sinceMs: number): void
  /** The silence may be the end or only a breath; `on` false: it was a breath. */
  possibleEnd(on: boolean): void
  /** `sinceMs`: when the silence began */
  fellSilent(sinceMs: number): void
}

export class CallerGates {
  readonly #detector: SpeechLine
  readonly #events: GateEvents
  readonly #turnGate: Gate = createGate(TURN_GATE)
  #bargeGate: Gate = createGate(BARGE_IN_GATE)
  readonly #frame = new Uint8Array(FRAME_BYTES_MAX)
  #clockMs: number
  /** when the silence began that closed the gate last */
  #closedSinceMs: number
  #possibleEnd = false

  constructor(detector: SpeechLine, startMs: number, events: GateEvents) {
    this.#detector = detector
    this.#events = events
    this.#clockMs = startMs
    this.#closedSinceMs = startMs
  }

  /** The time of the frame at hand. */
  get clockMs(): number {
    return this.#clockMs
  }
  /** The time at which the present silence began; null: the caller speaks. */
  get quietSinceMs(): number | null {
    return this.#turnGate.open ? this.#turnGate.quietSinceMs : this.#closedSinceMs
  }
  /** As far as we can hear, the caller speaks. */
  get speaks(): boolean {
    return this.#turnGate.open && this.#turnGate.quietSinceMs === null
  }
  /** Enough speech to interrupt us, right now. */
  get interrupts(): boolean {
    return this.#bargeGate.open && this.#bargeGate.quietSinceMs === null
  }

  /** We speak again: only a new sound may interrupt us now. */
  rearm(): void {
    this.#bargeGate = createGate(BARGE_IN_GATE)
  }

  /** One frame as the carrier sends it. Throws `RangeError` unless it is base64 of at most 256 bytes. */
  receive(payload: string, nowMs: number): Uint8Array {
    const count = bytesFromBase64(payload, this.#frame)
    this.#clockMs = Math.max(this.#clockMs + FRAME_MS, nowMs - DRIFT_MS)
    const bytes = this.#frame.slice(0, count)
    this.#events.sound(bytes)
    this.#judge(this.#detector.hearBytes(bytes))
    return bytes
  }

  #judge(probability: number | null): void {
    const strict = this.#bargeGate.hear(this.#clockMs, probability)
    const change = this.#turnGate.hear(this.#clockMs, probability)
    if (change?.type === 'closed') this.#closedSinceMs = change.sinceMs
    if (change?.type === 'opened') this.#events.spoke(false, change.sinceMs)
    if (strict?.type === 'opened') this.#events.spoke(true, strict.sinceMs)
    this.#listenForHush()
    if (change?.type === 'closed') this.#events.fellSilent(change.sinceMs)
  }

  #listenForHush(): void {
    const { open, quietSinceMs } = this.#turnGate
    const possibleEnd = open && quietSinceMs !== null && this.#clockMs - quietSinceMs >= HUSH_AFTER_MS
    if (possibleEnd === this.#possibleEnd) return
    this.#possibleEnd = possibleEnd
    if (open) this.#events.possibleEnd(possibleEnd)
  }

  close(): void {
    this.#detector.close()
  }
}

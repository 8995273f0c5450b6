/**
 * What we hear: frames become probabilities of speech and words, and both together say when the caller speaks, pauses,
 * and has finished. Two gates listen at one time: a quick one for the caller's turn, and a strict one while we speak.
 */

import type { TurnState } from '../../core/turn/state.ts'
import { turn } from '../../core/turn/turn.ts'
import type { Heard, Transcriber } from '../../providers/transcription/port.ts'
import { bytesFromBase64 } from '../base64.ts'
import { joinedBytes } from '../bytes.ts'
import { type Completeness, completenessOf, type Expected, endOfTurnMs } from '../turn/endpoint.ts'
import { BARGE_IN_GATE, createGate, type Gate, TURN_GATE } from '../turn/gate.ts'
import type { Language } from '../turn/words.ts'
import type { SpeechLine } from '../vad/speech-detector.ts'

/** The detector hears the end of a sound so late (`npm run bench -- vad`: offsets less the time that closes the gate). */
const HEARD_LATE_MS = 160
/** Silence, as the detector hears it, after which the caller may have stopped: with the above longer than any in a word. */
const HUSH_AFTER_MS = 40
/** Silence after which the transcriber is asked for all words: they are then here when the turn ends. */
const SETTLE_AFTER_MS = 200
/** Words that do not come within this time after we asked for them are not waited for. */
const SETTLE_WAIT_MS = 1_500
/** Speech of which no word has come yet: without them the turn would be nothing. */
const FIRST_WORDS_WAIT_MS = 4_000
/** Sound sent to the transcriber in one piece. */
const PIECE_FRAMES = 3
const FRAME_MS = 20
const FRAME_BYTES_MAX = 256
/** Sound kept while the transcriber is not ready. */
const WAITING_PIECES_MAX = 100
/** The clock of frames follows the wall clock when frames stay away longer than this. */
const DRIFT_MS = 200

export interface CallerTurn {
  text: string
  confidence: number | null
  /** when the first speech of it began */
  startMs: number
  /** when the last speech ended */
  quietSinceMs: number
  /** from asking for the words to having them all */
  transcriptionMs: number
  completeness: Completeness
  /** the transcriber has said that these are all words; false: it was not waited for any longer */
  settled: boolean
}

export interface EarEvents {
  /** one frame, as it was heard */
  sound(mulaw: Uint8Array): void
  /** `strict`: enough to interrupt us; `sinceMs`: when it began */
  spoke(strict: boolean, sinceMs: number): void
  /** not sure yet: a silence may be a breath; `on` false: it was one */
  hushed(on: boolean): void
  /** `sinceMs`: when the silence began */
  fellSilent(sinceMs: number): void
  words(text: string, final: boolean): void
  finished(turn: CallerTurn): void
  /** the transcriber is gone; a new one must be given */
  failed(event: Extract<Heard, { type: 'failed' }>): void
}

export interface EarOptions {
  language: Language
  line: SpeechLine
  startMs: number
}

export class Ear {
  readonly #language: Language
  readonly #line: SpeechLine
  readonly #events: EarEvents
  readonly #turnGate: Gate = createGate(TURN_GATE)
  #bargeGate: Gate = createGate(BARGE_IN_GATE)
  readonly #frame = new Uint8Array(FRAME_BYTES_MAX)
  #transcriber: Transcriber | null = null
  #waiting: Uint8Array[] = []
  #piece: Uint8Array[] = []
  #clockMs: number
  #quietSinceMs: number | null
  #stirred = false
  #hushed = false
  #startMs: number | null = null
  /** words before the next `settled`, or until then, are of what was forgotten */
  #deafUntilMs = 0
  #finals: { text: string; confidence: number | null }[] = []
  #interim = ''
  #wordsAtMs: number | null = null
  #askedAtMs: number | null = null
  #settledAtMs: number | null = null
  #expected: Expected = { type: 'anything' }

  constructor({ language, line, startMs }: EarOptions, events: EarEvents) {
    this.#language = language
    this.#line = line
    this.#events = events
    this.#clockMs = startMs
    this.#quietSinceMs = startMs
  }

  /** Sound that was heard meanwhile goes to it first. */
  listenWith(transcriber: Transcriber): void {
    this.#transcriber = transcriber
    if (this.#stirred) transcriber.began(0)
    for (const piece of this.#waiting.splice(0)) transcriber.send(piece)
    if (this.#askedAtMs !== null && this.#settledAtMs === null) transcriber.settle()
  }

  expect(expected: Expected): void {
    this.#expected = expected
  }

  /** We speak again: what interrupts us now is something new. */
  rearm(): void {
    this.#bargeGate = createGate(BARGE_IN_GATE)
  }

  get text(): string {
    return [...this.#finals.map(one => one.text), this.#interim].filter(text => text !== '').join(' ')
  }

  /** One frame as the carrier sends it. Throws `RangeError` for what is no base64 of at most 256 bytes. */
  frame(payload: string, nowMs: number): void {
    const count = bytesFromBase64(payload, this.#frame)
    this.#clockMs = Math.max(this.#clockMs + FRAME_MS, nowMs - DRIFT_MS)
    const bytes = this.#frame.slice(0, count)
    this.#events.sound(bytes)
    const probability = this.#line.hearBytes(bytes)
    this.#judge(probability)
    this.#piece.push(bytes)
    if (this.#piece.length >= PIECE_FRAMES) this.#passOn()
    const quiet = this.#quietSinceMs
    if (this.#stirred && quiet !== null && this.#askedAtMs === null && this.#clockMs - quiet >= SETTLE_AFTER_MS)
      this.#askForWords(nowMs)
  }

  #judge(probability: number | null): void {
    const strict = this.#bargeGate.hear(this.#clockMs, probability)
    const change = this.#turnGate.hear(this.#clockMs, probability)
    if (change?.type === 'opened') {
      this.#stirred = true
      this.#startMs ??= change.sinceMs
      this.#askedAtMs = null
      this.#settledAtMs = null
      this.#transcriber?.began(this.#clockMs - change.sinceMs)
      this.#events.spoke(false, change.sinceMs)
    }
    if (strict?.type === 'opened') this.#events.spoke(true, strict.sinceMs)
    this.#quietSinceMs = this.#turnGate.open ? this.#turnGate.quietSinceMs : this.#quietSinceMs
    this.#listenForHush()
    if (change?.type === 'closed') {
      this.#quietSinceMs = change.sinceMs
      this.#events.fellSilent(change.sinceMs)
    } else if (this.#turnGate.open && this.#quietSinceMs === null && this.#askedAtMs !== null) {
      // The caller went on within the pause: what was asked for is not all.
      this.#askedAtMs = null
      this.#settledAtMs = null
    }
  }

  #listenForHush(): void {
    const { open, quietSinceMs } = this.#turnGate
    const hushed = open && quietSinceMs !== null && this.#clockMs - quietSinceMs >= HUSH_AFTER_MS
    if (hushed === this.#hushed) return
    this.#hushed = hushed
    if (open) this.#events.hushed(hushed)
  }

  #passOn(): void {
    const bytes = joinedBytes(this.#piece)
    this.#piece = []
    if (this.#transcriber !== null) return this.#transcriber.send(bytes)
    this.#waiting.push(bytes)
    if (this.#waiting.length > WAITING_PIECES_MAX) this.#waiting.shift()
  }

  #askForWords(nowMs: number): void {
    this.#passOn()
    this.#askedAtMs = nowMs
    this.#settledAtMs = null
    this.#transcriber?.settle()
  }

  /** What was heard so far was no turn; words of it that are still on their way belong to none either. */
  forgetGreeting(nowMs: number): void {
    this.#clean()
    this.#stirred = false
    this.#passOn()
    this.#deafUntilMs = nowMs + SETTLE_WAIT_MS
    this.#transcriber?.settle()
  }

  /** The next turn begins. */
  #forget(): void {
    this.#stirred = this.#turnGate.open && this.#quietSinceMs === null
    this.#clean()
  }

  #clean(): void {
    this.#startMs = null
    this.#finals = []
    this.#interim = ''
    this.#wordsAtMs = null
    this.#askedAtMs = null
    this.#settledAtMs = null
  }

  heard(event: Heard, nowMs: number): void {
    if (nowMs < this.#deafUntilMs && (event.type === 'words' || event.type === 'settled')) {
      if (event.type === 'settled') this.#deafUntilMs = 0
      return
    }
    switch (event.type) {
      case 'words':
        return this.#words(event, nowMs)
      case 'settled':
        if (this.#askedAtMs !== null) this.#settledAtMs ??= nowMs
        return
      case 'turn-ended':
        if (this.text !== '') this.#finish(nowMs)
        return
      case 'failed':
        this.#transcriber = null
        return this.#events.failed(event)
    }
  }

  #words(event: Extract<Heard, { type: 'words' }>, nowMs: number): void {
    const before = this.text
    if (event.final) {
      this.#interim = ''
      if (event.text !== '') this.#finals.push({ text: event.text, confidence: event.confidence })
    } else this.#interim = event.text
    if (this.text === before && !event.final) return
    if (this.text !== before) this.#wordsAtMs = nowMs
    if (this.text === '') return
    this.#stirred = true
    this.#events.words(this.text, event.final)
  }

  /** When `tick` may have something to say; null: not by itself. */
  nextMs(): number | null {
    const end = this.#endMs()
    if (end === null) return null
    if (this.#settledAtMs !== null || this.#askedAtMs === null) return end
    // Without its last words a turn waits for them, but not for ever.
    return Math.max(end, this.#askedAtMs + (this.text === '' ? FIRST_WORDS_WAIT_MS : SETTLE_WAIT_MS))
  }

  tick(nowMs: number): void {
    const next = this.nextMs()
    if (next === null || nowMs < next) return
    // Other people's voices kept the gate open: nobody has asked for the words yet.
    if (this.#askedAtMs === null) this.#askForWords(nowMs)
    else this.#finish(nowMs)
  }

  #endMs(): number | null {
    if (!this.#stirred) return null
    return endOfTurnMs({
      language: this.#language,
      expected: this.#expected,
      text: this.text,
      wordsAtMs: this.#wordsAtMs,
      quietSinceMs: this.#quietSinceMs,
    })
  }

  #finish(nowMs: number): void {
    const { text } = this
    const confidences = this.#finals.map(one => one.confidence).filter(one => one !== null)
    const turn: CallerTurn = {
      text,
      confidence: confidences.length === 0 ? null : confidences.reduce((sum, one) => sum + one, 0) / confidences.length,
      startMs: this.#startMs ?? nowMs,
      quietSinceMs: this.#quietSinceMs ?? nowMs,
      transcriptionMs: this.#askedAtMs === null ? 0 : (this.#settledAtMs ?? nowMs) - this.#askedAtMs,
      settled: this.#settledAtMs !== null,
      completeness: completenessOf({ text, language: this.#language, expected: this.#expected }),
    }
    this.#forget()
    this.#events.finished(turn)
  }

  close(): void {
    this.#line.close()
    this.#transcriber?.close()
    this.#transcriber = null
  }
}

/** When the turn machine's clock strikes: that the caller speaks on is known late. */
export function turnDueMs(state: TurnState): number | null {
  const due = turn.deadline(state)
  const { now } = state
  return due !== null && now.phase === 'interrupted' && now.quietSince === null ? due + HEARD_LATE_MS : due
}

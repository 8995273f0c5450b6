/**
 * Listens to the caller: frames become probabilities of speech and, through the transcriber, words. Both together tell when
 * the caller speaks, pauses, and has finished.
 */
import type { Heard, Transcriber } from '../../../providers/transcription/port.ts'
import { joinedBytes } from '../../../sound/bytes.ts'
import { hasWords } from '../../turn/backchannel.ts'
import {
  type Completeness,
  completenessOf,
  ENDPOINT_RULES,
  type EndpointRules,
  type Expected,
  endOfTurnMs,
} from '../../turn/endpoint.ts'
import type { Language } from '../../turn/words.ts'
import type { SpeechLine } from '../../vad/speech-detector.ts'
import { CallerGates, type GateEvents } from '../caller-gates.ts'

/** Silence after which the transcriber is asked for the last words, so that they are here when the turn ends. */
const SETTLE_AFTER_MS = 200
/** A turn waits this long for the words that were asked for. */
const SETTLE_WAIT_MS = 1_500
/**
 * A turn waits this long while it has no word, because it would be no turn, and while it has only a beginning that may still
 * change ("what are"): a transcriber that is behind has not heard the rest, and an answer to half a sentence helps nobody.
 */
const BEGINNING_WAIT_MS = 4_000
/** Frames sent to the transcriber in one piece. */
const PIECE_FRAMES = 3
/** Pieces kept while the transcriber is not ready. */
const WAITING_PIECES_MAX = 100

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
  /** the transcriber has confirmed that these are all words; false: we did not wait any longer */
  settled: boolean
}

export interface SpeechInputEvents extends GateEvents {
  words(text: string, final: boolean): void
  finished(turn: CallerTurn): void
  /** the transcriber is gone; a new one must be given */
  failed(event: Extract<Heard, { type: 'failed' }>): void
}

export interface SpeechInputOptions {
  language: Language
  detector: SpeechLine
  startMs: number
  /** when a turn ends */
  endpoint?: EndpointRules
}

export class SpeechInput {
  readonly #language: Language
  readonly #endpoint: EndpointRules
  readonly #events: SpeechInputEvents
  readonly #gates: CallerGates
  #transcriber: Transcriber | null = null
  #waiting: Uint8Array[] = []
  #piece: Uint8Array[] = []
  /** the turn at hand has begun */
  #stirred = false
  #startMs: number | null = null
  /** until then, or until the transcriber settles, its words belong to a greeting that is no turn */
  #ignoreUntilMs = 0
  #finals: { text: string; confidence: number | null }[] = []
  #interim = ''
  /** the last words of this transcriber that were final; its times begin anew with the next one */
  #lastFinal: Extract<Heard, { type: 'words' }> | null = null
  #wordsAtMs: number | null = null
  #askedAtMs: number | null = null
  #settledAtMs: number | null = null
  #expected: Expected = { type: 'anything' }

  constructor(
    { language, detector, startMs, endpoint = ENDPOINT_RULES }: SpeechInputOptions,
    events: SpeechInputEvents,
  ) {
    this.#language = language
    this.#endpoint = endpoint
    this.#events = events
    this.#gates = new CallerGates(detector, startMs, {
      ...events,
      spoke: (strict, sinceMs) => {
        if (!strict) this.#opened(sinceMs)
        events.spoke(strict, sinceMs)
      },
    })
  }

  /** The transcriber first gets the sound that has waited for it. */
  listenWith(transcriber: Transcriber): void {
    this.#transcriber = transcriber
    this.#lastFinal = null
    if (this.#stirred) transcriber.began(0)
    for (const piece of this.#waiting.splice(0)) transcriber.send(piece)
    if (this.#askedAtMs !== null && this.#settledAtMs === null) transcriber.settle()
  }

  expect(expected: Expected): void {
    this.#expected = expected
  }

  /** We speak again: only a new sound may interrupt us now. */
  rearm(): void {
    this.#gates.rearm()
  }

  get text(): string {
    return [...this.#finals.map(one => one.text), this.#interim].filter(text => text !== '').join(' ')
  }

  /** One frame as the carrier sends it. Throws `RangeError` unless it is base64 of at most 256 bytes. */
  receive(payload: string, nowMs: number): void {
    const bytes = this.#gates.receive(payload, nowMs)
    if (this.#gates.speaks && this.#askedAtMs !== null) this.#unask()
    this.#piece.push(bytes)
    if (this.#piece.length >= PIECE_FRAMES) this.#passOn()
    const { quietSinceMs: quiet, clockMs } = this.#gates
    if (this.#stirred && quiet !== null && this.#askedAtMs === null && clockMs - quiet >= SETTLE_AFTER_MS)
      this.#askForWords(nowMs)
  }

  #opened(sinceMs: number): void {
    this.#stirred = true
    this.#startMs ??= sinceMs
    this.#unask()
    this.#transcriber?.began(this.#gates.clockMs - sinceMs)
  }

  /** The caller goes on, so the words that were asked for are not all. */
  #unask(): void {
    this.#askedAtMs = null
    this.#settledAtMs = null
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

  /** The sound so far was a greeting and no turn; words of it that are still on their way are ignored. */
  forgetGreeting(nowMs: number): void {
    this.#clean()
    this.#stirred = false
    this.#passOn()
    this.#ignoreUntilMs = nowMs + SETTLE_WAIT_MS
    this.#transcriber?.settle()
  }

  /** The next turn begins. */
  #forget(): void {
    this.#stirred = this.#gates.speaks
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

  /** Takes an event of the transcriber. */
  transcribed(event: Heard, nowMs: number): void {
    if (nowMs < this.#ignoreUntilMs && (event.type === 'words' || event.type === 'settled')) {
      if (event.type === 'settled') this.#ignoreUntilMs = 0
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

  #words(heard: Extract<Heard, { type: 'words' }>, nowMs: number): void {
    const event = hasWords(heard.text) ? heard : { ...heard, text: '' }
    if (event.final && this.#isRepeat(event)) return
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

  /** Services send a final transcript again, also after the turn that it belongs to: the same words over the same time. */
  #isRepeat(event: Extract<Heard, { type: 'words' }>): boolean {
    const last = this.#lastFinal
    if (event.text === '') return false
    this.#lastFinal = event
    return last !== null && last.text === event.text && event.startMs < last.endMs && last.startMs < event.endMs
  }

  /** The time at which `tick` has something to do; null: not by itself. */
  nextMs(): number | null {
    const end = this.#endMs()
    if (end === null) return null
    if (this.#settledAtMs !== null || this.#askedAtMs === null) return end
    // A turn waits for its last words, but not endlessly.
    return Math.max(end, this.#askedAtMs + (this.#onlyBegun() ? BEGINNING_WAIT_MS : SETTLE_WAIT_MS))
  }

  /** The transcriber has confirmed nothing of this turn, and what it guesses has no end. */
  #onlyBegun(): boolean {
    if (this.#finals.length > 0) return false
    const { text } = this
    return completenessOf({ text, language: this.#language, expected: this.#expected }) !== 'whole'
  }

  tick(nowMs: number): void {
    const next = this.nextMs()
    if (next === null || nowMs < next) return
    // Other people's voices kept the gate open, so the words have not been asked for yet.
    if (this.#askedAtMs === null) this.#askForWords(nowMs)
    else this.#finish(nowMs)
  }

  #endMs(): number | null {
    if (!this.#stirred) return null
    const turn = {
      language: this.#language,
      expected: this.#expected,
      text: this.text,
      wordsAtMs: this.#wordsAtMs,
      quietSinceMs: this.#gates.quietSinceMs,
    }
    return endOfTurnMs(turn, this.#endpoint)
  }

  #finish(nowMs: number): void {
    const { text } = this
    const confidences = this.#finals.map(one => one.confidence).filter(one => one !== null)
    const turn: CallerTurn = {
      text,
      confidence: confidences.length === 0 ? null : confidences.reduce((sum, one) => sum + one, 0) / confidences.length,
      startMs: this.#startMs ?? nowMs,
      quietSinceMs: this.#gates.quietSinceMs ?? nowMs,
      transcriptionMs: this.#askedAtMs === null ? 0 : (this.#settledAtMs ?? nowMs) - this.#askedAtMs,
      settled: this.#settledAtMs !== null,
      completeness: completenessOf({ text, language: this.#language, expected: this.#expected }),
    }
    this.#forget()
    this.#events.finished(turn)
  }

  close(): void {
    this.#gates.close()
    this.#transcriber?.close()
    this.#transcriber = null
  }
}

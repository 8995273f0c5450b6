/** A line in virtual time: a caller who speaks when told, a carrier that plays what it gets, providers that answer at once. */
import { TURN_RULES, type TurnRules } from '../../../core/turn/state.ts'
import type { Language, LanguagePart, LanguageRequest } from '../../../providers/language/port.ts'
import type { Heard } from '../../../providers/transcription/port.ts'
import { base64FromBytes } from '../../base64.ts'
import type { Outgoing } from '../../speech/playout.ts'
import { VoiceSession } from '../session.ts'
import type { SessionEvent } from '../session-events.ts'
import type { SessionParts } from '../session-parts.ts'
import { SILENT_SPEAKER } from '../words-only.ts'

const LOUD = base64FromBytes(new Uint8Array(160).fill(0x10))
const QUIET = base64FromBytes(new Uint8Array(160).fill(0xff))
const MS_PER_CHARACTER = 60
const FRAME_MS = 20

export type Answer = LanguagePart[] | ((request: LanguageRequest) => AsyncIterable<LanguagePart>)

export interface RoomOptions {
  opening?: string
  rules?: Partial<TurnRules>
  answers?: Answer[]
  tool?: SessionParts['runTool']
  costMicrosMax?: number
  answering?: { voicemail: string }
  neverSay?: string[]
  /** what the voice does instead of speaking */
  voice?: (text: string) => AsyncIterable<Uint8Array>
  /** the carrier itself speaks: only words cross */
  wordsOnly?: boolean
}

export function text(words: string): LanguagePart[] {
  return [
    { type: 'text', text: words },
    { type: 'end', reason: 'stop', tokensIn: 1, tokensOut: 1 },
  ]
}

export class QuietRoom {
  readonly events: SessionEvent[] = []
  readonly sent: Outgoing[] = []
  readonly asked: LanguageRequest[] = []
  readonly said: SessionParts['said'] = []
  readonly session: VoiceSession
  nowMs = 1_000_000
  hungUp = false
  lastWords = false
  /** silence of our line in a row, while it is the line's turn to say something */
  #wakeMs: number | null = null
  #playedUntilMs = 0
  #marks: { name: string; atMs: number }[] = []
  #hear: (event: Heard) => void = () => {}
  #words = ''
  readonly #wordsOnly: boolean
  #sentMs = 0

  constructor(options: RoomOptions) {
    this.#wordsOnly = options.wordsOnly ?? false
    const answers = [...(options.answers ?? [])]
    const language: Language = {
      provider: 'room',
      model: 'room',
      reply: request => {
        this.asked.push({ ...request, said: [...request.said] })
        const answer = answers.shift() ?? text('Fine.')
        return typeof answer === 'function' ? answer(request) : each(answer)
      },
    }
    const speak = options.voice ?? (words => each([new Uint8Array(8 * MS_PER_CHARACTER * words.length).fill(0x20)]))
    this.session = new VoiceSession({
      now: () => this.nowMs,
      wakeAt: atMs => {
        this.#wakeMs = atMs
      },
      line: {
        hear: () => 0,
        hearBytes: bytes => (bytes[0] === 0x10 ? 0.9 : 0.02),
        close() {},
        [Symbol.dispose]() {},
      },
      transcription: {
        provider: 'room',
        open: async (_options, heard) => {
          this.#hear = heard
          return { provider: 'room', send() {}, began() {}, settle: () => this.#settle(), close() {} }
        },
      },
      language,
      speaker: this.#wordsOnly ? SILENT_SPEAKER : { provider: 'room', say: speak, close() {} },
      agent: {
        prompt: 'You are the receptionist.',
        opening: options.opening ?? '',
        language: 'en-US',
        hints: [],
        rules: { ...TURN_RULES, ...options.rules },
        phrases: {},
        confidential: { terms: options.neverSay ?? [], lines: [] },
        answering: options.answering ?? null,
      },
      tools: [],
      said: this.said,
      costMicrosMax: options.costMicrosMax ?? 5_000_000,
      signal: new AbortController().signal,
      send: message => this.#carry(message),
      tell: event => this.events.push(event),
      runTool: options.tool ?? (async () => 'done'),
      hangUp: () => {
        this.hungUp = true
      },
      closed() {},
      lastWords: () => {
        this.lastWords = true
      },
    })
  }

  /** The caller says this, as long as it takes, and falls silent. */
  async says(words: string, ms = words.length * MS_PER_CHARACTER): Promise<void> {
    this.#words = words
    await this.pass(ms, true)
  }

  /** Words come while the caller speaks on. */
  interim(words: string): void {
    this.#hear({ type: 'words', text: words, final: false, confidence: null, startMs: 0, endMs: 1 })
  }

  async pass(ms: number, loud = false): Promise<void> {
    for (let passed = 0; passed < ms; passed += FRAME_MS) {
      this.nowMs += FRAME_MS
      this.session.frame(loud ? LOUD : QUIET)
      for (const mark of this.#marks.filter(one => one.atMs <= this.nowMs)) this.#giveBack(mark.name)
      if (this.#wakeMs !== null && this.#wakeMs <= this.nowMs) this.session.tick()
      await new Promise<void>(resolve => setImmediate(resolve))
    }
  }

  /** Passes until it is so; throws after `limitMs`. */
  async until(condition: () => boolean, limitMs = 60_000): Promise<void> {
    for (let passed = 0; !condition(); passed += FRAME_MS) {
      if (passed > limitMs) throw new Error(`not within ${limitMs} ms`)
      await this.pass(FRAME_MS)
    }
  }

  get sounding(): boolean {
    return this.#playedUntilMs > this.nowMs
  }
  /** sound that went to the carrier, in ms */
  get sentMs(): number {
    return this.#sentMs
  }
  of<T extends SessionEvent['type']>(type: T): Extract<SessionEvent, { type: T }>[] {
    return this.events.filter(event => event.type === type) as Extract<SessionEvent, { type: T }>[]
  }

  #settle(): void {
    const words = this.#words
    this.#words = ''
    queueMicrotask(() => {
      this.#hear({ type: 'words', text: words, final: true, confidence: 0.9, startMs: 0, endMs: 1 })
      this.#hear({ type: 'settled' })
    })
  }

  #carry(message: Outgoing): void {
    this.sent.push(message)
    if (message.type === 'audio') {
      const ms = message.mulaw.length / 8
      this.#sentMs += ms
      this.#playedUntilMs = Math.max(this.#playedUntilMs, this.nowMs) + ms
    } else if (message.type === 'mark') {
      if (this.#wordsOnly)
        this.#playedUntilMs = Math.max(this.#playedUntilMs, this.nowMs) + message.text.length * MS_PER_CHARACTER
      this.#marks.push({ name: message.name, atMs: this.#playedUntilMs })
    } else {
      this.#playedUntilMs = this.nowMs
      for (const mark of [...this.#marks]) this.#giveBack(mark.name)
    }
  }

  #giveBack(name: string): void {
    this.#marks = this.#marks.filter(one => one.name !== name)
    this.session.marked(name)
  }
}

async function* each<T>(items: T[]): AsyncIterable<T> {
  for (const item of items) yield item
}

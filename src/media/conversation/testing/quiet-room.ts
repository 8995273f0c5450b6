/** A conversation of the pipeline driver in virtual time: the caller speaks when told, and the providers answer at once. */
import { TURN_RULES, type TurnRules } from '../../../core/turn/state.ts'
import type { Language, LanguagePart, LanguageRequest } from '../../../providers/language/port.ts'
import type { Heard } from '../../../providers/transcription/port.ts'
import type { ConversationParts } from '../conversation-parts.ts'
import type { ConversationLoop } from '../loop.ts'
import { pipelineConversation } from '../pipeline/driver.ts'
import { SILENT_SPEAKER } from '../pipeline/words-only.ts'
import { MS_PER_CHARACTER, VirtualStream } from './virtual-stream.ts'

export type Answer = LanguagePart[] | ((request: LanguageRequest) => AsyncIterable<LanguagePart>)

export interface RoomOptions {
  opening?: string
  rules?: Partial<TurnRules>
  turnSilenceMs?: number
  answers?: Answer[]
  tool?: ConversationParts['runTool']
  costMicrosMax?: number
  answering?: { voicemail: string }
  neverSay?: string[]
  /** BCP-47; English without it */
  language?: string
  /** replaces the speaker's voice */
  voice?: (text: string) => AsyncIterable<Uint8Array>
  /** the carrier speaks by itself, and only words are exchanged */
  wordsOnly?: boolean
}

export function text(words: string): LanguagePart[] {
  return [
    { type: 'text', text: words },
    { type: 'end', reason: 'stop', tokensIn: 1, tokensOut: 1 },
  ]
}

export class QuietRoom extends VirtualStream {
  readonly asked: LanguageRequest[] = []
  readonly said: ConversationParts['said'] = []
  readonly loop: ConversationLoop
  lastWords = false
  #tell: (event: Heard) => void = () => {}
  #words = ''

  constructor(options: RoomOptions) {
    super()
    this.speaksItself = options.wordsOnly ?? false
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
    this.loop = pipelineConversation({
      ...this.parts,
      transcription: {
        provider: 'room',
        open: async (_options, tell) => {
          this.#tell = tell
          return { provider: 'room', send() {}, began() {}, settle: () => this.#settle(), close() {} }
        },
      },
      language,
      speaker: this.speaksItself ? SILENT_SPEAKER : { provider: 'room', say: speak, close() {} },
      agent: {
        prompt: 'You are the receptionist.',
        opening: options.opening ?? '',
        language: options.language ?? 'en-US',
        hints: [],
        rules: { ...TURN_RULES, ...options.rules },
        turnSilenceMs: options.turnSilenceMs ?? null,
        phrases: {},
        confidential: { terms: options.neverSay ?? [], lines: [] },
        answering: options.answering ?? null,
      },
      tools: [],
      said: this.said,
      costMicrosMax: options.costMicrosMax ?? 5_000_000,
      runTool: options.tool ?? (async () => 'done'),
      lastWords: () => {
        this.lastWords = true
      },
    })
  }

  /** The caller says these words for this long and falls silent. */
  async says(words: string, ms = words.length * MS_PER_CHARACTER): Promise<void> {
    this.#words = words
    await this.pass(ms, true)
  }

  /** The transcriber reports words while the caller speaks on. */
  interim(words: string): void {
    this.#tell({ type: 'words', text: words, final: false, confidence: null, startMs: 0, endMs: 1 })
  }

  /** The transcriber reports final words of this stretch of time. */
  final(text: string, startMs: number, endMs: number): void {
    this.#tell({ type: 'words', text, final: true, confidence: 0.9, startMs, endMs })
  }

  #settle(): void {
    const words = this.#words
    this.#words = ''
    queueMicrotask(() => {
      this.#tell({ type: 'words', text: words, final: true, confidence: 0.9, startMs: 0, endMs: 1 })
      this.#tell({ type: 'settled' })
    })
  }
}

async function* each<T>(items: T[]): AsyncIterable<T> {
  for (const item of items) yield item
}

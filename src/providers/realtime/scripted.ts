/** A realtime model for tests, benches and simulation: it gives the answers of a script at once, one after another. */
import { ProviderFailure } from '../failure.ts'
import type { Realtime, RealtimeEvent, RealtimeOptions, RealtimeSession } from './port.ts'

/** Length of the sound of one letter, about as people speak. */
const MS_PER_CHARACTER = 60
const BYTES_PER_MS = 8

export type ScriptedAnswer =
  | { say: string }
  /** speaks `say`, if there is one, and calls a tool */
  | { tool: string; input: unknown; say?: string }
  | { fail: true }
  /** ends without a word, by a filter or by the limit of its length */
  | { emptied: true }
  /** no event comes */
  | { silence: true }
  /** speaks these words, and no event follows, not even the end; `wordsOnly`: without sound */
  | { breaksOff: string; wordsOnly?: true; whole?: true }

export interface ScriptedRealtimeOptions {
  /** the answers in order; after them every answer is "Fine." */
  answers?: ScriptedAnswer[]
  /** the caller's words, one text for each answer that was asked for after speech */
  heard?: string[]
  /** the failures of the first calls of `open`, in order; later calls succeed */
  refusals?: (ProviderFailure | Promise<never>)[]
  /** the answers to `say`, in order; after them it says the words that it is given */
  dictated?: ScriptedAnswer[]
}

/** `log` has the calls of the session in order, without `send`. */
export class ScriptedRealtime implements Realtime {
  readonly provider = 'scripted'
  readonly model = 'scripted'
  readonly log: string[] = []
  /** the options of the last session */
  opened: RealtimeOptions | null = null
  opens = 0
  readonly #answers: ScriptedAnswer[]
  readonly #heard: string[]
  readonly #refusals: (ProviderFailure | Promise<never>)[]
  readonly #dictated: ScriptedAnswer[]
  #tell: (event: RealtimeEvent) => void = () => {}
  #count = 0
  /** sound of the caller since the last answer, in bytes */
  sound = 0

  constructor({ answers = [], heard = [], refusals = [], dictated = [] }: ScriptedRealtimeOptions = {}) {
    this.#answers = [...answers]
    this.#heard = [...heard]
    this.#refusals = [...refusals]
    this.#dictated = [...dictated]
  }

  async open(options: RealtimeOptions, tell: (event: RealtimeEvent) => void): Promise<RealtimeSession> {
    this.opens += 1
    const refusal = this.#refusals.shift()
    if (refusal !== undefined) throw await refusal
    this.opened = options
    this.#tell = tell
    const { log } = this
    return {
      provider: this.provider,
      configure: changed => {
        this.opened = changed
        log.push('configure')
      },
      send: mulaw => {
        this.sound += mulaw.length
      },
      answer: () => {
        log.push('answer')
        if (this.sound > 0) tell({ type: 'caller-words', text: this.#heard.shift() ?? '', final: true })
        this.sound = 0
        this.#give(this.#answers.shift() ?? { say: 'Fine.' })
      },
      say: text => {
        log.push(`say ${text}`)
        this.#give(this.#dictated.shift() ?? { say: text })
      },
      typed: text => void log.push(`typed ${text}`),
      toolResult: (_toolId, result) => {
        log.push(`result ${JSON.stringify(result)}`)
        this.#give(this.#answers.shift() ?? { say: 'Fine.' })
      },
      interrupt: (itemId, heardMs) => void log.push(`interrupt ${itemId} ${Math.round(heardMs)}`),
      whisper: text => void log.push(`whisper ${text}`),
      close: () => void log.push('close'),
    }
  }

  /** Breaks the connection. */
  break(): void {
    this.#tell({ type: 'failed', failure: new ProviderFailure(this.provider, 'unavailable', 'cut') })
  }

  #give(answer: ScriptedAnswer): void {
    if ('silence' in answer) return
    this.#count += 1
    const itemId = `item_${this.#count}`
    if ('breaksOff' in answer) return this.#breakOff(itemId, answer)
    if ('say' in answer && answer.say) this.#speak(itemId, answer.say)
    if ('tool' in answer)
      this.#tell({ type: 'tool', toolId: `call_${this.#count}`, name: answer.tool, input: answer.input })
    const ended = 'emptied' in answer ? 'length' : 'stop'
    const reason = 'fail' in answer ? 'failed' : 'tool' in answer ? 'tools' : ended
    this.#tell({ type: 'answer-ended', reason, tokensIn: 10, tokensOut: 20 })
  }

  #breakOff(itemId: string, { breaksOff, wordsOnly, whole }: Extract<ScriptedAnswer, { breaksOff: string }>): void {
    if (wordsOnly) return this.#tell({ type: 'agent-words', itemId, text: breaksOff, final: false })
    this.#speak(itemId, breaksOff, whole ?? false)
  }

  /** Sends the words first, then all of their sound, far faster than it is played. */
  #speak(itemId: string, text: string, whole = true): void {
    this.#tell({ type: 'agent-words', itemId, text, final: false })
    for (const letters of text.match(/.{1,10}/gs) ?? [])
      this.#tell({
        type: 'sound',
        itemId,
        mulaw: new Uint8Array(letters.length * MS_PER_CHARACTER * BYTES_PER_MS).fill(0x20),
      })
    if (whole) this.#tell({ type: 'agent-words', itemId, text, final: true })
  }
}

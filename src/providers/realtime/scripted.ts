/** A twin for tests, benches and simulation: it answers at once what a script has for each answer, one after another. */
import { ProviderFailure } from '../failure.ts'
import type { Realtime, RealtimeEvent, RealtimeOptions, RealtimeSession } from './port.ts'

/** Sound per letter, as people speak. */
const MS_PER_CHARACTER = 60
const BYTES_PER_MS = 8

export type ScriptedAnswer =
  | { say: string }
  /** says this (or nothing), and calls a tool */
  | { tool: string; input: unknown; say?: string }
  | { fail: true }
  /** nothing comes */
  | { silence: true }
  /** says this, and then nothing more comes, not even the end; `wordsOnly`: without sound */
  | { breaksOff: string; wordsOnly?: true; whole?: true }

export interface ScriptedRealtimeOptions {
  /** what it answers, in order; then "Fine." */
  answers?: ScriptedAnswer[]
  /** words of the caller, one for each answer that was asked for after speech */
  heard?: string[]
  /** what `open` meets, in order; after that all is well */
  refusals?: (ProviderFailure | Promise<never>)[]
  /** what it does instead of saying what it is told to, in order; then it says that */
  dictated?: ScriptedAnswer[]
}

/** Also tells what it was asked: `log` has the calls in order. */
export class ScriptedRealtime implements Realtime {
  readonly provider = 'scripted'
  readonly model = 'scripted'
  readonly log: string[] = []
  /** what the last one that was opened is to be */
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

  /** The connection breaks. */
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
    const reason = 'fail' in answer ? 'failed' : 'tool' in answer ? 'tools' : 'stop'
    this.#tell({ type: 'answer-ended', reason, tokensIn: 10, tokensOut: 20 })
  }

  #breakOff(itemId: string, { breaksOff, wordsOnly, whole }: Extract<ScriptedAnswer, { breaksOff: string }>): void {
    if (wordsOnly) return this.#tell({ type: 'agent-words', itemId, text: breaksOff, final: false })
    this.#speak(itemId, breaksOff, whole ?? false)
  }

  /** The words first, then all of their sound: far faster than it is heard. */
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

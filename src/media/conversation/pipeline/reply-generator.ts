/** Asks the model for replies, one at a time, and runs the tools that it calls. */
import { createDiscretion } from '../../../core/agent/discretion.ts'
import type { LanguageRequest, Said } from '../../../providers/language/port.ts'
import type { Language as Tongue } from '../../turn/words.ts'
import { PHRASES } from '../phrases.ts'
import type { Stopwatch } from '../stopwatch.ts'
import type { ToolCall } from '../tool-call.ts'
import type { PipelineParts } from './driver.ts'
import { makeReply, remembered } from './reply.ts'
import type { SpeechOutput } from './speech-output.ts'

/** About as much as people listen to on a phone. */
const TOKENS_MAX = 600

type ReplyParts = Pick<PipelineParts, 'language' | 'agent' | 'said' | 'tools' | 'now' | 'tell' | 'runTool'>
type SpokenSoFar = Pick<SpeechOutput, 'turnId' | 'planned' | 'silent'>

export interface ReplyGeneratorEvents {
  sentence(turnId: number, text: string): void
  toolCalled(turnId: number, toolId: string): void
  toolEnded(turnId: number, toolId: string): void
  usage(tokensIn: number, tokensOut: number): void
  completed(turnId: number): void
  failed(turnId: number, error: unknown): void
}

export class ReplyGenerator {
  readonly #parts: ReplyParts
  readonly #tongue: Tongue
  readonly #output: SpokenSoFar
  readonly #stopwatch: Stopwatch
  readonly #events: ReplyGeneratorEvents
  /** the tools of the reply at hand, and what was said before them */
  #steps: Said[] = []
  #asking: AbortController | null = null

  constructor(
    parts: ReplyParts,
    tongue: Tongue,
    output: SpokenSoFar,
    stopwatch: Stopwatch,
    events: ReplyGeneratorEvents,
  ) {
    this.#parts = parts
    this.#tongue = tongue
    this.#output = output
    this.#stopwatch = stopwatch
    this.#events = events
  }

  /** The reply is over: its tools enter the history even if it was not heard, because what they did has happened. */
  recordTools(): void {
    this.#parts.said.push(...this.#steps.splice(0).filter(one => one.role === 'tool'))
  }

  abort(): void {
    this.#asking?.abort()
  }

  async ask(turnId: number): Promise<void> {
    const asking = new AbortController()
    this.#asking?.abort()
    this.#asking = asking
    const { signal } = asking
    const { now, language } = this.#parts
    const say = this.#sayer(turnId)
    this.#stopwatch.asked(turnId, now())
    try {
      const made = await makeReply(language, () => this.#request(signal), this.#tongue, {
        text: () => this.#stopwatch.textBegan(turnId, now()),
        sentence: say,
        tool: call => this.#tool(turnId, call),
        usage: (tokensIn, tokensOut) => this.#events.usage(tokensIn, tokensOut),
        toolDone: (call, result) => this.#toolDone(turnId, call, result),
      })
      if (signal.aborted) return
      // News from a supervisor may need no answer; a caller who has spoken is owed one.
      const owed = this.#parts.said.at(-1)?.role !== 'supervisor'
      if (made === 'unspoken' && owed) this.#events.sentence(turnId, PHRASES[this.#tongue].noAnswer)
      if (made === 'empty' && owed) this.#events.failed(turnId, new Error('the model said nothing'))
      else this.#events.completed(turnId)
    } catch (error) {
      if (!signal.aborted) this.#events.failed(turnId, error)
    }
  }

  /** Passes sentences on until the first confidential one; then a sentence of ours ends the reply. */
  #sayer(turnId: number): (sentence: string) => void {
    const { agent, tell } = this.#parts
    const discretion = createDiscretion(agent.confidential ?? { terms: [], lines: [] })
    return sentence => {
      const verdict = discretion.judge(sentence)
      if (verdict === 'first') tell({ type: 'withheld', turnId })
      if (verdict === 'said') this.#events.sentence(turnId, sentence)
      else if (verdict === 'first') this.#events.sentence(turnId, PHRASES[this.#tongue].withheld)
    }
  }

  #request(signal: AbortSignal): LanguageRequest {
    const { agent, said, tools } = this.#parts
    return {
      system: agent.prompt,
      said: remembered([...said, ...this.#steps]),
      tools,
      tokensMax: TOKENS_MAX,
      signal,
    }
  }

  async #tool(turnId: number, call: ToolCall): Promise<unknown> {
    const at = this.#parts.now()
    this.#events.toolCalled(turnId, call.toolId)
    const moment = { spoken: this.#output.planned, quiet: () => this.#output.silent }
    const result = await this.#parts.runTool(call, moment)
    const { name, input } = call
    this.#parts.tell({ type: 'tool-used', turnId, name, input, result, tookMs: this.#parts.now() - at })
    return result
  }

  #toolDone(turnId: number, call: ToolCall, result: unknown): void {
    const { toolId, name, input, opaque, together } = call
    const told = this.#steps.flatMap(one => (one.role === 'agent' ? [one.text] : [])).join(' ')
    const spoken = this.#output.turnId === turnId ? this.#output.planned.slice(told.length).trim() : ''
    // Calls of one answer stay together; words between them (a tool's own sentence) belong before the next answer.
    if (spoken !== '' && !together) this.#steps.push({ role: 'agent', text: spoken, interrupted: false })
    this.#steps.push({ role: 'tool', toolId, name, input, result, opaque, together })
    this.#events.toolEnded(turnId, toolId)
  }
}

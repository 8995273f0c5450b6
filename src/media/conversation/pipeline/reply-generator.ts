/** What we think: the conversation as the model is told it, one question at a time, and the tools that it calls. */
import { createDiscretion } from '../../../core/agent/discretion.ts'
import type { LanguageRequest, Said } from '../../../providers/language/port.ts'
import type { Language as Tongue } from '../../turn/words.ts'
import type { SessionParts } from '../conversation-parts.ts'
import { PHRASES } from '../phrases.ts'
import type { Stopwatch } from '../stopwatch.ts'
import { makeReply, remembered, type ToolCall } from './reply.ts'
import type { SpeechOutput } from './speech-output.ts'

/** A reply as long as people listen on a phone. */
const TOKENS_MAX = 600

export interface MindEvents {
  sentence(turnId: number, text: string): void
  toolCalled(turnId: number, toolId: string): void
  toolEnded(turnId: number, toolId: string): void
  usage(tokensIn: number, tokensOut: number): void
  completed(turnId: number): void
  failed(turnId: number, error: unknown): void
}

export class ReplyGenerator {
  readonly #parts: SessionParts
  readonly #tongue: Tongue
  readonly #mouth: SpeechOutput
  readonly #watch: Stopwatch
  readonly #events: MindEvents
  /** tools of the reply at hand, and what was said before them */
  #steps: Said[] = []
  #asking: AbortController | null = null

  constructor(parts: SessionParts, tongue: Tongue, mouth: SpeechOutput, watch: Stopwatch, events: MindEvents) {
    this.#parts = parts
    this.#tongue = tongue
    this.#mouth = mouth
    this.#watch = watch
    this.#events = events
  }

  callerSaid(text: string): void {
    this.#parts.said.push({ role: 'caller', text })
  }

  /** The reply is over; `heard` is what the model is told that it said. What a tool did has happened in any case. */
  agentSaid(heard: string, interrupted: boolean): void {
    const { said } = this.#parts
    said.push(...this.#steps.splice(0).filter(one => one.role === 'tool'))
    if (heard !== '') said.push({ role: 'agent', text: heard, interrupted })
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
    this.#watch.asked(turnId, now())
    try {
      const made = await makeReply(language, () => this.#request(signal), this.#tongue, {
        text: () => this.#watch.textBegan(turnId, now()),
        sentence: say,
        tool: call => this.#tool(turnId, call),
        usage: (tokensIn, tokensOut) => this.#events.usage(tokensIn, tokensOut),
        toolDone: (call, result) => this.#toolDone(turnId, call, result),
      })
      if (signal.aborted) return
      // A word of a supervisor may need no answer; a caller who has spoken is owed one.
      const owed = this.#parts.said.at(-1)?.role !== 'supervisor'
      if (made === 'empty' && owed) this.#events.failed(turnId, new Error('the model said nothing'))
      else this.#events.completed(turnId)
    } catch (error) {
      if (!signal.aborted) this.#events.failed(turnId, error)
    }
  }

  /** Says what may be said; at the first sentence that may not, the reply ends in our own words. */
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
    const moment = { spoken: this.#mouth.planned, quiet: () => this.#mouth.silent }
    const result = await this.#parts.runTool(call, moment)
    const { name, input } = call
    this.#parts.tell({ type: 'tool-used', turnId, name, input, result, tookMs: this.#parts.now() - at })
    return result
  }

  #toolDone(turnId: number, call: ToolCall, result: unknown): void {
    const { toolId, name, input, opaque, together } = call
    const told = this.#steps.flatMap(one => (one.role === 'agent' ? [one.text] : [])).join(' ')
    const spoken = this.#mouth.turnId === turnId ? this.#mouth.planned.slice(told.length).trim() : ''
    // Words in between (a tool's own) come before the next answer: calls of one answer stay together.
    if (spoken !== '' && !together) this.#steps.push({ role: 'agent', text: spoken, interrupted: false })
    this.#steps.push({ role: 'tool', toolId, name, input, result, opaque, together })
    this.#events.toolEnded(turnId, toolId)
  }
}

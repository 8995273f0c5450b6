/** Tools that a sound-to-sound model calls: one after another, each with its result for the model and for the minutes. */

import { TOOL_STEPS_MAX, type ToolCall } from '../pipeline/reply.ts'
import type { RealtimeLine, RealtimeParts } from './connection.ts'
import type { SpokenReply } from './spoken-reply.ts'

export interface RealtimeToolEvents {
  called(turnId: number, toolId: string): void
  ended(turnId: number, toolId: string): void
  /** it calls tools for ever */
  tooMany(turnId: number): void
}

export class RealtimeTools {
  readonly #parts: RealtimeParts
  readonly #line: RealtimeLine
  readonly #reply: SpokenReply
  readonly #events: RealtimeToolEvents
  #queue: Promise<void> = Promise.resolve()
  #turn = { turnId: 0, calls: 0 }
  /** a tool is running */
  #running = false
  #dictated = ''

  constructor(parts: RealtimeParts, line: RealtimeLine, reply: SpokenReply, events: RealtimeToolEvents) {
    this.#parts = parts
    this.#line = line
    this.#reply = reply
    this.#events = events
  }

  /** Some tool was called in this turn: silence after it is an answer. */
  usedIn(turnId: number | null): boolean {
    return this.#turn.turnId === turnId && this.#turn.calls > 0
  }

  /** A sentence that the tool at hand wants said. False: none runs. */
  dictate(sentence: string): boolean {
    if (this.#running) this.#dictated = sentence
    return this.#running
  }

  call(turnId: number, call: ToolCall): void {
    const calls = this.#turn.turnId === turnId ? this.#turn.calls + 1 : 1
    this.#turn = { turnId, calls }
    if (calls > TOOL_STEPS_MAX) {
      this.#line.session?.toolResult(call.toolId, { error: 'Too many tools for one answer.' })
      return this.#events.tooMany(turnId)
    }
    this.#queue = this.#queue.then(() => this.#run(turnId, call))
  }

  async #run(turnId: number, call: ToolCall): Promise<void> {
    const { now, runTool, said, tell } = this.#parts
    const { toolId, name, input } = call
    const at = now()
    this.#running = true
    this.#events.called(turnId, toolId)
    const result = await runTool(call, { spoken: this.#reply.planned, quiet: () => this.#reply.silent })
    this.#running = false
    tell({ type: 'tool-used', turnId, name, input, result, tookMs: now() - at })
    said.push({ role: 'tool', toolId, name, input, result })
    const words = this.#dictated
    this.#dictated = ''
    const answer = words === '' ? result : { result: `Say exactly this, word for word, and nothing else: ${words}` }
    // With its result the model goes on at once.
    this.#events.ended(turnId, toolId)
    this.#line.session?.toolResult(toolId, answer)
  }
}

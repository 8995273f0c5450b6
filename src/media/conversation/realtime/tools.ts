/** Runs the tools that a realtime model calls, one after another, and returns each result to the model and to the history. */

import { TOOL_STEPS_MAX, type ToolCall } from '../tool-call.ts'
import type { RealtimeConnection, RealtimeParts } from './connection.ts'
import type { SpokenReply } from './spoken-reply.ts'

export interface RealtimeToolEvents {
  called(turnId: number, toolId: string): void
  ended(turnId: number, toolId: string): void
  /** the model calls tools endlessly */
  tooMany(turnId: number): void
}

export class RealtimeTools {
  readonly #parts: RealtimeParts
  readonly #connection: RealtimeConnection
  readonly #reply: SpokenReply
  readonly #events: RealtimeToolEvents
  #queue: Promise<void> = Promise.resolve()
  #turn = { turnId: 0, calls: 0 }
  #running = false
  #dictated = ''

  constructor(parts: RealtimeParts, connection: RealtimeConnection, reply: SpokenReply, events: RealtimeToolEvents) {
    this.#parts = parts
    this.#connection = connection
    this.#reply = reply
    this.#events = events
  }

  /** A tool was called in this turn, so silence after it is an answer. */
  usedIn(turnId: number | null): boolean {
    return this.#turn.turnId === turnId && this.#turn.calls > 0
  }

  /** Lets the model say a sentence for the tool that is running. False: no tool is running. */
  dictate(sentence: string): boolean {
    if (this.#running) this.#dictated = sentence
    return this.#running
  }

  call(turnId: number, call: ToolCall): void {
    const calls = this.#turn.turnId === turnId ? this.#turn.calls + 1 : 1
    this.#turn = { turnId, calls }
    if (calls > TOOL_STEPS_MAX) {
      this.#connection.session?.toolResult(call.toolId, { error: 'Too many tools for one answer.' })
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
    // The model goes on as soon as it has the result, so the turn machine must know of the end first.
    this.#events.ended(turnId, toolId)
    this.#connection.session?.toolResult(toolId, answer)
  }
}

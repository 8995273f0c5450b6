/** Performs tools in a rehearsal: they answer as the scenario says, or as in a call, and change nothing outside the conversation. */
import type { AiAgentBody } from '../../wire/ai-agent.ts'
import { DONE, destination, type ToolExecutor, type ToolInputs, type ToolUse } from '../call/voice/tool-executor.ts'

export interface RehearsedActions {
  leaveAfterReply(): void
  stayAfterReply(): void
  say(sentence: string): void
  remember(name: string, value: string): void
  /** A colleague, or another number, takes over the call. */
  handOver(to: 'desk' | 'number', summary: string): void
}

export class RehearsedTools implements ToolExecutor {
  readonly #body: AiAgentBody
  readonly #answers: Record<string, unknown>
  readonly #actions: RehearsedActions
  #handedOver = false

  /** `answers`: what tools answer, by their names. */
  constructor(body: AiAgentBody, answers: Record<string, unknown>, actions: RehearsedActions) {
    this.#body = body
    this.#answers = answers
    this.#actions = actions
  }

  transferPending(): boolean {
    return this.#handedOver
  }

  async callHttp({ name }: { name: string }): Promise<unknown> {
    return Object.hasOwn(this.#answers, name) ? this.#answers[name] : { result: 'ok' }
  }

  async perform(use: ToolUse): Promise<unknown> {
    const answered = Object.hasOwn(this.#answers, use.name)
    const answer = this.#answers[use.name]
    // A tool that fails by the scenario must not act.
    if (answered && isError(answer)) return answer
    const done = this.#act(use)
    return answered ? answer : done
  }

  #act({ name, input }: ToolUse): unknown {
    switch (name) {
      case 'transfer_call':
        return this.#transfer(input)
      case 'end_call':
        this.#actions.leaveAfterReply()
        return DONE.ends
      case 'send_dtmf':
        return DONE.pressed
      case 'leave_voicemail':
        this.#actions.say(input.message)
        this.#actions.leaveAfterReply()
        return DONE.leaves
      case 'opt_out':
        return DONE.optedOut
      case 'book_callback':
        return DONE.noted(input.when)
      case 'lookup_contact':
        return DONE.nobodyKnown
      case 'set_variable':
        this.#actions.remember(input.name, input.value)
        return DONE.remembered
    }
  }

  #transfer({ dest, summary }: ToolInputs['transfer_call']): unknown {
    const entry = destination(this.#body, dest)
    if ('error' in entry) return entry
    this.#handedOver = true
    this.#actions.stayAfterReply()
    this.#actions.handOver(entry.kind, summary)
    return entry.kind === 'number' ? DONE.connects : DONE.rings
  }
}

function isError(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'error' in answer
}

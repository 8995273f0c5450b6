/**
 * The tools of an AI agent. The model's arguments are parsed and the policy is asked; only then a `ToolExecutor` performs the tool,
 * on a call or in a rehearsal. The result for the model is data, not prose of ours.
 */
import { mayBeSaid } from '../../../core/agent/discretion.ts'
import { refusalOfTool } from '../../../core/agent/policy.ts'
import type { ToolCall } from '../../../media/conversation/tool-call.ts'
import type { AiAgentBody, ToolName } from '../../../wire/ai-agent.ts'
import { toolInputs } from '../../../wire/ai-tools.ts'
import { readForm } from '../../../wire/read-form.ts'
import { confidentialOf } from './agent-of-call.ts'

/** Arguments as they are after parsing. */
export type ToolInputs = { [Name in ToolName]: ReturnType<(typeof toolInputs)[Name]['parse']> }
/** A tool with its arguments. */
export type ToolUse = { [Name in ToolName]: { name: Name; input: ToolInputs[Name] } }[ToolName]
type HttpTool = AiAgentBody['httpTools'][number]
type DirectoryEntry = AiAgentBody['directory'][number]

/** Performs tools. The results go to the model. */
export interface ToolExecutor {
  /** a colleague is being asked to take the call right now */
  transferPending(): boolean
  /** Throws if the tool did not work. */
  perform(use: ToolUse): Promise<unknown>
  callHttp(tool: HttpTool, input: unknown): Promise<unknown>
}

/** The results of tools that worked, the same on a call and in a rehearsal. */
export const DONE = {
  ends: { result: 'The call ends after your next words.' },
  pressed: { result: 'pressed' },
  leaves: { result: 'The message is being said, then the call ends. Say nothing more.' },
  optedOut: { result: 'This number will not be called again.' },
  withheld: {
    error:
      'This caller shows no number, so there is nothing to list. Say so, ask for their number, and use opt_out again with it as phone.',
  },
  notHeard: { error: 'That is not a phone number. Ask the caller for it again, digit by digit.' },
  nowhereToCall: { error: 'This caller shows no number. Ask for it, and use book_callback again with it in the note.' },
  noted: (when: string) => ({ result: 'noted', when }),
  remembered: { result: 'remembered' },
  connects: { result: 'success', status: 'The caller is being connected.' },
  rings: { result: 'success', status: 'It rings. You are told when somebody has answered or nobody has.' },
  nobodyKnown: { result: 'unknown' },
} as const

/** The target of a transfer, by the name that the model knows; or an error for the model. */
export function destination(body: AiAgentBody, dest: string): DirectoryEntry | { error: string } {
  const wanted = dest.toLowerCase()
  const names = body.directory.map(one => one.name).join(', ')
  return (
    body.directory.find(one => one.name.toLowerCase() === wanted) ?? {
      error: `Nobody is called "${dest}". You may transfer to: ${names}.`,
    }
  )
}

export class Tools {
  readonly #body: AiAgentBody
  readonly #executor: ToolExecutor
  readonly #used = new Map<string, number>()

  constructor(body: AiAgentBody, executor: ToolExecutor) {
    this.#body = body
    this.#executor = executor
  }

  /** Never throws. */
  async run({ name, input }: ToolCall): Promise<unknown> {
    const { tools, httpTools } = this.#body
    const enabled = [...tools, ...httpTools.map(tool => tool.name)]
    const used = this.#used.get(name) ?? 0
    const refusal = refusalOfTool({ tool: name, enabled, used, transferPending: this.#executor.transferPending() })
    if (refusal !== null) return { error: refusal }
    this.#used.set(name, used + 1)
    const http = httpTools.find(tool => tool.name === name)
    if (http !== undefined) return this.#executor.callHttp(http, input)
    const parsed = readForm(toolInputs[name as ToolName], input ?? {})
    if (!parsed.ok) {
      const issue = parsed.issues[0]
      return { error: `${issue?.path.join('.') || 'arguments'}: ${issue?.message ?? 'not as expected'}` }
    }
    const use = { name, input: parsed.value } as ToolUse
    if (use.name === 'leave_voicemail' && !mayBeSaid(use.input.message, confidentialOf(this.#body)))
      return { error: 'These words are not for saying.' }
    try {
      return await this.#executor.perform(use)
    } catch {
      return { error: 'That did not work. Try something else.' }
    }
  }
}

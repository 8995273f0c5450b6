/**
 * The tools of an AI agent. The model's arguments are parsed, the policy is asked, and only then something happens: what, is the
 * word of who stands behind it (`ToolExecutor`), a call or a rehearsal. What goes back to the model is data, not prose of ours.
 */
import { mayBeSaid } from '../../../core/agent/discretion.ts'
import { refusalOfTool } from '../../../core/agent/policy.ts'
import type { ToolCall } from '../../../media/conversation/pipeline/reply.ts'
import type { AiAgentBody, ToolName } from '../../../wire/ai-agent.ts'
import { toolInputs } from '../../../wire/ai-tools.ts'
import { confidentialOf } from './agent-of-call.ts'

/** Arguments as they are after parsing. */
export type ToolInputs = { [Name in ToolName]: ReturnType<(typeof toolInputs)[Name]['parse']> }
/** A tool with its arguments. */
export type ToolUse = { [Name in ToolName]: { name: Name; input: ToolInputs[Name] } }[ToolName]
type HttpTool = AiAgentBody['httpTools'][number]
type DirectoryEntry = AiAgentBody['directory'][number]

/** What tools do; what comes back is told to the model. */
export interface ToolExecutor {
  /** somebody is being asked to take the call right now */
  transferPending(): boolean
  /** Throws when it did not work. */
  perform(use: ToolUse): Promise<unknown>
  callHttp(tool: HttpTool, input: unknown): Promise<unknown>
}

/** What a tool answers that did what it was asked for, wherever that was. */
export const DONE = {
  ends: { result: 'The call ends after your next words.' },
  pressed: { result: 'pressed' },
  leaves: { result: 'The message is being said, then the call ends. Say nothing more.' },
  optedOut: { result: 'This number will not be called again.' },
  noted: (when: string) => ({ result: 'noted', when }),
  remembered: { result: 'remembered' },
  connects: { result: 'success', status: 'The caller is being connected.' },
  rings: { result: 'success', status: 'It rings. You are told when somebody has answered or nobody has.' },
  nobodyKnown: { result: 'unknown' },
} as const

/** Where a transfer goes, by the name that the model was told; else what it is told instead. */
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
  readonly #deeds: ToolExecutor
  readonly #used = new Map<string, number>()

  constructor(body: AiAgentBody, deeds: ToolExecutor) {
    this.#body = body
    this.#deeds = deeds
  }

  /** Never throws. */
  async run({ name, input }: ToolCall): Promise<unknown> {
    const { tools, httpTools } = this.#body
    const enabled = [...tools, ...httpTools.map(tool => tool.name)]
    const used = this.#used.get(name) ?? 0
    const refusal = refusalOfTool({ tool: name, enabled, used, transferPending: this.#deeds.transferPending() })
    if (refusal !== null) return { error: refusal }
    this.#used.set(name, used + 1)
    const http = httpTools.find(tool => tool.name === name)
    if (http !== undefined) return this.#deeds.callHttp(http, input)
    const parsed = toolInputs[name as ToolName].safeParse(input ?? {})
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      return { error: `${issue?.path.join('.') || 'arguments'}: ${issue?.message ?? 'not as expected'}` }
    }
    const use = { name, input: parsed.data } as ToolUse
    if (use.name === 'leave_voicemail' && !mayBeSaid(use.input.message, confidentialOf(this.#body)))
      return { error: 'These words are not for saying.' }
    try {
      return await this.#deeds.perform(use)
    } catch {
      return { error: 'That did not work. Try something else.' }
    }
  }
}

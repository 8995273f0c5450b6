/**
 * The tools of an AI agent, bound to one call. The model's arguments are parsed, the policy is asked, and only then something
 * happens, in this workspace and to this call. What goes back to the model is data, not prose of ours.
 */
import { mayBeSaid } from '../../core/agent/discretion.ts'
import { refusalOfTool } from '../../core/agent/policy.ts'
import type { CallParty } from '../../core/call/state.ts'
import type { ToolCall } from '../../media/voice-session/reply.ts'
import type { AiAgentBody, ToolName } from '../../wire/ai-agent.ts'
import { toolInputs } from '../../wire/ai-tools.ts'
import type { Env } from '../env.ts'
import { deskName, freshId, workspaceOf } from '../ids.ts'
import { stubFor } from '../stubs.ts'
import { confidentialOf } from './agent-of-call.ts'
import { callHttpTool } from './http-tool.ts'

/** What a tool may do to the call and its line. */
export interface ToolHands {
  party: CallParty
  /** the other person's number: who called us, or whom we called */
  otherNumber: string
  transferPending(): boolean
  transferTo(transferId: string, deskId: string, summary: string): void
  dialOn(number: string): void
  leaveAfterReply(): void
  say(sentence: string): void
  press(digits: string): void
  remember(name: string, value: string): void
}

type Inputs = { [Name in ToolName]: ReturnType<(typeof toolInputs)[Name]['parse']> }

export class Tools {
  readonly #env: Env
  readonly #callId: string
  readonly #body: AiAgentBody
  readonly #hands: ToolHands
  readonly #used = new Map<string, number>()

  constructor(env: Env, callId: string, body: AiAgentBody, hands: ToolHands) {
    this.#env = env
    this.#callId = callId
    this.#body = body
    this.#hands = hands
  }

  /** Never throws. */
  async run({ name, input }: ToolCall): Promise<unknown> {
    const { tools, httpTools } = this.#body
    const enabled = [...tools, ...httpTools.map(tool => tool.name)]
    const used = this.#used.get(name) ?? 0
    const refusal = refusalOfTool({ tool: name, enabled, used, transferPending: this.#hands.transferPending() })
    if (refusal !== null) return { error: refusal }
    this.#used.set(name, used + 1)
    const http = httpTools.find(tool => tool.name === name)
    if (http !== undefined) return callHttpTool(http, input)
    const parsed = toolInputs[name as ToolName].safeParse(input ?? {})
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      return { error: `${issue?.path.join('.') || 'arguments'}: ${issue?.message ?? 'not as expected'}` }
    }
    try {
      return await this.#perform(name as ToolName, parsed.data)
    } catch {
      return { error: 'That did not work. Try something else.' }
    }
  }

  async #perform(name: ToolName, input: unknown): Promise<unknown> {
    const book = stubFor(this.#env, 'workspace', workspaceOf(this.#callId))
    const { otherNumber } = this.#hands
    switch (name) {
      case 'transfer_call':
        return this.#transfer(input as Inputs['transfer_call'])
      case 'end_call':
        this.#hands.leaveAfterReply()
        return { result: 'The call ends after your next words.' }
      case 'send_dtmf':
        this.#hands.press((input as Inputs['send_dtmf']).digits)
        return { result: 'pressed' }
      case 'leave_voicemail':
        return this.#leave((input as Inputs['leave_voicemail']).message)
      case 'opt_out':
        await book.optOut(otherNumber, 'asked an AI agent')
        return { result: 'This number will not be called again.' }
      case 'book_callback': {
        const { when, note } = input as Inputs['book_callback']
        await book.noteCallback(this.#callId, otherNumber, when, note)
        return { result: 'noted', when }
      }
      case 'lookup_contact':
        return this.#lookUp(input as Inputs['lookup_contact'])
      case 'set_variable': {
        const { name: variable, value } = input as Inputs['set_variable']
        this.#hands.remember(variable, value)
        return { result: 'remembered' }
      }
    }
  }

  #leave(message: string): unknown {
    if (!mayBeSaid(message, confidentialOf(this.#body))) return { error: 'These words are not for saying.' }
    this.#hands.say(message)
    this.#hands.leaveAfterReply()
    return { result: 'The message is being said, then the call ends. Say nothing more.' }
  }

  #transfer({ dest, mode, summary }: Inputs['transfer_call']): unknown {
    const wanted = dest.toLowerCase()
    const entry = this.#body.directory.find(one => one.name.toLowerCase() === wanted)
    if (entry === undefined)
      return {
        error: `Nobody is called "${dest}". You may transfer to: ${this.#body.directory.map(one => one.name).join(', ')}.`,
      }
    if (entry.kind === 'number') {
      this.#hands.dialOn(entry.target)
      return { result: 'success', status: 'The caller is being connected.' }
    }
    const deskId = `${workspaceOf(this.#callId)}.d_${deskName(entry.target)}`
    this.#hands.transferTo(freshId('t_'), deskId, mode === 'blind' ? '' : summary)
    return { result: 'success', status: 'It rings. You are told when somebody has answered or nobody has.' }
  }

  /** Only the person on the line: a caller cannot have other people's data read to them. */
  async #lookUp({ phone }: Inputs['lookup_contact']): Promise<unknown> {
    const { otherNumber } = this.#hands
    const digits = (text: string) => text.replace(/\D/g, '')
    if (phone !== undefined && digits(phone) !== digits(otherNumber))
      return { error: 'Only the person on the line may be looked up.' }
    const contact = await stubFor(this.#env, 'workspace', workspaceOf(this.#callId)).contactByPhone(otherNumber)
    if (contact === null) return { result: 'unknown' }
    const { firstName, lastName, company } = contact
    return { result: 'found', firstName, lastName, company }
  }
}

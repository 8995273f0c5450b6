/** Performs the tools of an AI agent on a call: they act on the call and its stream, or on the workspace. */
import { unchargedFor } from '../../../core/call/life/clearance-ask.ts'
import type { CallParty } from '../../../core/call/state.ts'
import { GENERAL_BOX } from '../../../core/call/voicemail/state.ts'
import type { Verdict } from '../../../core/clearance/clearance.ts'
import { wordsOf } from '../../../core/clearance/words.ts'
import { deskId, deskName, workspaceOf } from '../../../core/ids.ts'
import { callHttpTool } from '../../../providers/tools/http-tool.ts'
import type { AiAgentBody } from '../../../wire/ai-agent.ts'
import { isE164, toE164 } from '../../../wire/phone-number.ts'
import type { Neighbours } from '../../neighbours.ts'
import { uniqueWith } from '../../unique.ts'
import { DONE, destination, type ToolExecutor, type ToolInputs, type ToolUse } from './tool-executor.ts'

/** A callback to a caller who shows no number needs as many digits in its note. */
const DIGITS_MIN = 6

/** The actions of tools on the call and its stream. */
export interface CallActions {
  party: CallParty
  /** the number of the person who called us or whom we called */
  otherNumber: string
  transferPending(): boolean
  transferTo(transferId: string, deskId: string, summary: string): void
  dialOn(number: string): void
  /** the gate's verdict on the number of a transfer becomes a fact of the call */
  judged(verdict: Verdict): void
  leaveAfterReply(): void
  stayAfterReply(): void
  say(sentence: string): void
  press(digits: string): void
  remember(name: string, value: string): void
}

export class CallControl implements ToolExecutor {
  readonly #near: Neighbours
  readonly #callId: string
  readonly #body: AiAgentBody
  readonly #actions: CallActions

  constructor(near: Neighbours, callId: string, body: AiAgentBody, actions: CallActions) {
    this.#near = near
    this.#callId = callId
    this.#body = body
    this.#actions = actions
  }

  readonly callHttp = callHttpTool

  transferPending(): boolean {
    return this.#actions.transferPending()
  }

  async perform({ name, input }: ToolUse): Promise<unknown> {
    const book = this.#near.actor('workspace', workspaceOf(this.#callId))
    const actions = this.#actions
    switch (name) {
      case 'transfer_call':
        return this.#transfer(input)
      case 'end_call':
        actions.leaveAfterReply()
        return DONE.ends
      case 'send_dtmf':
        actions.press(input.digits)
        return DONE.pressed
      case 'leave_voicemail':
        actions.say(input.message)
        actions.leaveAfterReply()
        return DONE.leaves
      case 'opt_out':
        return this.#optOut(input)
      case 'book_callback':
        if (!this.#showsNumber() && input.note.replace(/\D/g, '').length < DIGITS_MIN) return DONE.nowhereToCall
        await book.noteCallback(this.#callId, actions.otherNumber, input.when, input.note)
        await this.#fileCallback(input.when, input.note)
        return DONE.noted(input.when)
      case 'lookup_contact':
        return this.#lookUp(input)
      case 'set_variable':
        actions.remember(input.name, input.value)
        return DONE.remembered
    }
  }

  /** Whoever leads the team has it in the inbox. A repeat of the tool on one call is the same wish. */
  async #fileCallback(when: string, note: string): Promise<void> {
    const words = [`Wanted: ${when}.`, note].filter(text => text !== '').join(' ')
    const number = this.#showsNumber() ? this.#actions.otherNumber : ''
    const entry = { kind: 'callback' as const, key: this.#callId, callId: this.#callId, number, note: words }
    await this.#near
      .actor('inbox', workspaceOf(this.#callId))
      .file({ ...entry, box: GENERAL_BOX, atMs: this.#near.now() })
  }

  async #transfer({ dest, mode, summary }: ToolInputs['transfer_call']): Promise<unknown> {
    const entry = destination(this.#body, dest)
    if ('error' in entry) return entry
    // A goodbye that the same answer asked for before would hang up while the colleague's phone rings.
    this.#actions.stayAfterReply()
    if (entry.kind === 'number') {
      const refused = await this.#refusedBy(entry.target)
      if (refused !== null) return { error: refused }
      this.#actions.dialOn(entry.target)
      return DONE.connects
    }
    const desk = deskId(workspaceOf(this.#callId), deskName(entry.target))
    const { allowInbound } = await this.#near.voiceProfile(desk)
    if (!allowInbound) return { error: 'This colleague takes no calls. Offer somebody else, or a callback.' }
    this.#actions.transferTo(uniqueWith('t_'), desk, mode === 'blind' ? '' : summary)
    return DONE.rings
  }

  #showsNumber(): boolean {
    return isE164(this.#actions.otherNumber)
  }

  /** The number of this call. Only of a caller who shows none is the number taken that they say. */
  async #optOut({ phone }: ToolInputs['opt_out']): Promise<unknown> {
    const workspaceId = workspaceOf(this.#callId)
    const optOut = { because: 'asked an AI agent', callId: this.#callId }
    const book = this.#near.actor('workspace', workspaceId)
    if (this.#showsNumber()) {
      await book.optOut({ ...optOut, number: this.#actions.otherNumber })
      return DONE.optedOut
    }
    if (phone === undefined) return DONE.withheld
    const { country } = await this.#near.actor('trunk', workspaceId).clearanceRules()
    const number = toE164(phone, country)
    if (number === null) return DONE.notHeard
    await book.optOut({ ...optOut, number, note: 'said by a caller who showed no number' })
    return DONE.optedOut
  }

  /** Asks the gate about a colleague's number. Returns the words of a refusal. */
  async #refusedBy(target: string): Promise<string | null> {
    const to = toE164(target)
    if (to === null) return 'That is not a number that can be called.'
    const nothing = { callId: null, campaignId: null, timeZone: null, postcode: null, hours: null }
    const { party, otherNumber } = this.#actions
    const uncharged = unchargedFor(party, otherNumber === party.from)
    const ask = { ...nothing, to, purpose: 'transfer' as const, agent: null, ...uncharged }
    const [verdict] = await this.#near.actor('trunk', workspaceOf(this.#callId)).judge([ask])
    if (verdict === undefined) return 'That number cannot be called.'
    this.#actions.judged(verdict)
    return verdict.cleared ? null : wordsOf(verdict)
  }

  /** Only the other person of this call may be looked up, so that a caller cannot have other people's data read to them. */
  async #lookUp({ phone }: ToolInputs['lookup_contact']): Promise<unknown> {
    const { otherNumber } = this.#actions
    const digits = (text: string) => text.replace(/\D/g, '')
    if (phone !== undefined && digits(phone) !== digits(otherNumber))
      return { error: 'Only the person on the line may be looked up.' }
    const contact = await this.#near.actor('workspace', workspaceOf(this.#callId)).contactByPhone(otherNumber)
    if (contact === null) return DONE.nobodyKnown
    const { firstName, lastName, company } = contact
    return { result: 'found', firstName, lastName, company }
  }
}

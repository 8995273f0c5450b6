import { randomBytes } from 'node:crypto'
import type { SipCalled, SipOutcome } from './contract.ts'
import { Dialog } from './dialog.ts'
import { answerChallenge } from './digest.ts'
import type { Leg } from './leg.ts'
import { ALLOW } from './leg.ts'
import { header, readSequence, requestOf, type SipMessage } from './message.ts'
import { newTag, type Transactions } from './transactions.ts'
import type { Hop } from './transport.ts'

/** A call to SIP phones: all of them ring, the first that answers has it, the others are cancelled. */

export interface Phone {
  uri: string
  hop: Hop
}

export interface CallingEvents {
  onRinging(): void
  onAnswered(dialog: Dialog, response: SipMessage, outcome: SipOutcome): void
  /** all have refused, or none was there */
  onRefused(code: number, outcome: SipOutcome | null): void
}

interface Branch {
  phone: Phone
  invite: SipMessage
  /** the last status; 0: nothing came */
  status: number
  proved: boolean
  unwanted: boolean
  dialog: Dialog | null
}

/** Which of several refusals the caller is told: 6xx is for all phones, otherwise a busy phone says most. */
const RANK = [603, 600, 486, 480, 408]

function outcomeOf(response: SipMessage): SipOutcome {
  const headers = response.headers.filter(([name]) => /^x-/i.test(name) || name.toLowerCase() === 'user-to-user')
  return { callId: header(response, 'Call-ID') ?? '', headers: Object.fromEntries(headers) }
}

export class Calling {
  readonly leg: Leg
  readonly #call: SipCalled
  readonly #transactions: Transactions
  readonly #contact: string
  readonly #events: CallingEvents
  readonly #branches: Branch[] = []
  #settled = false
  #rang = false
  #refusal: SipMessage | null = null

  constructor(
    call: SipCalled,
    leg: Leg,
    transactions: Transactions,
    contact: (hop: Hop) => string,
    events: CallingEvents,
    phones: readonly Phone[],
  ) {
    this.#call = call
    this.leg = leg
    this.#transactions = transactions
    this.#contact = contact(phones[0]?.hop ?? ({ transport: 'UDP' } as Hop))
    this.#events = events
    for (const phone of phones) this.#branches.push(this.#branch(phone, contact(phone.hop)))
    for (const branch of this.#branches) this.#send(branch)
  }

  #branch(phone: Phone, contact: string): Branch {
    const { from, uri, headers } = this.#call
    const invite = requestOf(
      'INVITE',
      phone.uri,
      [
        ['Max-Forwards', '70'],
        ['From', `<${from}>;tag=${newTag()}`],
        ['To', `<${uri.split('?')[0]}>`],
        ['Call-ID', `${newTag()}@phone-network`],
        ['CSeq', '1 INVITE'],
        ['Contact', contact],
        ['Allow', ALLOW],
        ...Object.entries(headers),
        ['Content-Type', 'application/sdp'],
      ],
      this.leg.describe(),
    )
    return { phone, invite, status: 0, proved: false, unwanted: false, dialog: null }
  }

  #send(branch: Branch): void {
    this.#transactions.request(branch.invite, branch.phone.hop, {
      onResponse: response => this.#take(branch, response),
      onFailed: status => this.#refused(branch, status, null),
    })
  }

  #take(branch: Branch, response: SipMessage): void {
    const { status } = response
    if (status < 200) {
      branch.status = status
      if (branch.unwanted) this.#transactions.cancel(branch.invite, branch.phone.hop)
      else if (status > 100 && !this.#rang && !this.#settled) {
        this.#rang = true
        this.#events.onRinging()
      }
      return
    }
    if (status < 300) return this.#answered(branch, response)
    if ((status === 401 || status === 407) && this.#prove(branch, response)) return
    this.#refused(branch, status, response)
  }

  /** A 2xx may come again when its ACK was lost, and one may come from a phone that was too late. */
  #answered(branch: Branch, response: SipMessage): void {
    if (branch.dialog !== null) {
      this.#transactions.acknowledge(branch.dialog.request('ACK'), branch.dialog.hop)
      return
    }
    branch.status = response.status
    branch.dialog = Dialog.calling(branch.invite, response, branch.phone.hop, this.#contact)
    if (this.#settled || branch.unwanted) return this.#tooLate(branch.dialog)
    this.#settled = true
    for (const other of this.#branches) if (other !== branch) this.#giveUp(other)
    this.#events.onAnswered(branch.dialog, response, outcomeOf(response))
  }

  #tooLate(dialog: Dialog): void {
    this.#transactions.acknowledge(dialog.request('ACK'), dialog.hop)
    const nothing = { onResponse: () => undefined, onFailed: () => undefined }
    this.#transactions.request(dialog.request('BYE'), dialog.hop, nothing)
  }

  #prove(branch: Branch, response: SipMessage): boolean {
    const { username, password } = this.#call
    if (branch.proved || branch.unwanted || username === null) return false
    const [asks, answers] =
      response.status === 401 ? ['WWW-Authenticate', 'Authorization'] : ['Proxy-Authenticate', 'Proxy-Authorization']
    const { invite } = branch
    const asked = { method: 'INVITE', uri: invite.uri, cnonce: randomBytes(8).toString('hex') }
    const answer = answerChallenge(
      header(response, asks as string) ?? '',
      { username, password: password ?? '' },
      asked,
    )
    if (answer === null) return false
    branch.proved = true
    const kept = invite.headers.filter(([name]) => !['via', 'cseq'].includes(name.toLowerCase()))
    const number = (readSequence(invite)?.number ?? 1) + 1
    branch.invite = requestOf(
      'INVITE',
      invite.uri,
      [...kept, ['CSeq', `${number} INVITE`], [answers as string, answer]],
      invite.body,
    )
    this.#send(branch)
    return true
  }

  #refused(branch: Branch, status: number, response: SipMessage | null): void {
    branch.status = Math.max(status, 300)
    if (this.#settled) return
    if (response !== null && (this.#refusal === null || rankOf(status) < rankOf(this.#refusal.status)))
      this.#refusal = response
    if (status >= 600) for (const other of this.#branches) if (other !== branch) this.#giveUp(other)
    if (this.#branches.some(one => one.status < 200)) return
    this.#settled = true
    const { callId } = { callId: header(branch.invite, 'Call-ID') ?? '' }
    if (this.#refusal === null) this.#events.onRefused(status, { callId, headers: {} })
    else this.#events.onRefused(this.#refusal.status, outcomeOf(this.#refusal))
  }

  /** Before the first response there is nothing that could be cancelled: it is done when that comes. */
  #giveUp(branch: Branch): void {
    if (branch.status >= 200 || branch.unwanted) return
    branch.unwanted = true
    if (branch.status > 0) this.#transactions.cancel(branch.invite, branch.phone.hop)
  }

  /** The caller does not want it any more. */
  cancel(): void {
    this.#settled = true
    for (const branch of this.#branches) this.#giveUp(branch)
  }
}

function rankOf(status: number): number {
  const rank = RANK.indexOf(status)
  return rank < 0 ? RANK.length : rank
}

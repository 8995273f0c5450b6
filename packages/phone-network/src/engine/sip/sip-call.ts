import { endCall } from '../end-call.ts'
import type { Input, SipInput } from '../input.ts'
import { addCall, receive } from '../make-call.ts'
import { answerOutbound, ring } from '../ringing.ts'
import { alert, dropTimers, type Turn } from '../turn.ts'
import { tellVerb } from '../verbs/table.ts'
import type { Call, CallStatus, Instructions, Target } from '../world.ts'
import type { DomainSettings, SipOutcome } from './sip-book.ts'
import { dropFromSipBook, keepInSipBook } from './sip-book-change.ts'
import { sipFar } from './sip-far.ts'

/** Calls of SIP phones and to them, as the engine knows them: the messages are the business of `src/sip`. */

type SipWorldInput = Extract<SipInput, { kind: 'sip.dialed' | 'sip-book.kept' | 'sip-book.dropped' }>

/** Inputs about SIP that name no call. */
export function isSipInput(input: Input): input is SipWorldInput {
  return input.kind === 'sip.dialed' || input.kind === 'sip-book.kept' || input.kind === 'sip-book.dropped'
}

export function takeSipInput(turn: Turn, input: SipWorldInput): void {
  if (input.kind === 'sip-book.kept') keepInSipBook(turn, input.change)
  else if (input.kind === 'sip-book.dropped') dropFromSipBook(turn, input.drop)
  else receiveFromSip(turn, input)
}

function instructionsOf({ voice, fallback }: Pick<DomainSettings, 'voice' | 'fallback'>): Instructions | null {
  return voice.url === '' ? null : { ...voice, fallback: fallback.url === '' ? null : fallback }
}

function callbackOf(target: Target): Call['statusCallback'] {
  return target.url === '' ? null : { ...target, events: ['completed'] }
}

/** A phone has called one of the domains, which asks its voice URL. Without one there is no call. */
function receiveFromSip(turn: Turn, { domainSid, from, to, fields }: Extract<SipInput, { kind: 'sip.dialed' }>): void {
  const domain = turn.world.sip.domains.get(domainSid)
  const instructions = domain ? instructionsOf(domain) : null
  if (domain === undefined || instructions === null) {
    return alert(turn, null, 21404, `${domain?.domainName ?? domainSid} has no voice URL; the call was refused`)
  }
  const call = addCall(
    turn,
    { direction: 'inbound', from, to, far: sipFar(from, null, null), instructions },
    { parameters: fields, statusCallback: callbackOf(domain.statusCallback) },
  )
  receive(turn, call)
}

/** The call follows what the phone that was called has answered; the answer of any other call is ignored. */
export function takeSipAnswer(turn: Turn, call: Call, input: Extract<SipInput, { callSid: string }>): void {
  if (call.far.kind !== 'sip' || call.direction === 'inbound') return
  switch (input.kind) {
    case 'sip.rang':
      return rang(turn, call)
    case 'sip.answered':
      call.sipOutcome = input.outcome
      // A phone may answer without having said that it rings.
      rang(turn, call)
      return answerOutbound(turn, call)
    case 'sip.refused':
      return refused(turn, call, input.code, input.outcome)
    case 'sip.hung-up':
  }
}

/** A phone answers a REFER: the `<Refer>` that waits for it goes on. */
export function tellRefer(
  turn: Turn,
  call: Call,
  { kind, token, code }: Extract<SipInput, { kind: 'sip.referred' | 'sip.notified' }>,
): void {
  const told = kind === 'sip.referred' ? 'refer.answered' : 'refer.notified'
  tellVerb(turn, call, { kind: told, callSid: call.sid, token, code })
}

function rang(turn: Turn, call: Call): void {
  if (call.status !== 'initiated') return
  dropTimers(turn, call.sid, 'ring-limit.reached')
  ring(turn, call)
}

/** The status of a call whose INVITE has ended so. */
function statusOf(code: number): CallStatus {
  if (code === 486 || code === 600 || code === 603) return 'busy'
  return code === 480 || code === 408 || code === 487 ? 'no-answer' : 'failed'
}

function refused(turn: Turn, call: Call, code: number, outcome: SipOutcome | null): void {
  if (call.status === 'in-progress') return
  call.sipOutcome = outcome
  endCall(turn, call, statusOf(code), code)
}

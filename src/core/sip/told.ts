/** What people are told of a call between extensions: facts for the log, and the cause of its end in words. */
import type { EndReason, Fact } from './state.ts'

/** A call as it is remembered. Times are ms. */
export interface SipCall {
  callId: string
  /** extensions */
  from: string
  to: string
  beganMs: number
  answeredMs: number | null
  /** null: it is not over */
  ended: { atMs: number; reason: EndReason; status: number | null } | null
}

/** The fact of the log that this is; null: the log need not hear of it. */
export type LoggedFact = { type: string; at: number; [field: string]: unknown }

const LINKS = { kind: 'sip', batchId: null, campaignId: null, contactId: null, deskId: null, agentName: null }
/** The public words for the end of a call. */
const REASONS: Record<EndReason, string> = {
  'hung-up': 'normal',
  cancelled: 'cancel',
  busy: 'busy',
  declined: 'busy',
  'no-answer': 'noanswer',
  'not-registered': 'failed',
  failed: 'failed',
  'connection-lost': 'failed',
  'too-long': 'timeout',
}

export function loggedFact(fact: Fact, answeredMs: number | null): LoggedFact | null {
  const at = fact.atMs
  switch (fact.type) {
    case 'began':
      return { type: 'call-created', at, links: LINKS, personal: { from: fact.from, to: fact.to, name: '' } }
    case 'ringing':
      return { type: 'call-ringing', at }
    case 'answered':
      return { type: 'call-answered', at }
    case 'ended':
      return {
        ...{ type: 'call-hungup', at, reason: REASONS[fact.reason], because: fact.reason, providerStatus: null },
        ...{ talkedMs: answeredMs === null ? 0 : at - answeredMs, code: fact.status },
      }
    case 'closed':
      return null
  }
}

/** Why this call is over, or where it is, in a sentence. */
export function causeOf({ from, to, answeredMs, ended }: SipCall): string {
  if (ended === null) return answeredMs === null ? `${from} calls ${to}.` : `${from} and ${to} are talking.`
  const { reason, status } = ended
  const code = status === null ? '' : ` (${status})`
  switch (reason) {
    case 'hung-up':
      return `${from} and ${to} have talked, and one of them has hung up.`
    case 'cancelled':
      return `${from} hung up before anybody answered${code}.`
    case 'busy':
      return `Extension ${to} is busy${code}.`
    case 'declined':
      return `Extension ${to} did not take the call${code}.`
    case 'no-answer':
      return `Nobody answered at extension ${to}${code}.`
    case 'not-registered':
      return `No phone of extension ${to} was connected${code}.`
    case 'failed':
      return `The phone of extension ${to} could not take the call${code}. Its answer stands in the ladder.`
    case 'connection-lost':
      return answeredMs === null
        ? `The phone of ${from} lost its connection before anybody answered.`
        : `A phone lost its connection and did not come back within half a minute.`
    case 'too-long':
      return 'The call had lasted as long as a call may, and was ended.'
  }
}

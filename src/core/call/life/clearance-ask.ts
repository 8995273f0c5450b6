/** The question that a call asks the gate before it goes out. */
import type { ClearanceAsk } from '../../clearance/clearance.ts'
import type { Purpose } from '../../clearance/rules.ts'
import { clearedAs, isSipUri } from '../../sip-address.ts'
import type { CallKind, CallParty, LiveCall } from './state.ts'

/** A call that was ordered without a purpose (by 0.1.0) is asked with that of its kind. */
const PURPOSE: Record<CallKind, Purpose> = {
  campaign: 'campaign',
  single: 'single',
  ai: 'ai',
  cidr: 'ai',
  api: 'ai',
  browser: 'browser',
  inbound: 'transfer',
}

export function clearanceAsk({ links, party, options }: LiveCall, callId: string): ClearanceAsk & { callId: string } {
  const { clearance } = options
  return {
    callId,
    ...clearedAs(party.to),
    purpose: clearance?.purpose ?? PURPOSE[links.kind],
    agent: clearance?.agent ?? null,
    campaignId: links.campaignId,
    timeZone: party.where?.timeZone ?? null,
    postcode: party.where?.postcode ?? null,
    hours: clearance?.hours ?? null,
    ...(options.phone === undefined ? {} : { phone: true as const }),
  }
}

/**
 * What the gate is asked besides when the carrier itself dials a number for a caller. A SIP phone pays for no line of its own, so a number that it
 * reaches by what an extension leads to would cost nothing, while one that it dials is charged.
 */
export function unchargedFor({ from, to }: Pick<CallParty, 'from' | 'to'>, inbound: boolean): { uncharged?: true } {
  // Another exchange shows the numbers of its people, who have dialled an extension all the same.
  const bySip = isSipUri(from) || (from.startsWith('+') && !to.startsWith('+'))
  return inbound && bySip ? { uncharged: true } : {}
}

/** Turns a call that the carrier brings, with its route, into the input that begins the call. */
import type { CallInput } from '../../core/call/state.ts'
import { shownNumber } from '../../wire/phone-number.ts'
import type { Incoming, Route } from '../contracts.ts'
import type { Neighbours } from '../neighbours.ts'
import { crmOfCaller } from './caller.ts'

export function received(near: Neighbours, callId: string, incoming: Incoming, route: Route): CallInput {
  const { kind, from, to, name, deskId, agentId, agentName, message, trialContactId, providerId } = incoming
  const talk = route.to === 'agent' ? route.order : null
  const links = {
    kind,
    batchId: null,
    campaignId: null,
    contactId: null,
    deskId: route.to === 'desk' ? route.deskId : route.to === 'number' ? deskId : null,
    agentName,
    ...(agentId === undefined ? {} : { agentId }),
    ...(incoming.shown === undefined ? {} : { shown: incoming.shown }),
    ...(route.to === 'flow' && route.flow.maskId !== undefined ? { maskId: route.flow.maskId } : {}),
  }
  // A browser has no number, so the CRM cannot be searched: such a call has a record only if it is a trial for a contact.
  const ofCrm = talk !== null && (kind === 'inbound' || trialContactId !== null)
  const crm = ofCrm ? crmOfCaller(near, callId, trialContactId) : null
  const shown = kind === 'browser' && talk === null ? shownNumber(to) : shownNumber(from)
  const party = { to, from, name: name ?? shown, ...(message === null ? {} : { message }) }
  return {
    type: 'call.received',
    at: near.now(),
    links: crm === null ? links : { ...links, crm },
    party,
    providerId,
    talk,
    ...(route.to === 'desk' && route.unanswered ? { unanswered: route.unanswered } : {}),
    ...(route.to === 'flow' ? { flow: true as const } : {}),
    ...(route.to === 'number' ? { clearance: route.clearance, record: route.record } : {}),
  }
}

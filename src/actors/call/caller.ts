/** The person on a call that was brought to us: what our book and the CRM know, and the desk that rings for them. */
import type { CrmContext } from '../../core/call/crm/crm.ts'
import type { CallEffect, CallInput, CallState, LiveCall } from '../../core/call/state.ts'
import type { InboundRing } from '../../core/desk/view.ts'
import { workspaceOf } from '../../core/ids.ts'
import { deskNameOfCaller } from '../../core/phone-names.ts'
import type { Contact } from '../../wire/api.ts'
import { shownCaller, shownNumber } from '../../wire/phone-number.ts'
import type { Neighbours } from '../neighbours.ts'

type Of<T extends CallEffect['type']> = Extract<CallEffect, { type: T }>

/** The longest wait for the CRM's record of a trial call. */
const TRIED_AS_MS = 2_000

/** The CRM context that is known without a request; null when no CRM is set up. */
export function crmOfCaller(near: Neighbours, callId: string, trialContactId: string | null): CrmContext | null {
  return near.crm(workspaceOf(callId)) === null ? null : { contactId: trialContactId, accountId: null }
}

/** Rings the desk, with the caller's name if the book has it. A book that does not answer does not stop the ringing. */
export async function ringDesk(
  near: Neighbours,
  callId: string,
  state: CallState,
  { deskId }: Of<'ring-desk'>,
  key: string,
): Promise<CallInput[]> {
  const live = state.call
  const desk = near.actor('desk', deskId)
  if (live.phase !== 'live' || live.voicemail) {
    // A ring that an earlier life of this call has sent may still be on its way. The end under the ring's own id makes it a repeat.
    await desk.deliver({ type: 'inbound.ended', at: near.now(), callId }, `${callId}:${key}`)
    return []
  }
  const contact = await contactOf(near, callId, live.party.from)
  const { from, to, name } = live.party
  const called = ringOf(callId, from, to, contact, near.now())
  // The phone of a colleague has no number.
  const ring = deskNameOfCaller(from) === null ? called : { ...called, fromShown: name ?? called.fromShown }
  const reached = await desk.deliver({ type: 'inbound.rang', at: near.now(), ring }, `${callId}:${key}`)
  const agentName = reached ? ((await desk.view())?.agent.name ?? null) : null
  return [identified(near.now(), contact, agentName, null)]
}

export async function identifyCaller(near: Neighbours, callId: string, state: CallState): Promise<CallInput[]> {
  const live = state.call
  if (live.phase !== 'live') return []
  const crm = await recordOf(near, callId, live)
  const contact = live.links.kind === 'inbound' ? await contactOf(near, callId, live.party.from) : null
  return [identified(near.now(), contact, null, crm)]
}

/** Both sides of a call as the desk's screen shows a caller. */
export function ringOf(
  callId: string,
  from: string,
  to: string,
  contact: Contact | null,
  sinceMs: number,
): InboundRing {
  const known = contact && {
    contactId: contact.contactId,
    name: nameOf(contact),
    company: contact.company,
    number: from,
    numberShown: shownNumber(from),
    timeZone: contact.timeZone,
    attempt: contact.attempts + 1,
    lastNote: contact.note,
  }
  return { callId, from, fromShown: shownCaller(from), to, contact: known, sinceMs, accepted: false }
}

function nameOf(contact: Contact): string {
  return `${contact.firstName} ${contact.lastName}`.trim()
}

function identified(at: number, contact: Contact | null, agentName: string | null, crm: CrmContext | null): CallInput {
  const name = contact === null ? null : nameOf(contact)
  const contactId = contact?.contactId ?? null
  return { type: 'call.identified', at, name, contactId, agentName, crm }
}

async function contactOf(near: Neighbours, callId: string, number: string): Promise<Contact | null> {
  if (number === '') return null
  try {
    return await near.actor('workspace', workspaceOf(callId)).contactByPhone(number)
  } catch {
    return null
  }
}

/** The account of the contact that a trial is made for. If it cannot be read now, the filing fails later, where it can be seen. */
async function recordOf(near: Neighbours, callId: string, { links }: LiveCall): Promise<CrmContext | null> {
  const contactId = links.crm?.contactId ?? null
  const crm = contactId === null ? null : near.crm(workspaceOf(callId))
  if (contactId === null || crm === null) return null
  const contact = await crm.contact(contactId, AbortSignal.timeout(TRIED_AS_MS)).catch(() => null)
  return { contactId, accountId: contact?.accountId ?? null }
}

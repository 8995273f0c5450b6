/** Places a call that an AI agent makes: finds the person, the caller id and the first words. */
import type { Env } from '../../actors/env.ts'
import { readProfile } from '../../actors/profile/profile-of.ts'
import { stubFor } from '../../actors/stubs.ts'
import { unique } from '../../actors/unique.ts'
import type { CallStatus } from '../../core/call/state.ts'
import { wordsOf } from '../../core/clearance/words.ts'
import { callId } from '../../core/ids.ts'
import { accountOf, carrierOf } from '../../providers/registry.ts'
import { type AiAgent, talkOrderOf } from '../../wire/ai-agent.ts'
import type { Contact } from '../../wire/api.ts'
import { statedWithCall } from '../../wire/consent.ts'
import { shownNumber, toE164 } from '../../wire/phone-number.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { agentOf, agentsOf } from './agent-book.ts'
import { requireClearance } from './clearance.ts'
import { countryOf, whyNotFor } from './contacts.ts'
import { crmPerson } from './crm-contact.ts'
import { agentIdOf, deskIdOf } from './own-desk.ts'

const RING_MS = 30_000
/** The request waits this long for the carrier's answer; the create itself waits for a calls-per-second slot. */
export const PLACED_WITHIN_MS = 12_000

export interface AiCallOrder {
  workspaceId: string
  /** `cidr`: a program of somebody else asks for it */
  kind: 'ai' | 'cidr'
  /** null: the workspace's first agent */
  agentId: string | null
  to: string | null
  from: string | null
  /** a contact of our book or of the CRM */
  contactId: string | null
  /** the company's record in the CRM; without it the contact's own */
  accountId?: string | null
  message: string | null
  /** where this person agreed to be called by an AI voice, in words; null: nothing is said about it */
  consent: string | null
  /** the person who asked for the call, and who may therefore listen to it; or the program */
  by: Pick<Caller, 'userId' | 'name' | 'keyId'>
  /** what the request calls both numbers; absent: as the AI seed does */
  fields?: Fields
}
interface Fields {
  to: string
  from: string
}
const SEED_FIELDS: Fields = { to: 'toNumber', from: 'fromNumber' }

export interface AiCallPlaced {
  callId: string
  callSid: string | null
  status: CallStatus
  to: string
  from: string
}

export async function placeAiCall(env: Env, order: AiCallOrder): Promise<AiCallPlaced> {
  const { workspaceId } = order
  const book = stubFor(env, 'workspace', workspaceId)
  await requireOutbound(env, order)
  const agent = await agentFor(env, order)
  const crm = await crmPerson(env, workspaceId, order.contactId, order.accountId ?? null)
  const ours = crm !== null || order.contactId === null ? [] : await book.contacts([order.contactId])
  const contact = ours[0] ?? null
  if (order.contactId !== null && crm === null && contact === null)
    throw new Refusal(400, 'There is no such contact.', [{ field: 'contactId', message: 'unknown' }])
  const country = await countryOf(env, workspaceId)
  const to = toE164(order.to ?? crm?.phone ?? contact?.phone ?? '', country)
  if (!to) throw noNumber(order)
  const marked = whyNotFor(contact, to)
  if (marked !== null) throw new Refusal(422, marked, [{ field: fieldsOf(order).to, message: 'do-not-call' }])
  if (order.consent !== null) {
    const stated = {
      number: to,
      purpose: 'ai' as const,
      source: statedWithCall(order.consent),
      givenMs: Date.now(),
      by: order.by.name,
    }
    await stubFor(env, 'trunk', workspaceId).saveConsents([stated])
  }
  const where = { timeZone: contact?.timeZone ?? null, postcode: contact?.postcode ?? null }
  // The limits of one caller hold for a program as for an agent (D13).
  const { keyId } = order.by
  const caller = keyId === undefined ? agent.agentId : `key_${keyId}`
  const clearance = { purpose: 'ai' as const, agent: caller, hours: null }
  await requireClearance(env, workspaceId, { ...clearance, ...where, to, campaignId: null }, fieldsOf(order).to)
  const id = callId(workspaceId, unique())
  const from = await callerId(env, order, id)
  const known = crm?.name ?? `${contact?.firstName ?? ''} ${contact?.lastName ?? ''}`.trim()
  const name = known === '' ? shownNumber(to) : known
  const message = order.message ?? crm?.message ?? messageFor(contact)
  const links = {
    kind: order.kind,
    batchId: null,
    campaignId: null,
    contactId: contact?.contactId ?? null,
    deskId: null,
    agentName: order.by.name,
    agentId: agentIdOf(order.by),
    ...(crm === null ? {} : { crm: crm.context }),
  }
  const call = stubFor(env, 'call', id)
  const talk = talkOrderOf(agent)
  const party = { to, from, name, where, ...(message === null ? {} : { message }) }
  const options = { ringLimitMs: RING_MS, amd: 'off' as const, record: false, clearance }
  const stored = await call.request(links, party, options, talk)
  if (!stored) throw new Refusal(422, 'This call could not be stored. Nobody is called.')
  const { code, held, providerId, status } = await call.placed(PLACED_WITHIN_MS)
  if (held !== undefined) throw new Refusal(422, wordsOf(held), [{ field: fieldsOf(order).to, message: held.rule }])
  if (code !== undefined) throw await refused(env, order, code)
  return { callId: id, callSid: providerId, status, to, from }
}

/** What an agent may not do with their own phone they do not do by an AI agent's voice either. @throws Refusal 422 */
async function requireOutbound(env: Env, { workspaceId, by }: AiCallOrder): Promise<void> {
  if (by.keyId !== undefined) return
  const { allowOutbound } = await readProfile(env, deskIdOf({ workspaceId, userId: by.userId }))
  if (!allowOutbound) throw new Refusal(422, 'Your voice profile does not let you place calls.')
}

function fieldsOf({ fields = SEED_FIELDS }: AiCallOrder): Fields {
  return fields
}

function noNumber(order: AiCallOrder): Refusal {
  const words = 'not a phone number that can be dialled'
  const { to, contactId } = order
  const field = fieldsOf(order).to
  if (to !== null) return new Refusal(400, 'This number cannot be called.', [{ field, message: words }])
  if (contactId !== null)
    return new Refusal(400, 'This contact has no number that can be called.', [{ field: 'contactId', message: words }])
  return new Refusal(400, 'There is no number to call.', [{ field, message: 'needed, or a contact' }])
}

/** The refused call is in the call log as well, with the same code. */
async function refused(env: Env, order: AiCallOrder, code: number): Promise<Refusal> {
  const account = await accountOf(env, order.workspaceId)
  const { side, words } = account ? carrierOf(account).refusalOf(code) : { side: 'to', words: 'there is no carrier' }
  const { to, from } = fieldsOf(order)
  const field = side === 'from' ? from : to
  return new Refusal(422, `The carrier did not take the call (its error ${code}).`, [{ field, message: words }])
}

async function agentFor(env: Env, { workspaceId, agentId }: AiCallOrder): Promise<AiAgent> {
  if (agentId !== null) {
    const agent = await agentOf(env, workspaceId, agentId)
    if (agent === null) throw new Refusal(404, 'There is no such agent.')
    return agent
  }
  const [first] = await agentsOf(env, workspaceId)
  if (first === undefined) throw new Refusal(422, 'This workspace has no AI agent yet.')
  return first
}

async function callerId(env: Env, order: AiCallOrder, leg: string): Promise<string> {
  const trunk = stubFor(env, 'trunk', order.workspaceId)
  if (order.from !== null) {
    const wanted = toE164(order.from)
    const ours = (await trunk.numbers()).some(row => row.number === wanted)
    if (!wanted || !ours)
      throw new Refusal(400, 'This is not one of our numbers.', [{ field: fieldsOf(order).from, message: 'not ours' }])
    return wanted
  }
  const { numbers } = await trunk.leaseNumbers(leg, 1)
  if (numbers[0] === undefined) throw new Refusal(422, 'All of our numbers are resting. Try again in a moment.')
  return numbers[0]
}

/** The seed's default words for a known person (S2-20); null: the agent says its own opening. */
function messageFor(contact: Contact | null): string | null {
  if (contact === null || contact.note === '') return null
  return `Hello, ${`${contact.firstName} ${contact.lastName}`.trim()}, ${contact.note}`
}

/** The seed's `call-campaign {contacts, mode}` (S3-13, S3-15, S3-17, S3-27): one round of the given people, and what became of each create. */

import type { Env } from '../../actors/env.ts'
import type { PersonToDial } from '../../actors/people.ts'
import { stubFor } from '../../actors/stubs.ts'
import { workspaceOf } from '../../core/ids.ts'
import { accountOf, carrierOf } from '../../providers/registry.ts'
import type { Contact } from '../../wire/api.ts'
import { toE164 } from '../../wire/phone-number.ts'
import type { PlacedContact } from '../../wire/routes/desk.ts'
import type { Member } from '../people.ts'
import { Refusal } from '../problem.ts'
import { countryOf, whyNotFor } from './contacts.ts'
import { openDesk } from './own-desk.ts'

/** The request waits this long for the carrier's answers, and looks this often whether an answer can still come. */
const ANSWERED_WITHIN_MS = 12_000
const LOOK_MS = 1_000
const NO_ANSWER = 'The carrier has not answered yet. The call log shows what becomes of it.'

export interface SeedContact {
  id: string
  phone?: string
}

export async function callContacts(
  env: Env,
  member: Member,
  contacts: SeedContact[],
  lines: number,
): Promise<PlacedContact[]> {
  const desk = await openDesk(env, member)
  const outcomes = new Map<string, PlacedContact>()
  const people = await peopleOf(env, member.workspaceId, contacts, lines, outcomes)
  if (people.length > 0) {
    const round = await stubFor(env, 'desk', desk).dialPeople(people)
    if ('refusal' in round)
      throw new Refusal(422, round.refusal.message, [{ field: 'command', message: round.refusal.reason }])
    for (const { contactId, error } of round.refused) outcomes.set(contactId, { contactId, error })
    const numbers = new Map(people.map(one => [one.contactId, one.number]))
    await Promise.all(
      round.calls.map(async ({ callId, contactId }) => {
        const { callSid, error } = await settled(env, desk, callId)
        const phoneNumber = numbers.get(contactId) ?? ''
        const known = { contactId, callId, phoneNumber, timestamp: Date.now() }
        outcomes.set(contactId, callSid === null ? { ...known, error: error ?? NO_ANSWER } : { ...known, callSid })
      }),
    )
  }
  return contacts.map(({ id }) => outcomes.get(id) ?? { contactId: id, error: NO_ANSWER })
}

/** Those who can be dialled; why the others cannot is noted in `outcomes`. */
async function peopleOf(
  env: Env,
  workspaceId: string,
  contacts: SeedContact[],
  lines: number,
  outcomes: Map<string, PlacedContact>,
): Promise<PersonToDial[]> {
  const country = await countryOf(env, workspaceId)
  const book = await stubFor(env, 'workspace', workspaceId).contacts(contacts.map(one => one.id))
  const people: PersonToDial[] = []
  for (const { id, phone } of contacts) {
    const known = book.find(one => one.contactId === id)
    const number = toE164(phone ?? known?.phone ?? '', country)
    const problem = whyNotFor(known ?? null, number) ?? why(people, id, number, lines)
    if (problem === null && number !== null) people.push(personOf(id, number, known))
    else if (!people.some(one => one.contactId === id)) outcomes.set(id, { contactId: id, error: problem ?? '' })
  }
  return people
}

function why(people: PersonToDial[], id: string, number: string | null, lines: number): string | null {
  if (number === null) return 'That is not a phone number that can be dialled.'
  if (people.some(one => one.contactId === id || one.number === number)) return 'This number is in the round already.'
  return people.length >= lines ? `This mode calls ${lines} at once.` : null
}

function personOf(contactId: string, number: string, known: Contact | undefined): PersonToDial {
  return {
    contactId,
    number,
    name: `${known?.firstName ?? ''} ${known?.lastName ?? ''}`.trim(),
    company: known?.company ?? '',
    timeZone: known?.timeZone ?? null,
    postcode: known?.postcode ?? null,
    attempts: known?.attempts ?? 0,
    note: known?.note ?? '',
  }
}

/** The carrier's id of a call that was just asked for, or why it has none. */
export async function settled(
  env: Env,
  deskId: string,
  callId: string,
): Promise<{ callSid: string | null; status: string; error: string | null }> {
  const until = Date.now() + ANSWERED_WITHIN_MS
  do {
    const { providerId, status, code } = await stubFor(env, 'call', callId).placed(LOOK_MS)
    if (providerId !== null) return { callSid: providerId, status, error: null }
    if (status === 'hangup') return { callSid: null, status, error: await refusalWords(env, deskId, code) }
    const { call } = await stubFor(env, 'call', callId).read()
    if (call.phase === 'live' && call.attempt.state === 'unknown') return { callSid: null, status, error: NO_ANSWER }
    const lane = (await stubFor(env, 'desk', deskId).view())?.lanes.find(one => one.callId === callId)
    if (call.phase === 'empty' && lane?.state === 'ended')
      return { callSid: null, status: 'hangup', error: 'All of our numbers are resting. Try again in a moment.' }
  } while (Date.now() < until)
  return { callSid: null, status: 'dialing', error: NO_ANSWER }
}

async function refusalWords(env: Env, deskId: string, code: number | undefined): Promise<string> {
  const account = code === undefined ? null : await accountOf(env, workspaceOf(deskId))
  if (account === null || code === undefined) return 'The call was not placed.'
  return `The carrier did not take the call: ${carrierOf(account).refusalOf(code).words} (its error ${code}).`
}

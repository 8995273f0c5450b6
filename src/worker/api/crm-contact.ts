/** Reads a contact of the CRM for a call that an AI agent makes: number, first words, and CRM context. */
import type { Env } from '../../actors/env.ts'
import type { CrmContext } from '../../core/call/crm/crm.ts'
import type { Crm, CrmContact } from '../../providers/crm/port.ts'
import { isWorthRepeating, ProviderFailure } from '../../providers/failure.ts'
import { crmOf } from '../../providers/registry.ts'
import { Refusal } from '../problem.ts'

const READ_MS = 10_000
/** Waits before the second and third try: a sign-in that fails with `unknown_error` usually works a moment later (S2-26). */
const AGAIN_AFTER_MS = [300, 900]
/** A note may be a page long, so only its beginning is spoken. */
const NOTE_CHARS_MAX = 500
/** The form of a Salesforce contact id; ids of our own book differ. */
const LOOKS_LIKE_CRM = /^003[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?$/

export interface CrmPerson {
  name: string
  phone: string | null
  message: string
  context: CrmContext
}

/** Null: this is not an id of a CRM. Throws a 400 when the record cannot be read. */
export async function crmPerson(
  env: Env,
  workspaceId: string,
  contactId: string | null,
  accountId: string | null,
): Promise<CrmPerson | null> {
  if (contactId === null || !LOOKS_LIKE_CRM.test(contactId)) return null
  const crm = crmOf(env, workspaceId)
  if (!crm?.isContactId(contactId)) throw unreadable('No CRM is set up.')
  if (accountId !== null && !crm.isRecordId(accountId))
    throw new Refusal(400, 'The account is not one of the CRM.', [{ field: 'accountId', message: 'not an id there' }])
  const contact = await read(crm, contactId, AbortSignal.timeout(READ_MS)).catch((error: unknown) => {
    if (!(error instanceof ProviderFailure)) throw error
    console.warn(JSON.stringify({ message: 'a contact could not be read', because: error.message }))
    throw unreadable('The CRM could not be asked about this contact.')
  })
  if (contact === null) throw unreadable('There is no such contact in the CRM.')
  const name = `${contact.firstName} ${contact.lastName}`.trim()
  const context = { contactId, accountId: accountId ?? contact.accountId }
  return { name, phone: contact.phone, message: messageFor(name, contact), context }
}

async function read(crm: Crm, contactId: string, signal: AbortSignal): Promise<CrmContact | null> {
  for (const waitMs of AGAIN_AFTER_MS) {
    try {
      return await crm.contact(contactId, signal)
    } catch (error) {
      if (signal.aborted || !isWorthRepeating(error) || asksToWait(error)) throw error
      await new Promise(resolve => setTimeout(resolve, waitMs))
    }
  }
  return crm.contact(contactId, signal)
}

/** The CRM names a time that is longer than ours. */
function asksToWait(error: unknown): boolean {
  return error instanceof ProviderFailure && (error.retryAfterMs ?? 0) > Math.max(...AGAIN_AFTER_MS)
}

function unreadable(words: string): Refusal {
  return new Refusal(400, words, [{ field: 'contactId', message: 'cannot be read' }])
}

/** The seed's first words for a contact of the CRM (S2-20). */
function messageFor(name: string, { note }: CrmContact): string {
  const words = note.replace(/\s+/g, ' ').slice(0, NOTE_CHARS_MAX)
  return words === '' ? `This is an automated call for ${name}.` : `Hello, ${name}, ${words}`
}

/** What an agent has typed on the pad: a number, or an extension whose phones are at the carrier. */
import type { AgentInput } from '../../core/desk/state.ts'
import { legId, singleBatchId } from '../../core/ids.ts'
import { isExtension } from '../../core/sip-address.ts'
import { shownNumber, toE164 } from '../../wire/phone-number.ts'
import { unique } from '../unique.ts'
import type { Permission } from './commands.ts'

const UNREACHED = {
  'no-such-extension': 'There is no such extension or number.',
  'not-at-the-carrier': 'The phones of this extension are in browsers, and cannot be called from here.',
  'not-ours': 'That address cannot be called.',
  'not-an-address': 'That address cannot be called.',
  'number-without-plus': 'Please write the number in that address with a plus and its country.',
} as const

/** Null: no extension was typed. */
export async function extensionRung(
  typed: string,
  deskId: string,
  { reach }: Pick<Permission, 'reach'>,
): Promise<AgentInput | { because: string } | null> {
  if (!isExtension(typed)) return null
  const reached = await reach(typed)
  if ('because' in reached) return { because: UNREACHED[reached.because] }
  return dialled(reached.uri, typed, reached.name, deskId)
}

export function single(phone: string, deskId: string): AgentInput | null {
  const number = toE164(phone)
  return number === null ? null : dialled(number, shownNumber(number), shownNumber(number), deskId)
}

function dialled(number: string, numberShown: string, name: string, deskId: string): AgentInput {
  const batchId = singleBatchId(deskId, unique())
  const unknown = { contactId: null, company: '', timeZone: null, attempt: 1, lastNote: '' }
  const contact = { ...unknown, name, number, numberShown }
  return { type: 'single.dialed', callId: legId(batchId, 1), batchId, contact }
}

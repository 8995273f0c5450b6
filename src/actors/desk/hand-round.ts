/** People whom an agent dials at once without a campaign: each is asked about, and those who may be called are one race. */
import { wordsOf } from '../../core/clearance/words.ts'
import { refusalOf } from '../../core/desk/allowed.ts'
import type { AgentInput } from '../../core/desk/state.ts'
import type { LaneContact } from '../../core/desk/view.ts'
import { legId, singleBatchId } from '../../core/ids.ts'
import { shownNumber } from '../../wire/phone-number.ts'
import type { HandRound, PersonToDial } from '../people.ts'
import { unique } from '../unique.ts'
import { type DeskShell, type Permission, refused } from './commands.ts'

/** The answer follows the commit. Nobody is dialled when nobody may be called. */
export async function dialPeople(
  deskId: string,
  shell: DeskShell,
  people: PersonToDial[],
  permission: Permission,
): Promise<HandRound> {
  if (!(await permission.mayPlaceCalls())) return { refusal: refused('', 'outbound-not-allowed') }
  const asked = await Promise.all(
    people.map(async person => ({ person, verdict: await permission.judge(ask(deskId, person)) })),
  )
  const refusals = asked.flatMap(({ person, verdict }) =>
    verdict.cleared ? [] : [{ contactId: person.contactId, error: wordsOf(verdict) }],
  )
  const batchId = singleBatchId(deskId, unique())
  const calls = asked
    .filter(({ verdict }) => verdict.cleared)
    .map(({ person }, index) => ({ callId: legId(batchId, index + 1), contact: laneContact(person) }))
  const [first, ...others] = calls
  if (first === undefined) return { calls: [], refused: refusals }
  const input: AgentInput = { type: 'single.dialed', ...first, batchId, others }
  const reason = refusalOf(shell.state, input)
  if (reason) return { refusal: refused('', reason) }
  shell.commit({ ...input, at: shell.now() })
  const placed = calls.map(({ callId, contact }) => ({ callId, contactId: contact.contactId ?? '' }))
  return { calls: placed, refused: refusals }
}

function ask(deskId: string, { number, timeZone, postcode }: PersonToDial) {
  return {
    callId: null,
    campaignId: null,
    hours: null,
    to: number,
    purpose: 'single' as const,
    agent: deskId,
    timeZone,
    postcode,
  }
}

function laneContact({ contactId, name, company, number, timeZone, attempts, note }: PersonToDial): LaneContact {
  const numberShown = shownNumber(number)
  const known = name === '' ? numberShown : name
  return { contactId, name: known, company, number, numberShown, timeZone, attempt: attempts + 1, lastNote: note }
}

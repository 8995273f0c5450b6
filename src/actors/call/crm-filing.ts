/** Files a finished call as one Task in the CRM. Every outcome, failures included, comes back as an input; nothing here throws. */
import type { CrmContext, CrmEffect, CrmInput } from '../../core/call/crm/crm.ts'
import type { CallState } from '../../core/call/state.ts'
import { workspaceOf } from '../../core/ids.ts'
import type { Crm, CrmFiled } from '../../providers/crm/port.ts'
import { isWorthRepeating, ProviderFailure } from '../../providers/failure.ts'
import type { Neighbours } from '../neighbours.ts'

/** Limit of a whole filing: the access token, the look for an earlier Task, and a second try without fields that the org lacks. */
const FILING_MS = 60_000

/** A filing whose end we did not see: it may have worked, so the next one looks first. */
export function unseenFiling({ ask }: CrmEffect, at: number): CrmInput[] {
  return [{ type: 'crm.put-off', at, ask, because: 'the answer was not seen', afterMs: null }]
}

export async function fileCall(
  near: Neighbours,
  callId: string,
  state: CallState,
  effect: CrmEffect,
  log: () => string,
): Promise<CrmInput[]> {
  const { ask } = effect
  const crm = near.crm(workspaceOf(callId))
  if (crm === null) return [{ type: 'crm.refused', at: near.now(), ask, because: 'no CRM is set up' }]
  try {
    // An outcome may be saved before the carrier has said that the call is over.
    if (state.call.phase === 'live')
      return [{ type: 'crm.put-off', at: near.now(), ask, because: 'the call is not over', afterMs: null }]
    const filed = await taskFor(near, crm, callId, state, effect, log)
    if (filed === null) return []
    if ('nobody' in filed) return [{ type: 'crm.nobody', at: near.now(), ask, because: filed.nobody }]
    return [{ type: 'crm.filed', at: near.now(), ask, ...filed }]
  } catch (error) {
    return [troubleOf(error, ask, callId, near.now())]
  }
}

interface Filed extends CrmFiled {
  found: boolean
  of: CrmContext
}

async function taskFor(
  near: Neighbours,
  crm: Crm,
  callId: string,
  state: CallState,
  { look }: CrmEffect,
  log: () => string,
): Promise<Filed | { nobody: string } | null> {
  if (state.call.phase !== 'over' || state.crm === null) return null
  const callRef = state.call.providerId ?? callId
  const signal = AbortSignal.timeout(FILING_MS)
  const { contactId, accountId, phone, direction, word, endedAt, talkedMs } = state.crm
  const known = look ? await crm.taskOf(callRef, signal) : null
  if (known !== null) return { taskId: known, found: true, of: { contactId, accountId }, leftOut: [], filledIn: [] }
  const of = contactId === null ? await ownerOf(crm, phone, signal) : { contactId, accountId }
  if ('nobody' in of) return of
  // A zone that cannot be asked for is no reason to lose the filing, but the next try may know it.
  const { timeZone } = await near.actor('workspace', workspaceOf(callId)).settings()
  const about = { ...of, phone, direction, word, endedAt, talkedMs, timeZone }
  return { ...(await crm.createTask({ ...about, callRef, log: log() }, signal)), found: false, of }
}

/** A number that several people share belongs to none of them: the conversation must not appear in another person's record. */
async function ownerOf(
  crm: Crm,
  phone: string,
  signal: AbortSignal,
): Promise<{ contactId: string; accountId: string | null } | { nobody: string }> {
  if (phone === '') return { nobody: 'the caller showed no number' }
  const people = await crm.contactsByPhone(phone, signal)
  const [person] = people
  if (person === undefined) return { nobody: 'nobody there has this number' }
  return people.length > 1 ? { nobody: 'several people there have this number' } : person
}

/** A filing that fails does not change the call (requirements S2-27): it becomes a fact of the call and a warning in the log. */
function troubleOf(error: unknown, ask: number, callId: string, at: number): CrmInput {
  const because = error instanceof ProviderFailure ? error.message : 'the CRM could not be asked'
  const again = isWorthRepeating(error)
  console.warn(JSON.stringify({ message: 'a call is not in the CRM', trace: callId, because, again }))
  if (!again) return { type: 'crm.refused', at, ask, because }
  return {
    type: 'crm.put-off',
    at,
    ask,
    because,
    afterMs: error instanceof ProviderFailure ? error.retryAfterMs : null,
  }
}

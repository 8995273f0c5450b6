/** Reads the state of a call's record in the CRM from the call's timeline. */
import type { CrmContext } from '../../core/call/crm/crm.ts'
import type { CallDetail } from '../../wire/api.ts'

type Line = CallDetail['timeline'][number]

/** Null: this call belongs to no record of a CRM. */
export function crmState(timeline: Line[]): CallDetail['crm'] {
  const links = (timeline.find(line => line.type === 'call-created' || line.type === 'call-received')?.data.links ??
    {}) as { crm?: CrmContext }
  const { crm = wantedLater(timeline) } = links
  if (crm === null) return null
  const last = timeline.findLast(line => line.type.startsWith('crm-'))
  const over = timeline.some(line => line.type === 'call-hungup')
  const text = (value: unknown) => (typeof value === 'string' ? value : null)
  const taskId = text(last?.data.taskId)
  const because = text(last?.data.because)
  // The filing finds the person by their number, so the fact of the Task knows more than the links of the call.
  const contactId = text(last?.data.contactId) ?? crm.contactId
  const accountId = text(last?.data.accountId) ?? crm.accountId
  const names = (value: unknown) => (Array.isArray(value) ? value.map(String) : [])
  const gaps = { leftOut: names(last?.data.leftOut), filledIn: names(last?.data.filledIn) }
  return { contactId, accountId, state: stateOf(last?.type, over), taskId, because, ...gaps }
}

/** An agent has saved a lead: the filing looks for the person by their number. */
function wantedLater(timeline: Line[]): CrmContext | null {
  return timeline.some(line => line.type === 'crm-wanted') ? { contactId: null, accountId: null } : null
}

function stateOf(last: string | undefined, over: boolean): NonNullable<CallDetail['crm']>['state'] {
  switch (last) {
    case 'crm-created':
      return 'created'
    case 'crm-retrying':
      return 'retrying'
    case 'crm-failed':
      return 'failed'
    case 'crm-nobody':
      return 'nobody'
    default:
      return over ? 'pending' : 'none'
  }
}

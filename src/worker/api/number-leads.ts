/** What a number or an extension may lead to: read from a request, and shown in an answer. */
import type { FlowRow } from '../../actors/books.ts'
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import type { Lead, NewLead } from '../../actors/trunk/leads.ts'
import { nameOfDesk, parseId } from '../../core/ids.ts'
import { unreachable } from '../../core/machine.ts'
import type { LEAD_FIELDS } from '../../wire/flow.ts'
import { userIdsOf } from '../membership.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { askFlows } from './flows.ts'
import { deskIdOf } from './own-desk.ts'

interface By {
  env: Env
  member: Caller
}
export type LeadField = (typeof LEAD_FIELDS)[number]

export const NOWHERE = {
  flow_id: null,
  queue_id: null,
  conference_id: null,
  mask_id: null,
  agent_id: null,
  extension_id: null,
  user_id: null,
  unanswered_queue_id: null,
}
const FIELD_OF = {
  ...{ flow: 'flow_id', queue: 'queue_id', conference: 'conference_id', mask: 'mask_id', agent: 'agent_id' },
  extension: 'extension_id',
} as const

/** A desk is shown by whose it is, which somebody else knows. */
export function leadShown(lead: Exclude<Lead, { to: 'desk' }> | undefined) {
  return lead === undefined || lead.to === 'nobody' ? NOWHERE : { ...NOWHERE, [FIELD_OF[lead.to]]: lead.id }
}

export function refusal(field: string, what: string, message: string): Refusal {
  return new Refusal(422, `This ${what} cannot answer a number.`, [{ field, message }])
}

/** @throws Refusal 422: there is no such queue */
export async function queueNamed({ env, member }: By, field: string, id: string): Promise<string> {
  const queueId = parseId('queue', id, member.workspaceId)
  const rows = queueId && (await stubFor(env, 'workspace', member.workspaceId).queues({ do: 'read', queueId }))
  if (!queueId || !rows?.length) throw refusal(field, 'queue', 'there is no such queue')
  return queueId
}

/** @throws Refusal 422: what is named cannot answer a number, and why */
export async function leadFor(by: By, field: LeadField, id: string, unanswered: string | null): Promise<NewLead> {
  const { env, member } = by
  const { workspaceId } = member
  const book = stubFor(env, 'workspace', workspaceId)
  const refused = (what: string, message: string) => refusal(field, what, message)
  switch (field) {
    case 'flow_id': {
      const row = await askFlows<FlowRow>(by, { do: 'read', flowId: id })
      if (row === null) throw refused('flow', 'there is no such flow')
      if (row.published === 0) throw refused('flow', 'it was never published')
      return { to: 'flow', id }
    }
    case 'queue_id': {
      return { to: 'queue', id: await queueNamed(by, field, id) }
    }
    case 'conference_id': {
      const conferenceId = parseId('conference', id, workspaceId)
      const rows = conferenceId && (await book.conferences({ do: 'read', conferenceId }))
      if (!conferenceId || !rows?.length) throw refused('conference', 'there is no such conference')
      return { to: 'conference', id: conferenceId }
    }
    case 'agent_id': {
      const order = await book.aiOrder(id)
      if (order === null) throw refused('agent', 'there is no such AI agent')
      return { to: 'agent', order }
    }
    case 'extension_id': {
      const known = await stubFor(env, 'registrar', workspaceId).extension(id)
      if (known === null) throw refused('extension', 'there is no such extension')
      if (!known.atCarrier) throw refused('extension', 'its phones are not at the carrier, so nothing can ring them')
      return { to: 'extension', id }
    }
    case 'user_id': {
      const people = await userIdsOf(env, workspaceId, [nameOfDesk(deskIdOf({ workspaceId, userId: id }))])
      if (![...people.values()].includes(id)) throw refused('person', 'there is no such person in the team')
      return { to: 'desk', id: deskIdOf({ workspaceId, userId: id }), unanswered }
    }
    default:
      return unreachable(field)
  }
}

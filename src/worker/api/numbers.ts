/** What our numbers lead to. */
import type { z } from 'zod'
import type { FlowRow } from '../../actors/books.ts'
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import type { Lead, NewLead } from '../../actors/trunk/leads.ts'
import { nameOfDesk, parseId } from '../../core/ids.ts'
import { unreachable } from '../../core/machine.ts'
import { LEAD_FIELDS, type numberLead, type voiceNumber } from '../../wire/flow.ts'
import { numberRoutes } from '../../wire/routes/numbers.ts'
import { numberPages } from '../../wire/routes/pages.ts'
import { userIdsOf } from '../membership.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { agentOf } from './agent-book.ts'
import { askFlows } from './flows.ts'
import { requireNoMask } from './masked-number.ts'
import { deskIdOf } from './own-desk.ts'

interface By {
  env: Env
  member: Caller
}
interface OurNumber {
  number: string
  name: string
  status: string
}
type Shown = z.output<typeof voiceNumber>
type Wish = z.output<typeof numberLead>
type Field = (typeof LEAD_FIELDS)[number]

async function numbersOf({ env, member }: By): Promise<OurNumber[]> {
  const rows = await stubFor(env, 'trunk', member.workspaceId).numbers()
  return rows.map(row => ({ number: String(row.number), name: String(row.name), status: String(row.status) }))
}

const NOWHERE = {
  flow_id: null,
  queue_id: null,
  conference_id: null,
  mask_id: null,
  agent_id: null,
  user_id: null,
  unanswered_queue_id: null,
}
const FIELD_OF = {
  ...{ flow: 'flow_id', queue: 'queue_id', conference: 'conference_id', mask: 'mask_id', agent: 'agent_id' },
} as const

async function shown({ env, member }: By, rows: readonly OurNumber[]): Promise<Shown[]> {
  const leads = await stubFor(env, 'trunk', member.workspaceId).leadsOf(rows.map(one => one.number))
  const names = leads.flatMap(lead => (lead.to === 'desk' ? [nameOfDesk(lead.id)] : []))
  const people = names.length === 0 ? new Map<string, string>() : await userIdsOf(env, member.workspaceId, names)
  const fieldsOf = (lead: Lead | undefined) => {
    if (lead === undefined || lead.to === 'nobody') return NOWHERE
    if (lead.to === 'desk') {
      const user_id = people.get(nameOfDesk(lead.id)) ?? null
      return { ...NOWHERE, user_id, unanswered_queue_id: lead.unanswered }
    }
    return { ...NOWHERE, [FIELD_OF[lead.to]]: lead.id }
  }
  return rows.map((row, index) => ({ id: row.number, ...row, ...fieldsOf(leads[index]) }))
}

async function ourNumber(by: By, number: string): Promise<Shown> {
  const row = (await numbersOf(by)).filter(one => one.number === number)
  const [found] = row.length === 0 ? [] : await shown(by, row)
  if (found === undefined) throw new Refusal(404, 'There is no such number.')
  return found
}

function refusal(field: string, what: string, message: string): Refusal {
  return new Refusal(422, `This ${what} cannot answer a number.`, [{ field, message }])
}

/** @throws Refusal 422: there is no such queue */
async function queueNamed({ env, member }: By, field: string, id: string): Promise<string> {
  const queueId = parseId('queue', id, member.workspaceId)
  const rows = queueId && (await stubFor(env, 'workspace', member.workspaceId).queues({ do: 'read', queueId }))
  if (!queueId || !rows?.length) throw refusal(field, 'queue', 'there is no such queue')
  return queueId
}

/** @throws Refusal 422: what is named cannot answer a number, and why */
async function leadFor(by: By, field: Field, id: string, unanswered: string | null): Promise<NewLead> {
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
    case 'user_id': {
      const people = await userIdsOf(env, workspaceId, [nameOfDesk(deskIdOf({ workspaceId, userId: id }))])
      if (![...people.values()].includes(id)) throw refused('person', 'there is no such person in the team')
      return { to: 'desk', id: deskIdOf({ workspaceId, userId: id }), unanswered }
    }
    default:
      return unreachable(field)
  }
}

/** The book of AI agents says who answers a number as well, and the page of an agent reads it there. */
async function lead({ env, member }: By, number: string, wanted: NewLead): Promise<void> {
  const book = stubFor(env, 'workspace', member.workspaceId)
  await book.releaseAiNumber(number)
  if (wanted.to === 'agent') {
    const { agentId } = wanted.order
    const agent = await agentOf(env, member.workspaceId, agentId)
    await book.assignAiNumbers(agentId, [...(agent?.numbers ?? []), number])
  }
  await stubFor(env, 'trunk', member.workspaceId).leadNumber(number, wanted)
}

/** A number in a cursor: its plus would be a space to whoever forgets to encode it. */
const digitsOf = (number: string) => number.replace(/\D/g, '')

export const numbers = bind(numberRoutes, {
  async 'GET /v1.0/numbers'(by) {
    const { cursor, limit } = by.query
    const after = numberPages.after(cursor) ?? ''
    const all = (await numbersOf(by)).sort((a, b) => (digitsOf(a.number) < digitsOf(b.number) ? -1 : 1))
    const rows = all.filter(one => digitsOf(one.number) > after).slice(0, limit)
    const ids = rows.map(one => digitsOf(one.number))
    return { items: await shown(by, rows), next: numberPages.next(ids, limit) }
  },

  async 'GET /v1.0/numbers/:number'(by) {
    return ourNumber(by, by.params.number)
  },

  async 'PUT /v1.0/numbers/:number'(by) {
    const { number } = by.params
    const now = await ourNumber(by, number)
    const wish: Wish = by.body
    const { unanswered_queue_id: wanted = null } = wish
    const asked = wanted === null ? null : await queueNamed(by, 'unanswered_queue_id', wanted)
    const unanswered = wish.unanswered_queue_id === undefined ? now.unanswered_queue_id : asked
    const leads = LEAD_FIELDS.find(field => wish[field] != null)
    if (leads !== undefined) await requireNoMask(by.env, by.member.workspaceId, [number], leads)
    const only = LEAD_FIELDS.every(field => wish[field] === undefined)
    if (only && unanswered !== null && now.user_id === null)
      throw refusal('unanswered_queue_id', 'queue', 'the number rings nobody of the team')
    // Who rings stays who they are when only the queue behind them changes.
    const named = only && now.user_id !== null ? 'user_id' : LEAD_FIELDS.find(field => wish[field] != null)
    if (named !== undefined)
      await lead(by, number, await leadFor(by, named, wish[named] ?? now[named] ?? '', unanswered))
    // What it does not lead to need not be let go: a program that says "no flow" of a desk's number leaves the desk.
    else if (LEAD_FIELDS.some(field => wish[field] === null && now[field] !== null))
      await lead(by, number, { to: 'nobody' })
    return ourNumber(by, number)
  },
})

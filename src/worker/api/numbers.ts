/** What our numbers lead to. */
import type { z } from 'zod'
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import type { Lead, NewLead } from '../../actors/trunk/leads.ts'
import { nameOfDesk } from '../../core/ids.ts'
import { LEAD_FIELDS, type numberLead, type voiceNumber } from '../../wire/flow.ts'
import { numberRoutes } from '../../wire/routes/numbers.ts'
import { numberPages } from '../../wire/routes/pages.ts'
import { userIdsOf } from '../membership.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { agentOf } from './agent-book.ts'
import { requireNoMask } from './masked-number.ts'
import { leadFor, leadShown, NOWHERE, queueNamed, refusal } from './number-leads.ts'

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

async function numbersOf({ env, member }: By): Promise<OurNumber[]> {
  const rows = await stubFor(env, 'trunk', member.workspaceId).numbers()
  return rows.map(row => ({ number: String(row.number), name: String(row.name), status: String(row.status) }))
}

async function shown({ env, member }: By, rows: readonly OurNumber[]): Promise<Shown[]> {
  const leads = await stubFor(env, 'trunk', member.workspaceId).leadsOf(rows.map(one => one.number))
  const names = leads.flatMap(lead => (lead.to === 'desk' ? [nameOfDesk(lead.id)] : []))
  const people = names.length === 0 ? new Map<string, string>() : await userIdsOf(env, member.workspaceId, names)
  const fieldsOf = (lead: Lead | undefined) => {
    if (lead?.to === 'desk') {
      const user_id = people.get(nameOfDesk(lead.id)) ?? null
      return { ...NOWHERE, user_id, unanswered_queue_id: lead.unanswered }
    }
    return leadShown(lead)
  }
  return rows.map((row, index) => ({ id: row.number, ...row, ...fieldsOf(leads[index]) }))
}

async function ourNumber(by: By, number: string): Promise<Shown> {
  const row = (await numbersOf(by)).filter(one => one.number === number)
  const [found] = row.length === 0 ? [] : await shown(by, row)
  if (found === undefined) throw new Refusal(404, 'There is no such number.')
  return found
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

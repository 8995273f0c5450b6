/** What our numbers lead to, as their page uses it. */
import type { AiAgent } from '../../../wire/ai-agent.ts'
import type { MemberRow } from '../../../wire/api.ts'
import { ask } from '../../api.ts'
import { type Led, leadOf } from './answers.ts'

interface Named {
  id: string
  name: string
}
export interface Choices {
  flows: readonly Named[]
  queues: readonly Named[]
  conferences: readonly Named[]
  agents: readonly AiAgent[]
  people: readonly MemberRow[]
  /** those whose phones are at the carrier */
  extensions: readonly { id: string; extension: string; name: string }[]
}

export const getFlows = () => ask('GET /v1.0/flows', { query: { limit: 200 } })
export const getConferences = () => ask('GET /v1.0/conferences', { query: { limit: 200 } })
/** Those that a number can ring. */
export async function getRungExtensions() {
  const { items } = await ask('GET /v1.0/extensions', { query: { limit: 200 } })
  return items.filter(one => one.at_carrier)
}
/** What each number leads to. */
export async function getLeads(): Promise<Map<string, Led>> {
  const leads = new Map<string, Led>()
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const { items, next } = await ask('GET /v1.0/numbers', { query: { limit: 200, cursor } })
    for (const one of items) leads.set(one.number, one)
    cursor = next
  }
  return leads
}

/** The number leads there from now on, and nowhere else. */
export const lead = (number: string, choice: string) =>
  ask('PUT /v1.0/numbers/:number', { params: { number }, body: leadOf(choice) })
/** Whom the person of a desk does not take waits there; null: they are asked for a message. */
export const leadUnanswered = (number: string, queueId: string | null) =>
  ask('PUT /v1.0/numbers/:number', { params: { number }, body: { unanswered_queue_id: queueId } })

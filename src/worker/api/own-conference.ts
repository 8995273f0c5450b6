/** The conference that an agent is in: they have called one of our numbers, and it leads there. */
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { type ConferenceId, parseId } from '../../core/ids.ts'
import type { Caller } from '../people.ts'
import { deskIdOf } from './own-desk.ts'

/** Null: they are in none, or by the flow of a number. */
export async function ownConferenceOf(env: Env, member: Caller): Promise<ConferenceId | null> {
  if (member.keyId !== undefined) return null
  const conversation = (await stubFor(env, 'desk', deskIdOf(member)).view())?.conversation ?? null
  if (conversation?.kind !== 'single') return null
  const { number } = conversation.contact
  return (await numbersLeading(env, member.workspaceId)).get(number) ?? null
}

/** Our numbers that lead straight to a conference, and to which. */
export async function numbersLeading(env: Env, workspaceId: string): Promise<Map<string, ConferenceId>> {
  const trunk = stubFor(env, 'trunk', workspaceId)
  const numbers = (await trunk.numbers()).map(row => String(row.number))
  const leads = await trunk.leadsOf(numbers)
  const leading = new Map<string, ConferenceId>()
  for (const [index, lead] of leads.entries()) {
    const id = lead.to === 'conference' ? parseId('conference', lead.id, workspaceId) : null
    if (id !== null) leading.set(numbers[index] ?? '', id)
  }
  return leading
}

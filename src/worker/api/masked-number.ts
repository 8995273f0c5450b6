/** A number behind which people meet leads to nothing else, and stays, until its mask is deleted. */
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { Refusal } from '../problem.ts'

/** @throws Refusal 409: one of these numbers has a mask */
export async function requireNoMask(env: Env, workspaceId: string, numbers: string[], field: string): Promise<void> {
  const leads = await stubFor(env, 'trunk', workspaceId).leadsOf(numbers)
  const at = leads.findIndex(lead => lead.to === 'mask')
  if (at < 0) return
  const message = `people meet behind ${numbers[at]}; delete its mask first`
  throw new Refusal(409, 'This number has a mask.', [{ field, message }])
}

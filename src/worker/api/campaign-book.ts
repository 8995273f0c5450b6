/** The campaigns that a workspace has. */
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { Refusal } from '../problem.ts'

export const noCampaign = () => new Refusal(404, 'There is no such campaign.')

/** Throws 404: a campaign that the book does not have is never named, because that would create its object. */
export async function requireCampaign(env: Env, workspaceId: string, id: string) {
  const known = (await stubFor(env, 'workspace', workspaceId).campaigns()).find(one => one.campaignId === id)
  if (!known) throw noCampaign()
  return known
}

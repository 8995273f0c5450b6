/** What a command of an agent is asked beside the desk's own table: the gate, the voice profile, and whether a campaign is ours. */
import { parseId, workspaceOf } from '../../core/ids.ts'
import type { Neighbours } from '../neighbours.ts'
import { campaignIn, type Permission } from './commands.ts'

export function permissionOf(near: Neighbours, deskId: string): Permission {
  return {
    judge: async ask => {
      const [verdict] = await near.actor('trunk', workspaceOf(deskId)).judge([ask])
      return verdict ?? { cleared: false, rule: 'not-a-number', untilMs: null }
    },
    reach: extension => near.actor('registrar', workspaceOf(deskId)).reach('extension', extension),
    mayPlaceCalls: async () => (await near.voiceProfile(deskId)).allowOutbound,
  }
}

/** A campaign is looked for before its session is started, because naming an unknown one would create its object. */
export async function namesUnknownCampaign(near: Neighbours, deskId: string, text: string): Promise<boolean> {
  const campaignId = campaignIn(text)
  if (campaignId === null) return false
  const workspaceId = workspaceOf(deskId)
  const ours = parseId('campaign', campaignId, workspaceId)
  return ours === null || !(await near.actor('workspace', workspaceId).hasCampaign(ours))
}

/** How the pages of campaigns ask. */
import type { CampaignBody } from '../../../wire/routes/campaigns.ts'
import { ask } from '../../api.ts'

export const getCampaign = (campaignId: string) => ask('GET /api/campaigns/:campaignId', { params: { campaignId } })
export const getSettings = (campaignId: string) =>
  ask('GET /api/campaigns/:campaignId/settings', { params: { campaignId } })
export const getOutcomes = () => ask('GET /api/outcomes')
export const saveOutcomes = (outcomes: CampaignBody['outcomes']) => ask('PUT /api/outcomes', { body: { outcomes } })
export const makeCampaign = (body: CampaignBody) => ask('POST /api/campaigns', { body })
export const saveCampaign = (campaignId: string, body: CampaignBody) =>
  ask('PUT /api/campaigns/:campaignId/settings', { params: { campaignId }, body })

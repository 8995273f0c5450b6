import type { CampaignEffect } from './state.ts'

/** Debts of one desk are paid in order, and so are those of one pool. */
export function campaignLane(effect: CampaignEffect): string {
  if ('deskId' in effect) return effect.deskId
  if ('askId' in effect) return effect.askId
  return 'batchId' in effect ? effect.batchId : effect.type
}

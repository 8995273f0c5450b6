import { tell } from '../machine.ts'
import type { CampaignEffect } from './state.ts'

/** Gives back numbers that were leased and have no leg. `askId`: of the question that they answered; a pool has many. */
export function surplus(numbers: string[], askId: string): CampaignEffect[] {
  return numbers.map((number, index) => tell({ type: 'free-number', number, leaseId: `${askId}:surplus${index}` }))
}

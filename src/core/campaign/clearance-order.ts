/** For what, by whom and in which hours the legs of a campaign's round are placed. */
import type { ClearanceOrder } from '../call/life/state.ts'
import { hoursOf } from '../clearance/local-time.ts'
import { agentOfSeat } from '../ids.ts'
import type { CampaignState } from './state.ts'

/** @param deskId the seat of the round; null: it is not known any more */
export function clearanceOf({ settings }: CampaignState, deskId: string | null): ClearanceOrder {
  const ai = deskId === null ? null : agentOfSeat(deskId)
  return {
    purpose: ai === null ? 'campaign' : 'ai-campaign',
    agent: ai ?? deskId,
    hours: settings === null ? null : hoursOf(settings.hours),
  }
}

import { govern } from '../pacing/governor.ts'
import type { Tallies } from '../pool/pool.ts'
import type { CampaignSettings, RoundPace } from './state.ts'

/** What the governor says of one agent's round of so many lines. Null: nobody governs this campaign. */
export function roundPace(settings: CampaignSettings, tallies: Tallies, perAgentMax: number): RoundPace | null {
  const { abandonMax: limit, policy } = settings
  if (limit == null) return null
  const { lines, because, forecast, expected, answerRate } = govern({
    ...{ idle: 1, ...tallies, limit },
    ...{ losers: policy.release, perAgentMax },
  })
  return { lines, because, forecast, expected, answerRate }
}

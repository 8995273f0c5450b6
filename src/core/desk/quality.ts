/** The sound of the conversation on the line, as the agent's phone hears it. The worst of a call is kept, and one alert is given. */
import type { Desk } from './decide.ts'
import type { AgentInput } from './state.ts'
import type { SoundQuality } from './view.ts'

const RANK: Record<SoundQuality, number> = { good: 0, fair: 1, poor: 2, bad: 3 }
/** From this on the sound of a call is a matter for somebody else than the agent (S4-36). */
export const ALERT_FROM: SoundQuality = 'poor'

export function qualityReported(desk: Desk, input: Extract<AgentInput, { type: 'quality.reported' }>): void {
  const { conversation } = desk.state
  const { callId, level, cause } = input
  if (conversation?.callId !== callId) return
  const { now, worst: known } = conversation.quality ?? { now: 'good', worst: 'good' }
  if (now === level) return
  const worst = RANK[level] > RANK[known] ? level : known
  desk.add({ type: 'quality-changed', at: desk.at, callId, level, worst, cause })
  if (RANK[level] >= RANK[ALERT_FROM] && RANK[known] < RANK[ALERT_FROM])
    desk.add({ type: 'quality-alerted', at: desk.at, callId, level, cause })
}

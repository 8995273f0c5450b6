/** What happens in one campaign now: its sessions, the legs of their rounds, and what its governor says. */
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import type { Leg } from '../../core/batch/state.ts'
import { type LiveCampaign, PACE_REASONS } from '../../wire/supervision.ts'

/** Each is one question to another object. */
const ROUNDS_MAX = 100

/** Null: nobody dials in it. */
export async function campaignNow(
  env: Env,
  { campaignId, name }: { campaignId: string; name: string },
): Promise<LiveCampaign | null> {
  const { state, answered, abandoned, floor } = await stubFor(env, 'campaign', campaignId).read()
  const sessions = state.sessions.filter(one => one.state !== 'finished' && one.state !== 'stopped')
  if (sessions.length === 0) return null
  const pools = state.pools ?? []
  const rounds = sessions.flatMap(one => (one.batchId !== null && one.roundOpen ? [one.batchId] : []))
  // Agents of a pool are in one batch together.
  const batches = new Set([...rounds, ...pools.map(pool => pool.batchId)])
  const read = await Promise.all(
    [...batches].slice(0, ROUNDS_MAX).map(async id => {
      const round = await stubFor(env, 'batch', id).read()
      return 'legs' in round ? round.legs : []
    }),
  )
  const legs = read.flat()
  const count = (phase: Leg['phase']) => legs.filter(leg => leg.phase === phase).length
  const paced = state.settings?.pooled ? [] : sessions
  const shared = floor?.lines != null && floor.because !== null ? [{ lines: floor.lines, because: floor.because }] : []
  const paces = [...paced.flatMap(one => (one.pace == null ? [] : [one.pace])), ...shared]
  const because = PACE_REASONS.find(reason => paces.some(one => one.because === reason))
  const max = state.settings?.abandonMax
  return {
    ...{ campaignId, name, agents: sessions.length, ringing: count('dialing'), conversations: count('won') },
    ...{ answered30Days: answered, abandoned30Days: abandoned },
    abandonMaxPercent: max == null ? null : Math.round(max * 1_000) / 10,
    pace: because === undefined ? null : { lines: paces.reduce((sum, one) => sum + one.lines, 0), because },
    at: Date.now(),
  }
}

/** The sessions of a campaign and the legs of its pools are rows: three hundred agents are more than a small state holds. */
import { isLegOf } from '../ids.ts'
import type { Growing } from '../machine.ts'
import type { PoolLeg } from '../pool/pool.ts'
import type { CampaignState, Session } from './state.ts'

export const campaignGrowing: Growing<CampaignState> = {
  rowsOf: ({ sessions, pools = [] }) => {
    const rows = new Map<string, Session | PoolLeg>(sessions.map(session => [session.deskId, session]))
    for (const { legs } of pools) for (const leg of legs) rows.set(leg.callId, leg)
    return rows
  },
  rest: state => ({
    ...state,
    sessions: [],
    ...(state.pools ? { pools: state.pools.map(pool => ({ ...pool, legs: [] })) } : {}),
  }),
  whole: (rest, rows) => {
    if (rows.size === 0) return rest
    const [sessions, legs]: [Session[], PoolLeg[]] = [[], []]
    for (const row of rows.values() as Iterable<Session | PoolLeg>) {
      if ('callId' in row) legs.push(row)
      else sessions.push(row)
    }
    const pools = rest.pools?.map(pool => ({
      ...pool,
      legs: legs.filter(({ callId }) => isLegOf(pool.batchId, callId)),
    }))
    return { ...rest, sessions, ...(pools ? { pools } : {}) }
  },
}

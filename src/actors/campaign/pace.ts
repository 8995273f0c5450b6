/** How many lines of a campaign may ring: what has happened hour by hour, and what the governor makes of it. */
import type { LegOutcome } from '../../core/batch/state.ts'
import { roundPace } from '../../core/campaign/round-pace.ts'
import type { CampaignFact, CampaignState, RoundPace } from '../../core/campaign/state.ts'
import { agentOfSeat } from '../../core/ids.ts'
import { NO_TALLY, type Tally } from '../../core/pacing/governor.ts'
import { ABANDON_MAX, type FloorView, floorView, type Tallies, wishOf } from '../../core/pool/pool.ts'

/** Shared by the newborn tables and the migration. */
export const TALLIES_TABLE =
  'CREATE TABLE IF NOT EXISTS tallies (hour INTEGER PRIMARY KEY, dialed INTEGER NOT NULL, answered INTEGER NOT NULL, abandoned INTEGER NOT NULL, expected REAL NOT NULL);'

const HOUR_MS = 3_600_000
const DAY_HOURS = 24
const MONTH_HOURS = 30 * DAY_HOURS
/** What became of a leg that a person has answered. */
const PEOPLE: readonly LegOutcome[] = ['connected', 'hung-up-early', 'no-seat', 'agent-left', 'agent-hung-up']

/** Runs in the transaction of the fact. `state`: with the fact. */
export function countFact(sql: SqlStorage, fact: CampaignFact, state: CampaignState): void {
  // An AI agent has a seat for everybody: its answers say nothing of people for whom nobody is free.
  const deskId = 'deskId' in fact ? fact.deskId : null
  if (deskId !== null && agentOfSeat(deskId) !== null) return
  switch (fact.type) {
    case 'pool-dialed':
    case 'round-opened':
      return add(sql, fact.at, { ...NO_TALLY, dialed: fact.legs.length })
    case 'leg-abandoned':
      return add(sql, fact.at, { ...NO_TALLY, abandoned: 1 })
    case 'attempt-ended': {
      if (!PEOPLE.includes(fact.outcome)) return
      const pace = state.sessions.find(session => session.deskId === fact.deskId)?.pace
      return add(sql, fact.at, { ...NO_TALLY, answered: 1, expected: fact.expected ?? pace?.expected ?? 0 })
    }
    default:
  }
}

function add(sql: SqlStorage, at: number, { dialed, answered, abandoned, expected }: Tally): void {
  const hour = Math.floor(at / HOUR_MS)
  sql.exec(
    `INSERT INTO tallies VALUES (?, ?, ?, ?, ?) ON CONFLICT (hour) DO UPDATE SET dialed = dialed + excluded.dialed,
      answered = answered + excluded.answered, abandoned = abandoned + excluded.abandoned, expected = expected + excluded.expected`,
    ...[hour, dialed, answered, abandoned, expected],
  )
  sql.exec('DELETE FROM tallies WHERE hour <= ?', hour - MONTH_HOURS)
}

const TALLY_COLUMNS = ['dialed', 'answered', 'abandoned', 'expected'] as const

/** What the governor judges by, in one pass over at most 720 rows. */
export function talliesOf(sql: SqlStorage, now: number): Tallies {
  const hour = Math.floor(now / HOUR_MS)
  const month = TALLY_COLUMNS.map(name => `COALESCE(SUM(${name}), 0) AS ${name}`)
  const day = TALLY_COLUMNS.map(name => `COALESCE(SUM(${name}) FILTER (WHERE hour > ?1), 0) AS day_${name}`)
  const select = `SELECT ${[...month, ...day].join(', ')} FROM tallies WHERE hour > ?2`
  const [row] = sql.exec(select, hour - DAY_HOURS, hour - MONTH_HOURS).toArray()
  const read = (prefix: string): Tally => ({
    ...{ dialed: Number(row?.[`${prefix}dialed`]), answered: Number(row?.[`${prefix}answered`]) },
    ...{ abandoned: Number(row?.[`${prefix}abandoned`]), expected: Number(row?.[`${prefix}expected`]) },
  })
  return { month: read(''), day: read('day_') }
}

/** Who shares the lines of a campaign, and what its governor says of them now. */
export function floorOf({ settings, pools = [] }: CampaignState, tallies: Tallies): FloorView | null {
  if (!settings) return null
  const { release } = settings.policy
  return floorView(pools, pool => wishOf(pool, tallies, settings.abandonMax ?? ABANDON_MAX, release).pace)
}

/** Of the last 30 days. */
export function tallyOfMonth(sql: SqlStorage, now: number): Tally {
  return talliesOf(sql, now).month
}

/** For one agent's round of so many lines. Null: nobody governs this campaign. */
export function paceOf(sql: SqlStorage, { settings }: CampaignState, lines: number, now: number): RoundPace | null {
  return settings?.abandonMax == null ? null : roundPace(settings, talliesOf(sql, now), lines)
}

/** What is said of a campaign at work: who shares its lines, and how many people found nobody free. */
import type { Campaign } from '../../../wire/api.ts'
import { abandonedShare, PACE_WORDS } from '../../desk/words.ts'

export function floorWords({ agents, free, ringing, lines, because }: NonNullable<Campaign['pool']>): string {
  const people = `${agents} ${agents === 1 ? 'agent' : 'agents'}, ${free} of them free; ${ringing} ${ringing === 1 ? 'line rings' : 'lines ring'}.`
  if (lines === null || because === null) return people
  return because === 'most' || because === 'nobody-free'
    ? people
    : `${people} ${lines} may ring, because ${PACE_WORDS[because]}.`
}

/** Against the limit, where there is one. */
export function abandonedWords({
  answered30Days: answered,
  abandoned30Days: abandoned,
  abandonMaxPercent: limit,
}: Campaign): string {
  const share = answered === 0 ? 'nobody has answered' : `${abandonedShare(abandoned, answered)} of ${answered}`
  return limit === null ? share : `${share}, limit ${limit} %`
}

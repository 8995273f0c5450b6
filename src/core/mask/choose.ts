/** Which of the workspace's masks two people get: the one they had before, one of their country and area, one with few sessions. */

export interface Offered {
  maskId: string
  /** E.164 */
  number: string
  /** sessions that were opened there and are not known to be over */
  sessions: number
  /** a party may have a session there with somebody else */
  busy: boolean
}

/** Best first. `before`: where these two met last; null: they never did. */
export function inOrderFor(parties: readonly string[], offered: readonly Offered[], before: string | null): Offered[] {
  const rank = (one: Offered): readonly number[] => [
    one.busy ? 1 : 0,
    one.maskId === before ? 0 : 1,
    -nearness(one.number, parties),
    one.sessions,
  ]
  return offered
    .map(one => ({ one, rank: rank(one) }))
    .sort((a, b) => compared(a.rank, b.rank) || (a.one.maskId < b.one.maskId ? -1 : 1))
    .map(({ one }) => one)
}

/** Digits from the left, country first, that a number shares with the party that it shares the fewest with. */
function nearness(number: string, parties: readonly string[]): number {
  return Math.min(...parties.map(party => shared(number, party)))
}

function shared(one: string, other: string): number {
  let at = 0
  while (at < one.length && one[at] === other[at]) at += 1
  return at
}

function compared(one: readonly number[], other: readonly number[]): number {
  for (const [at, value] of one.entries()) if (value !== other[at]) return value - (other[at] ?? 0)
  return 0
}

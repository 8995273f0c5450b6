/**
 * Chooses the numbers to dial from (S3-30…34): active, not spammed, cooled down and below their in-flight cap. The number
 * with the fewest calls in flight comes first, then the least recently used, then the least used. Fewer numbers than legs
 * shrink the round; none makes it wait.
 */
export interface CallerNumber {
  number: string
  /** `refused`: the carrier does not take calls from it */
  status: 'active' | 'released' | 'spammed' | 'refused'
  /** no dialing from it before this, ms since the epoch */
  cooldownUntil: number
  inFlight: number
  inFlightCap: number
  lastUsedAt: number
  usageCount: number
}

export interface Choice {
  /** at most `count`; a number may be here several times while its cap allows */
  numbers: string[]
  /** when the next number has cooled down; null when some were found or none ever will */
  notBefore: number | null
}

export function chooseNumbers(pool: readonly CallerNumber[], count: number, at: number): Choice {
  const eligible = pool.filter(one => one.status === 'active')
  const ready = eligible.filter(one => one.cooldownUntil <= at).map(one => ({ ...one }))
  const numbers: string[] = []
  for (let picked = best(ready); picked && numbers.length < count; picked = best(ready)) {
    numbers.push(picked.number)
    picked.inFlight += 1
    picked.lastUsedAt = at
    picked.usageCount += 1
  }
  if (numbers.length > 0) return { numbers, notBefore: null }
  const waits = eligible.map(one => one.cooldownUntil).filter(until => until > at)
  return { numbers, notBefore: waits.length > 0 ? Math.min(...waits) : null }
}

function best<T extends CallerNumber>(ready: T[]): T | undefined {
  return ready
    .filter(one => one.inFlight < one.inFlightCap)
    .sort((a, b) => a.inFlight - b.inFlight || a.lastUsedAt - b.lastUsedAt || a.usageCount - b.usageCount)[0]
}

/** The cool-down starts when the call ends (S3-64). */
export function cooledFrom(endedAt: number, cooldownMs: number): number {
  return endedAt + cooldownMs
}

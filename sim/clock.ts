/** Milliseconds since 1970 that never run backwards, even when the machine's clock is set. Whole numbers. */
export function createClock(): () => number {
  const startedAt = Date.now()
  const origin = performance.now()
  return () => startedAt + Math.floor(performance.now() - origin)
}

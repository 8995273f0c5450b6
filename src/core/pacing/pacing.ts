/**
 * Calls per second, as the carrier counts them: at most `perSecond` creates start in any window of one second. A round
 * of four on an idle account of four goes out at once; on an account of one it takes three seconds.
 *
 * @param taken slots given so far, ms since the epoch, ascending; those older than a second do not matter
 * @returns when the next call may go out, never before `now`
 */
export function takeSlot(taken: readonly number[], now: number, perSecond: number): number {
  const most = Math.max(1, Math.floor(perSecond))
  const nth = taken.at(-most)
  return nth === undefined ? now : Math.max(now, nth + 1_000)
}

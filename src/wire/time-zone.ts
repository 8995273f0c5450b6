/** Names of time zones, as people and programs give them. */
import { z } from 'zod'

/** The zone of a workspace that has set none. */
export const DEFAULT_TIME_ZONE = 'UTC'

/** A name of the IANA database that this runtime knows, as `Europe/Paris`. An offset such as `+02:00` is none: it has no summer. */
export const timeZone = z.string().max(60).refine(isTimeZone, { message: 'not a time zone such as Europe/Paris' })

export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

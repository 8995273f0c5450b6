/** The measure of a run. */

/** Requests at once. */
export const CONNECTIONS = 24
/** Refused requests between two looks at the state. */
export const BATCH = 500
/** Lawful inputs of a route that are sent one at a time, each between two looks at the state. */
export const ALONE = 25
/** An answer takes no longer than this. */
export const SLOW_MS = 5_000
/** Most inputs of a route that may change something, because the state is to be looked at and not to grow. */
export const LAWFUL_SHARE = 0.02
/** The same of a route that hashes a password, which takes a tenth of a second of a processor. */
export const HASHED_SHARE = 0.002

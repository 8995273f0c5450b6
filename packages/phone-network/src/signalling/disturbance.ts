/** Disturbances of browsers on purpose, to see how a page handles them. */
import type { SignallingError } from './signalling-errors.ts'

/**
 * `drop`: the socket is cut without a closing frame. `close`: the network ends the session; the SDK does not come back
 * by itself. `offline`: the registration is removed. `error`: an error is sent; with `retryAfter` (seconds) the socket
 * is closed after it, and the SDK waits that long.
 */
export type Disturbance = { what: 'drop' | 'close' | 'offline' } | { what: 'error'; error: SignallingError }

const RETRY_AFTER_S_MAX = 60

/** Reads a request of the control API. @throws Error that says what is wrong */
export function readDisturbance(what: string, fields: Record<string, unknown>): Disturbance {
  if (what === 'drop' || what === 'close' || what === 'offline') return { what }
  if (what !== 'error') throw new Error(`a browser cannot be made to ${what}: drop, close, offline or error`)
  const { code, message, retryAfter } = fields
  if (typeof code !== 'number' || !Number.isInteger(code)) throw new Error('code must be a whole number')
  if (retryAfter === undefined) return { what, error: { code, message: String(message ?? '') } }
  if (typeof retryAfter !== 'number' || !(retryAfter > 0 && retryAfter <= RETRY_AFTER_S_MAX)) {
    throw new Error(`retryAfter must be a number of seconds up to ${RETRY_AFTER_S_MAX}`)
  }
  return { what, error: { code, message: String(message ?? ''), retryAfter } }
}

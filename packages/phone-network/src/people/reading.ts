/** Reading values that come from files and over the control API: a wrong one gets a clear error. */

export const SCRIPT_MS_MAX = 3_600_000

/** A script that is refused; `message` says which field and why. */
export class ScriptError extends Error {}

export function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ScriptError(`${what} must be an object`)
  }
  return value as Record<string, unknown>
}

export function ms(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0 || value > SCRIPT_MS_MAX) {
    throw new ScriptError(`${what} must be a number of milliseconds from 0 to ${SCRIPT_MS_MAX}`)
  }
  return Math.round(value)
}

export function between(value: unknown, what: string, least: number, most: number): number {
  if (typeof value !== 'number' || !(value >= least && value <= most)) {
    throw new ScriptError(`${what} must be a number from ${least} to ${most}`)
  }
  return value
}

export function text(value: unknown, what: string, charsMax = 100): string {
  if (typeof value !== 'string' || value.length > charsMax) {
    throw new ScriptError(`${what} must be a text of at most ${charsMax} characters`)
  }
  return value
}

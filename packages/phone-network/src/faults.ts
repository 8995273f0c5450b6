import type { Random } from './engine/random.ts'

/** Faults on demand: which webhooks and REST requests fail, how, and how often. */

export const FAULT_RULES_MAX = 100
export const FAULT_MS_MAX = 600_000

export const FAULT_PLACES = [
  'voice',
  'status',
  'amd',
  'conference',
  'partial',
  'stream',
  'recording',
  'transcription',
  'message',
  'text',
  'text-status',
  'rest',
] as const
export type FaultPlace = (typeof FAULT_PLACES)[number]

/** See the table in `packages/phone-network/docs/control-api.md` for what each does to a webhook and to a REST request. */
export const FAULT_KINDS = [
  'drop',
  'duplicate',
  'delay',
  'reorder',
  'slow',
  '5xx',
  '429',
  '401',
  'reset',
  'connect',
  'lost',
  'skew',
] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

const REST_ONLY: FaultKind[] = ['401', 'lost']
const WEBHOOK_ONLY: FaultKind[] = ['drop', 'duplicate', 'delay', 'reorder', 'connect', 'skew']

export interface FaultRule {
  id: number
  on: FaultPlace
  what: FaultKind
  /** how often it still applies; null: without end */
  next: number | null
  /** 0…1, drawn from the seed */
  probability: number
  ms: number
  /**
   * applies only when every one of these fields has its value, e.g. {"CallStatus":"completed"} or
   * {"operation":"create"}
   */
  match: Record<string, string>
}

/** A rule that is refused; the message says which field and why. */
export class FaultError extends Error {}

export interface FaultBox {
  rules(): FaultRule[]
  /** Add a rule from outside. Throws `FaultError`. */
  add(value: unknown): FaultRule
  clear(): void
  /** The fault that applies to this webhook or request, if any. Counts it as used. */
  take(on: FaultPlace, fields: Record<string, string>): FaultRule | null
}

function readNumber(value: unknown, what: string, max: number, otherwise: number): number {
  if (value === undefined) return otherwise
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0 || value > max) {
    throw new FaultError(`${what} must be a number from 0 to ${max}`)
  }
  return value
}

function readMatch(value: unknown): Record<string, string> {
  if (value === undefined) return {}
  if (typeof value !== 'object' || value === null) throw new FaultError('match must be an object of texts')
  return Object.fromEntries(Object.entries(value).map(([key, wanted]) => [key, String(wanted)]))
}

function readRule(value: unknown, id: number): FaultRule {
  if (typeof value !== 'object' || value === null) throw new FaultError('a fault must be an object')
  const raw = value as Record<string, unknown>
  const on = FAULT_PLACES.find(place => place === raw.on)
  if (on === undefined) throw new FaultError(`on must be one of ${FAULT_PLACES.join(', ')}`)
  const what = FAULT_KINDS.find(kind => kind === raw.what)
  if (what === undefined) throw new FaultError(`what must be one of ${FAULT_KINDS.join(', ')}`)
  if ((on === 'rest' ? WEBHOOK_ONLY : REST_ONLY).includes(what)) throw new FaultError(`${what} does not exist on ${on}`)
  const next = raw.next === undefined || raw.next === null ? null : readNumber(raw.next, 'next', 1_000_000, 1)
  return {
    id,
    on,
    what,
    next,
    probability: readNumber(raw.probability, 'probability', 1, 1),
    ms: readNumber(raw.ms, 'ms', FAULT_MS_MAX, 300),
    match: readMatch(raw.match),
  }
}

export function createFaults(random: Random): FaultBox {
  let rules: FaultRule[] = []
  let ids = 0
  return {
    rules: () => rules,
    add(value) {
      if (rules.length >= FAULT_RULES_MAX) throw new FaultError(`more than ${FAULT_RULES_MAX} faults`)
      ids += 1
      const rule = readRule(value, ids)
      rules.push(rule)
      return rule
    },
    clear() {
      rules = []
    },
    take(on, fields) {
      for (const rule of rules) {
        if (rule.on !== on) continue
        if (Object.entries(rule.match).some(([key, wanted]) => fields[key] !== wanted)) continue
        if (rule.probability < 1 && random.next() >= rule.probability) continue
        if (rule.next === null) return rule
        if (rule.next <= 0) continue
        rule.next -= 1
        if (rule.next === 0) rules = rules.filter(other => other !== rule)
        return { ...rule }
      }
      return null
    },
  }
}

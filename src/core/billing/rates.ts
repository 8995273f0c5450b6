/** Rate cards: what a unit of something costs, found by the longest prefix, and the check before a card is saved. */
import { MICROS_MAX } from './ledger.ts'

/** VoIPBIN's names where it has one; `ai`, `characters` and `transcript` are ours. */
export const COST_TYPES = [
  'call_pstn_outgoing',
  'call_pstn_incoming',
  'call_vn',
  'call_extension',
  'ai',
  'characters',
  'recording',
  'transcript',
  'number',
] as const
export type CostType = (typeof COST_TYPES)[number]
/** Uses that older cards have no row for: without one they cost nothing. */
const OPTIONAL: readonly CostType[] = ['number', 'transcript']
/** A card has a row for each of the others. */
const NEEDED = COST_TYPES.filter(type => !OPTIONAL.includes(type))
export type Direction = 'incoming' | 'outgoing'

export interface Rate {
  costType: CostType
  /** null: both */
  direction: Direction | null
  /** digits with which the number begins, without its plus; empty: every number */
  prefix: string
  currency: string
  /** for each increment that has begun */
  rateMicros: number
  /** seconds, characters where characters are counted, months of a number */
  increment: number
  /** as many are charged at least, if anything is; a multiple of the increment */
  minimum: number
  /** once, if anything is */
  connectMicros: number
  /** ms since the epoch, the first included and the second not; null: open */
  validFrom: number | null
  validTo: number | null
}

export interface Card {
  /** ISO 4217 */
  currency: string
  rates: readonly Rate[]
}

export interface Used {
  costType: CostType
  direction: Direction
  /** E.164; empty: no number is involved */
  number: string
  /** seconds, characters, or months of a number */
  quantity: number
  atMs: number
}

export const RATES_MAX = 2_000
const PREFIX_DIGITS_MAX = 15
const INCREMENT_MAX = 86_400
/** The dearest second of a card cannot take a whole day of talk out of the range of the ledger. */
const RATE_MICROS_MAX = 1_000_000_000

/** The place of the rate in the card; null: the card says nothing about it. */
export function rateFor(card: Card, used: Omit<Used, 'quantity'>): number | null {
  const digits = used.number.replace(/^\+/, '')
  let best: number | null = null
  for (const [at, rate] of card.rates.entries()) {
    if (rate.costType !== used.costType || !isValid(rate, used.atMs) || !digits.startsWith(rate.prefix)) continue
    if (rate.direction !== null && rate.direction !== used.direction) continue
    const known = best === null ? undefined : card.rates[best]
    if (known === undefined || isCloser(rate, known)) best = at
  }
  return best
}

/** The longer prefix, and then the one that names the direction. */
function isCloser(rate: Rate, known: Rate): boolean {
  if (rate.prefix.length !== known.prefix.length) return rate.prefix.length > known.prefix.length
  return rate.direction !== null && known.direction === null
}

function isValid({ validFrom, validTo }: Rate, atMs: number): boolean {
  return (validFrom === null || atMs >= validFrom) && (validTo === null || atMs < validTo)
}

/** 83 s: at 60/60 two increments, at 60/1 eighty-three; the only rounding there is, and it is upward. */
export function unitsOf(rate: Rate, quantity: number): number {
  if (quantity <= 0) return 0
  return Math.ceil(Math.max(quantity, rate.minimum) / rate.increment)
}

export function priceOf(rate: Rate, quantity: number): number {
  const units = unitsOf(rate, quantity)
  return units === 0 ? 0 : rate.connectMicros + units * rate.rateMicros
}

export interface Wrong {
  /** as it was sent: `rates.3.rateMicros` */
  field: string
  message: string
}

/** Everything that keeps a card from being saved, each at its field. */
export function wrongWith(card: Card, needed: readonly CostType[] = NEEDED): Wrong[] {
  const wrong: Wrong[] = []
  if (!/^[A-Z]{3}$/.test(card.currency)) wrong.push({ field: 'currency', message: 'three capital letters, as USD' })
  if (card.rates.length > RATES_MAX) wrong.push({ field: 'rates', message: `at most ${RATES_MAX}` })
  for (const [at, rate] of card.rates.entries())
    for (const { field, message } of wrongWithRate(rate, card.currency))
      wrong.push({ field: `rates.${at}.${field}`, message })
  if (wrong.length > 0) return wrong
  return [...wrongInTime(card.rates), ...notCovered(card.rates, needed)]
}

function wrongWithRate(rate: Rate, currency: string): Wrong[] {
  const wrong: Wrong[] = []
  const whole = (field: 'rateMicros' | 'increment' | 'minimum' | 'connectMicros', least: number, most: number) => {
    const value = rate[field]
    if (!Number.isSafeInteger(value)) wrong.push({ field, message: 'a whole number' })
    else if (value < least || value > most) wrong.push({ field, message: `from ${least} to ${most}` })
  }
  whole('rateMicros', 0, RATE_MICROS_MAX)
  whole('connectMicros', 0, RATE_MICROS_MAX)
  whole('increment', 1, INCREMENT_MAX)
  whole('minimum', 0, INCREMENT_MAX)
  if (!/^[0-9]*$/.test(rate.prefix) || rate.prefix.length > PREFIX_DIGITS_MAX)
    wrong.push({ field: 'prefix', message: `digits without a plus, at most ${PREFIX_DIGITS_MAX}` })
  if (rate.currency !== currency) wrong.push({ field: 'currency', message: `the card is in ${currency}` })
  if (wrong.length === 0 && rate.minimum % rate.increment !== 0)
    wrong.push({ field: 'minimum', message: 'a multiple of the increment' })
  const { validFrom, validTo } = rate
  if (validFrom !== null && validTo !== null && validFrom >= validTo)
    wrong.push({ field: 'validTo', message: 'after the beginning' })
  return wrong
}

/** Of one prefix, one rate follows the other: no moment has two, and none between two is without. */
function wrongInTime(rates: readonly Rate[]): Wrong[] {
  const wrong: Wrong[] = []
  for (const series of seriesOf(rates).values())
    for (let i = 1; i < series.length; i += 1) {
      const [before, after] = [series[i - 1], series[i]]
      if (before === undefined || after === undefined) continue
      const [ends, begins] = [before.rate.validTo ?? Infinity, after.rate.validFrom ?? -Infinity]
      const field = `rates.${after.at}.validFrom`
      if (begins < ends) wrong.push({ field, message: `overlaps with row ${before.at + 1}` })
      if (begins > ends) wrong.push({ field, message: `leaves a gap after row ${before.at + 1}` })
    }
  return wrong
}

/** Every cost type has a rate for every number, in both directions, at all times. */
function notCovered(rates: readonly Rate[], needed: readonly CostType[]): Wrong[] {
  const wrong: Wrong[] = []
  for (const costType of needed)
    for (const direction of directionsOf(costType)) {
      const whole = rates
        .filter(rate => rate.costType === costType && rate.prefix === '')
        .filter(rate => rate.direction === null || rate.direction === direction)
      const always = whole.some(rate => rate.validFrom === null) && whole.some(rate => rate.validTo === null)
      if (!always)
        wrong.push({
          field: 'rates',
          message: `${costType}, ${direction}: no rate with an empty prefix holds at all times`,
        })
    }
  return wrong
}

export function directionsOf(costType: CostType): readonly Direction[] {
  if (costType === 'call_pstn_outgoing') return ['outgoing']
  if (costType === 'call_pstn_incoming' || costType === 'call_vn') return ['incoming']
  return ['incoming', 'outgoing']
}

function seriesOf(rates: readonly Rate[]): Map<string, { at: number; rate: Rate }[]> {
  const series = new Map<string, { at: number; rate: Rate }[]>()
  for (const [at, rate] of rates.entries()) {
    const key = `${rate.costType}~${rate.direction ?? ''}~${rate.prefix}`
    series.set(key, [...(series.get(key) ?? []), { at, rate }])
  }
  for (const list of series.values())
    list.sort((one, other) => (one.rate.validFrom ?? -Infinity) - (other.rate.validFrom ?? -Infinity))
  return series
}

/** A day of talk at the dearest rate stays inside the ledger. */
export const DEAREST_MICROS = RATE_MICROS_MAX * (INCREMENT_MAX + 1)
if (DEAREST_MICROS > MICROS_MAX) throw new Error('a charge may leave the range of the ledger')

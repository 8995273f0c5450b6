/** A rate card while it is edited: texts as they are typed, and what the server says of each field. Pure. */
import type { RateCardRow, RateRow } from '../../../wire/billing.ts'
import { readMicros, typedText } from './money.ts'

export interface RateDraft {
  /** of this row on the screen */
  key: number
  cost_type: RateRow['cost_type']
  direction: '' | 'incoming' | 'outgoing'
  prefix: string
  rate: string
  increment: string
  minimum: string
  connect: string
  /** as 2026-12-01, UTC; empty: open */
  from: string
  to: string
}
export type Field = Exclude<keyof RateDraft, 'key'>

export function draftOf({ rates }: Pick<RateCardRow, 'rates'>): RateDraft[] {
  return rates.map((rate, key) => ({
    ...{ key, cost_type: rate.cost_type, direction: rate.direction ?? '', prefix: rate.prefix },
    ...{ rate: typedText(rate.rate_micros), increment: String(rate.increment), minimum: String(rate.minimum) },
    ...{ connect: typedText(rate.connect_micros), from: dayOf(rate.valid_from), to: dayOf(rate.valid_to) },
  }))
}

const FIELDS: Record<string, Field> = {
  ...{ cost_type: 'cost_type', direction: 'direction', prefix: 'prefix', rate_micros: 'rate' },
  ...{ increment: 'increment', minimum: 'minimum', connect_micros: 'connect', valid_from: 'from', valid_to: 'to' },
}
export type Wrong = ReadonlyMap<string, string>
export const wrongKey = (row: number, field: Field) => `${row}.${field}`

/** What the server refused, at the fields of the screen; `rest` is about none of them. */
export function wrongOf(fields: readonly { field: string; message: string }[]): { wrong: Wrong; rest: string[] } {
  const wrong = new Map<string, string>()
  const rest: string[] = []
  for (const { field, message } of fields) {
    const [, row, name = ''] = /^rates\.(\d+)\.(\w+)$/.exec(field) ?? []
    const at = FIELDS[name]
    if (row === undefined || at === undefined) rest.push(message)
    else wrong.set(wrongKey(Number(row), at), message)
  }
  return { wrong, rest }
}

/** The card as it is sent, or what cannot be read as an amount or a number. */
export function cardOf(
  currency: string,
  draft: readonly RateDraft[],
): { card: { currency: string; rates: RateRow[] } } | { wrong: Wrong } {
  const wrong = new Map<string, string>()
  const rates = draft.map((one, row): RateRow => {
    const amount = (field: 'rate' | 'connect') =>
      readMicros(one[field]) ?? note(wrong, row, field, 'an amount, as 0.01')
    const whole = (field: 'increment' | 'minimum') =>
      /^\d{1,6}$/.test(one[field].trim()) ? Number(one[field]) : note(wrong, row, field, 'a whole number')
    return {
      ...{ cost_type: one.cost_type, direction: one.direction === '' ? null : one.direction },
      ...{ prefix: one.prefix.trim(), currency, rate_micros: amount('rate'), connect_micros: amount('connect') },
      ...{ increment: whole('increment'), minimum: whole('minimum') },
      ...{ valid_from: timeOf(one.from), valid_to: timeOf(one.to) },
    }
  })
  return wrong.size > 0 ? { wrong } : { card: { currency, rates } }
}

function note(wrong: Map<string, string>, row: number, field: Field, message: string): number {
  wrong.set(wrongKey(row, field), message)
  return 0
}
function dayOf(time: string | null): string {
  return time?.slice(0, 10) ?? ''
}
function timeOf(day: string): string | null {
  return day === '' ? null : `${day}T00:00:00.000Z`
}

/** What was spent on each of the last thirty days, as bars; the figures stand in a table for whoever does not see them. */
import type { DayOfBills } from '../../../wire/billing.ts'
import classes from './billing.module.css'
import { costWords } from './billing-words.ts'
import { moneyOf } from './money.ts'

const DAYS = 30
const DAY_MS = 24 * 3_600_000
const WIDTH = 600
const HEIGHT = 120
const GAP = 3

export function SpendChart({ items, currency }: { items: readonly DayOfBills[]; currency: string }) {
  const charged = items.filter(one => one.cost_type !== 'carrier')
  const today = Math.floor(Date.now() / DAY_MS)
  const days = Array.from({ length: DAYS }, (_, back) => {
    const day = new Date((today - DAYS + 1 + back) * DAY_MS).toISOString().slice(0, 10)
    return { day, micros: sumOf(charged.filter(one => one.day === day)) }
  })
  const most = Math.max(...days.map(one => one.micros))
  if (most === 0) return <p className="tl-muted">Nothing was spent within thirty days.</p>
  const step = WIDTH / DAYS
  const total = sumOf(charged)
  return (
    <figure className={classes.chart}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`Spent by day: ${moneyOf(total, currency)} within thirty days, at most ${moneyOf(most, currency)} on one day`}
        preserveAspectRatio="none"
      >
        {days.map(({ day, micros }, at) => {
          const high = micros === 0 ? 1 : Math.max(2, (micros / most) * HEIGHT)
          return (
            <rect key={day} x={at * step} y={HEIGHT - high} width={step - GAP} height={high} rx={1}>
              <title>{`${day}: ${moneyOf(micros, currency)}`}</title>
            </rect>
          )
        })}
      </svg>
      <figcaption className={classes.axis}>
        <span>{days[0]?.day}</span>
        <span>
          {moneyOf(total, currency)} in thirty days{marginWords(total, items, currency)}
        </span>
        <span>{days.at(-1)?.day}</span>
      </figcaption>
      <ByType items={charged} currency={currency} />
    </figure>
  )
}

/** What is left of it after the carrier; empty: the carrier has told no price. */
function marginWords(total: number, items: readonly DayOfBills[], currency: string): string {
  const carrier = sumOf(items.filter(one => one.cost_type === 'carrier'))
  return carrier === 0 ? '' : `, ${moneyOf(total - carrier, currency)} after the carrier`
}

function ByType({ items, currency }: { items: readonly DayOfBills[]; currency: string }) {
  const types = [...new Set(items.map(one => one.cost_type))]
  return (
    <dl className={classes.facts}>
      {types.map(type => {
        const own = items.filter(one => one.cost_type === type)
        return (
          <div key={type}>
            <dt>{costWords(type)}</dt>
            <dd className="tl-number">{moneyOf(sumOf(own), currency)}</dd>
          </div>
        )
      })}
    </dl>
  )
}

function sumOf(items: readonly { amount?: number; micros?: number }[]): number {
  return items.reduce((sum, one) => sum + (one.amount ?? one.micros ?? 0), 0)
}

/** The entries of the ledger, the newest first, to the micro. */
import { Link } from '@tanstack/react-router'
import type { Billing } from '../../../wire/billing.ts'
import { stampText } from '../../desk/time.ts'
import { ProblemBox } from '../../look/problem-box.tsx'
import { ShowMore, usePages } from '../paged-list.tsx'
import tables from '../table.module.css'
import classes from './billing.module.css'
import { csvAddress, getBills } from './billing-api.ts'
import { entryWords, usedWords } from './billing-words.ts'
import { amountText } from './money.ts'

export function EntriesPanel({ currency }: { currency: string }) {
  const { pages: bills, items } = usePages(['billing', 'entries'], getBills)
  return (
    <section className="tl-panel tl-stack" aria-labelledby="entries-title">
      <div className={tables.head}>
        <h2 id="entries-title">Entries</h2>
        <a href={csvAddress()} download="billings.csv">
          As a table (CSV)
        </a>
      </div>
      {bills.isError ? <ProblemBox title={bills.error.message} onRetry={() => void bills.refetch()} /> : null}
      {bills.isSuccess && items.length === 0 ? (
        <p className="tl-muted">Nothing is booked yet. A call stands here a few seconds after its end.</p>
      ) : null}
      {items.length === 0 ? null : <EntriesTable items={items} currency={currency} />}
      <ShowMore pages={bills}>Earlier entries</ShowMore>
    </section>
  )
}

function EntriesTable({ items, currency }: { items: readonly Billing[]; currency: string }) {
  return (
    <div className={tables.scroll}>
      <table className={tables.table}>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">What</th>
            <th scope="col">Used</th>
            <th scope="col" className={tables.wide}>
              Rate
            </th>
            <th scope="col" className={classes.money}>
              Amount, {currency}
            </th>
            <th scope="col" className={classes.money}>
              Balance
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map(one => (
            <tr key={one.id}>
              <td className="tl-number">{stampText(Date.parse(one.tm_create), true)}</td>
              <td>
                <What bill={one} />
              </td>
              <td className="tl-number">{usedWords(one)}</td>
              <td className={`tl-number ${tables.wide}`}>{rateWords(one)}</td>
              <td className={`tl-number ${classes.money}`}>
                {one.carrier_amount === null ? amountText(one.amount_credit) : `(${amountText(one.carrier_amount)})`}
                {one.uncovered_credit === 0 ? '' : ` (${amountText(one.uncovered_credit)} not covered)`}
              </td>
              <td className={`tl-number ${classes.money}`}>{amountText(one.balance_credit_snapshot)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function What({ bill }: { bill: Billing }) {
  const { reference_id: callId, reason, by } = bill
  if (callId !== null)
    return (
      <Link to="/calls/$callId" params={{ callId }}>
        {entryWords(bill)}
      </Link>
    )
  const who = by === '' ? '' : ` (${by})`
  return <>{`${entryWords(bill)}${reason === '' ? '' : `: ${reason}`}${who}`}</>
}

function rateWords({ billable_units: units, rate_credit_per_unit: rate, rate_id: row }: Billing): string {
  return units === null || rate === null ? '' : `${units} × ${amountText(rate)}, row ${row}`
}

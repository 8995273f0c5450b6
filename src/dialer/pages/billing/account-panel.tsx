/** The account: what is there, what is set aside, and how more is added. */
import { Button, NativeSelect, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { BillingAccountRow } from '../../../wire/billing.ts'
import tables from '../table.module.css'
import { useChange } from '../team/use-change.ts'
import classes from './billing.module.css'
import { correct } from './billing-api.ts'
import { moneyOf, readMicros } from './money.ts'

const TYPES = [
  { value: 'top_up', label: 'Top-up' },
  { value: 'refund', label: 'Refund' },
  { value: 'adjustment', label: 'Correction' },
]

export function AccountPanel({ account }: { account: BillingAccountRow }) {
  const { currency } = account
  const facts: [string, number][] = [
    ['Balance', account.balance_credit],
    ['Set aside for calls', account.held_credit],
    ['Spent today (UTC)', account.spent_today],
    ...(account.uncovered_credit === 0 ? [] : ([['Not covered', account.uncovered_credit]] as [string, number][])),
  ]
  return (
    <section className="tl-panel tl-stack" aria-labelledby="billing-title">
      <h1 id="billing-title">Billing</h1>
      <dl className={classes.facts}>
        {facts.map(([name, micros]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className={name === 'Balance' ? classes.balance : undefined}>{moneyOf(micros, currency)}</dd>
          </div>
        ))}
      </dl>
      <CorrectionForm account={account} />
    </section>
  )
}

function CorrectionForm({ account }: { account: BillingAccountRow }) {
  const change = useChange('billing')
  const [type, setType] = useState<'top_up' | 'refund' | 'adjustment'>('top_up')
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const amount = readMicros(typed)
  const wrong = typed !== '' && (amount === null || amount === 0 || (amount < 0 && type !== 'adjustment'))
  async function book(event: FormEvent) {
    event.preventDefault()
    if (amount === null) return
    const done = `${moneyOf(amount, account.currency)} are booked.`
    if (await change.run(() => correct(account.id, { type, amount, reason }), done)) {
      setTyped('')
      setReason('')
    }
  }
  const ready = amount !== null && !wrong && reason.trim() !== ''
  return (
    <form className={tables.filters} aria-label="Add or correct" onSubmit={event => void book(event)}>
      <NativeSelect
        label="What"
        data={TYPES}
        value={type}
        onChange={event => setType(event.currentTarget.value as typeof type)}
      />
      <TextInput
        label={`Amount, ${account.currency}`}
        inputMode="decimal"
        value={typed}
        error={wrong ? 'An amount above nothing; a correction may have a minus' : undefined}
        onChange={event => setTyped(event.currentTarget.value)}
      />
      <TextInput label="Reason" value={reason} onChange={event => setReason(event.currentTarget.value)} />
      <Button type="submit" variant="default" disabled={!ready || change.busy}>
        Book
      </Button>
    </form>
  )
}

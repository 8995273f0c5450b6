/** Whether calls need credit, the limits, and what a call hears that cannot be paid any longer. */
import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { BillingAccountRow } from '../../../wire/billing.ts'
import tables from '../table.module.css'
import { useChange } from '../team/use-change.ts'
import { saveSettings } from './billing-api.ts'
import { MODES } from './billing-words.ts'
import { readMicros, typedText } from './money.ts'

type Mode = BillingAccountRow['mode']
const NOT_AN_AMOUNT = 'An amount, as 12.50'

export function LimitsForm({ account }: { account: BillingAccountRow }) {
  const change = useChange('billing')
  const [mode, setMode] = useState<Mode>(account.mode)
  const [credit, setCredit] = useState(typedText(account.credit_limit))
  const [perDay, setPerDay] = useState(limitText(account.limit_per_day))
  const [perCall, setPerCall] = useState(limitText(account.limit_per_call))
  const [outOfMoney, setOutOfMoney] = useState(account.out_of_money)
  const [micros, day, call] = [readMicros(credit), limitOf(perDay), limitOf(perCall)]
  const ready = isLimit(micros) && isLimit(day ?? 0) && isLimit(call ?? 0) && day !== undefined && call !== undefined
  async function save(event: FormEvent) {
    event.preventDefault()
    if (!ready || micros === null || day === undefined || call === undefined) return
    const limits = { credit_limit: micros, limit_per_day: day, limit_per_call: call, out_of_money: outOfMoney }
    await change.run(() => saveSettings(account.id, { mode, ...limits }), 'The limits are saved.')
  }
  const amount = (label: string, value: string, set: (text: string) => void, good: boolean) => (
    <TextInput
      label={`${label}, ${account.currency}`}
      inputMode="decimal"
      value={value}
      error={good ? undefined : NOT_AN_AMOUNT}
      onChange={event => set(event.currentTarget.value)}
    />
  )
  return (
    <section className="tl-panel tl-stack" aria-labelledby="limits-title">
      <h2 id="limits-title">Limits</h2>
      <form className="tl-stack" aria-label="Limits" onSubmit={event => void save(event)}>
        <div className={tables.filters}>
          <NativeSelect
            label="Charging"
            data={MODES}
            value={mode}
            onChange={event => setMode(event.currentTarget.value as Mode)}
          />
          {amount('Credit may go below zero by', credit, setCredit, isLimit(micros))}
          {amount('Per day (empty: no limit)', perDay, setPerDay, day !== undefined && isLimit(day ?? 0))}
          {amount('Per call (empty: no limit)', perCall, setPerCall, call !== undefined && isLimit(call ?? 0))}
        </div>
        <Checkbox
          label="A call that cannot be paid any longer is told so and ended"
          checked={outOfMoney.end}
          onChange={event => setOutOfMoney({ ...outOfMoney, end: event.currentTarget.checked })}
        />
        <TextInput
          label="Words before it ends"
          value={outOfMoney.words}
          onChange={event => setOutOfMoney({ ...outOfMoney, words: event.currentTarget.value })}
        />
        <div>
          <Button type="submit" variant="default" disabled={!ready || outOfMoney.words === '' || change.busy}>
            Save the limits
          </Button>
        </div>
      </form>
    </section>
  )
}

function limitText(micros: number | null): string {
  return micros === null ? '' : typedText(micros)
}
/** Undefined: it is not an amount; null: there is no limit. */
function limitOf(text: string): number | null | undefined {
  return text.trim() === '' ? null : (readMicros(text) ?? undefined)
}
function isLimit(micros: number | null): boolean {
  return micros !== null && micros >= 0
}

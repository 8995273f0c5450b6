/** The rate card as a table that is edited and saved whole; what is wrong stands at its field. */
import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { RateCardRow } from '../../../wire/billing.ts'
import { ApiProblem } from '../../api.ts'
import { ProblemBox } from '../../look/problem-box.tsx'
import tables from '../table.module.css'
import { useChange } from '../team/use-change.ts'
import classes from './billing.module.css'
import { saveCard } from './billing-api.ts'
import { COST_TYPES, COST_WORDS } from './billing-words.ts'
import { cardOf, draftOf, type Field, type RateDraft, type Wrong, wrongKey, wrongOf } from './rate-draft.ts'

const NOTHING: Wrong = new Map()
const TEXTS: readonly [Exclude<Field, 'cost_type' | 'direction'>, string][] = [
  ['prefix', 'Prefix'],
  ['rate', 'Price per increment'],
  ['increment', 'Increment'],
  ['minimum', 'Minimum'],
  ['connect', 'Connection'],
  ['from', 'From'],
  ['to', 'Until'],
]
const TYPES = COST_TYPES.map(value => ({ value, label: COST_WORDS[value] }))
const DIRECTIONS = [
  { value: '', label: 'both' },
  { value: 'incoming', label: 'incoming' },
  { value: 'outgoing', label: 'outgoing' },
]

export function RateCard({ card }: { card: RateCardRow }) {
  const change = useChange('billing')
  const [rows, setRows] = useState(() => draftOf(card))
  const [wrong, setWrong] = useState(NOTHING)
  const [rest, setRest] = useState<string[]>([])
  async function save() {
    const read = cardOf(card.currency, rows)
    setRest([])
    if ('wrong' in read) return setWrong(read.wrong)
    setWrong(NOTHING)
    await change.run(async () => {
      try {
        await saveCard(read.card)
      } catch (problem) {
        const found = wrongOf(problem instanceof ApiProblem ? problem.fields : [])
        setWrong(found.wrong)
        setRest(found.rest)
        throw problem
      }
    }, 'The rate card is saved. What was charged stays as it was.')
  }
  const edit = (at: number, more: Partial<RateDraft>) =>
    setRows(before => before.map((row, index) => (index === at ? { ...row, ...more } : row)))
  const add = () => {
    const key = Math.max(-1, ...rows.map(one => one.key)) + 1
    const [first] = draftOf({ rates: [{ ...NEW, currency: card.currency }] })
    if (first !== undefined) setRows([...rows, { ...first, key }])
  }
  return (
    <section className="tl-panel tl-stack" aria-labelledby="rates-title">
      <div className={tables.head}>
        <h2 id="rates-title">Rate card</h2>
        <span className="tl-muted">
          {card.version === 0 ? 'the default card' : `version ${card.version}, by ${card.by}`}, in {card.currency}
        </span>
      </div>
      <p className="tl-muted">
        The row with the longest prefix counts. An increment is in seconds (of characters: characters), and each one
        that has begun is charged.
      </p>
      {rest.length === 0 ? null : <ProblemBox title={rest.join('; ')} />}
      <RatesTable rows={rows} wrong={wrong} onEdit={edit} onRemove={at => setRows(rows.filter((_, i) => i !== at))} />
      <div className={tables.filters}>
        <Button variant="default" onClick={add}>
          Add a row
        </Button>
        <Button disabled={change.busy} onClick={() => void save()}>
          Save the rate card
        </Button>
      </div>
    </section>
  )
}

const NEW = {
  ...{ cost_type: 'call_pstn_outgoing' as const, direction: null, prefix: '1', rate_micros: 10_000, increment: 60 },
  ...{ minimum: 60, connect_micros: 0, valid_from: null, valid_to: null },
}

interface RatesTableProps {
  rows: readonly RateDraft[]
  wrong: Wrong
  onEdit(at: number, more: Partial<RateDraft>): void
  onRemove(at: number): void
}

function RatesTable({ rows, wrong, onEdit, onRemove }: RatesTableProps) {
  return (
    <div className={tables.scroll}>
      <table className={`${tables.table} ${classes.rates}`}>
        <thead>
          <tr>
            {['What', 'Direction', ...TEXTS.map(([, words]) => words), 'Change'].map(words => (
              <th scope="col" key={words}>
                {words}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={row.key}>
              <td>
                <NativeSelect
                  aria-label={`What, row ${at + 1}`}
                  data={TYPES}
                  value={row.cost_type}
                  error={wrong.get(wrongKey(at, 'cost_type'))}
                  onChange={event => onEdit(at, { cost_type: event.currentTarget.value as RateDraft['cost_type'] })}
                />
              </td>
              <td>
                <NativeSelect
                  aria-label={`Direction, row ${at + 1}`}
                  data={DIRECTIONS}
                  value={row.direction}
                  error={wrong.get(wrongKey(at, 'direction'))}
                  onChange={event => onEdit(at, { direction: event.currentTarget.value as RateDraft['direction'] })}
                />
              </td>
              {TEXTS.map(([field, words]) => (
                <td key={field}>
                  <TextInput
                    aria-label={`${words}, row ${at + 1}`}
                    type={field === 'from' || field === 'to' ? 'date' : 'text'}
                    value={row[field]}
                    error={wrong.get(wrongKey(at, field))}
                    onChange={event => onEdit(at, { [field]: event.currentTarget.value })}
                  />
                </td>
              ))}
              <td>
                <Button variant="default" aria-label={`Remove row ${at + 1}`} onClick={() => onRemove(at)}>
                  Remove
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

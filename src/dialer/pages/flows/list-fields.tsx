/** Fields that are lists of pairs: a value and its step, a variable and its place, the hours of a week. */
import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { useContext } from 'react'
import type { Json } from '../../../core/flow/flow.ts'
import { FieldGroup, type FieldProps, FlowContext, nameOf, targetsAmong } from './field-frame.tsx'
import classes from './flow-editor.module.css'
import { isMap } from './steps.ts'

type Pair = readonly [string, Json]

export function MapField({ field, value, error, onChange }: FieldProps) {
  const { steps, readOnly } = useContext(FlowContext)
  const pairs: Pair[] = isMap(value) ? Object.entries(value) : []
  const name = nameOf(field)
  const toSteps = field.kind === 'steps-by-value'
  const save = (next: readonly Pair[]) => onChange(next.length === 0 ? undefined : Object.fromEntries(next))
  const replace = (at: number, pair: Pair) => save(pairs.map((one, index) => (index === at ? pair : one)))
  return (
    <FieldGroup field={field} error={error}>
      {pairs.map(([key, to], at) => (
        // A pair is known by its place, so that the field keeps the focus while its key is typed.
        <div key={at} className={classes.line}>
          <KeyInput
            label={`${name}, value ${at + 1}`}
            value={key}
            readOnly={readOnly}
            taken={pairs.map(([one]) => one)}
            onChange={next => replace(at, [next, to])}
          />
          {toSteps ? (
            <NativeSelect
              aria-label={`${name}, step of ${key}`}
              value={String(to)}
              disabled={readOnly}
              data={[{ value: '', label: '' }, ...targetsAmong(steps, to)]}
              onChange={event => replace(at, [key, event.currentTarget.value])}
            />
          ) : (
            <TextInput
              aria-label={`${name}, place of ${key}`}
              value={String(to)}
              readOnly={readOnly}
              onChange={event => replace(at, [key, event.currentTarget.value])}
            />
          )}
          {readOnly ? null : (
            <Button variant="default" size="compact-sm" onClick={() => save(pairs.filter((_, index) => index !== at))}>
              Remove<span className="tl-hidden"> {`${name} ${key}`}</span>
            </Button>
          )}
        </div>
      ))}
      {readOnly ? null : (
        <div>
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => save([...pairs, [freeKey(pairs, toSteps), toSteps ? (steps[0]?.id ?? '') : '']])}
          >
            Add<span className="tl-hidden"> to {name}</span>
          </Button>
        </div>
      )}
    </FieldGroup>
  )
}

interface KeyInputProps {
  label: string
  value: string
  readOnly: boolean
  taken: readonly string[]
  onChange(value: string): void
}

function KeyInput({ label, value, readOnly, taken, onChange }: KeyInputProps) {
  return (
    <TextInput
      aria-label={label}
      value={value}
      readOnly={readOnly}
      autoComplete="off"
      // Two pairs of one key would become one, and the other would be lost without a word.
      onChange={event => {
        const next = event.currentTarget.value
        if (next === value || !taken.includes(next)) onChange(next)
      }}
    />
  )
}

/** The first key of a phone that leads nowhere yet; for a variable a name. */
function freeKey(pairs: readonly Pair[], isKeys: boolean): string {
  const taken = pairs.map(([key]) => key)
  for (let number = 1; ; number += 1) {
    const key = isKeys ? String(number) : `variable${number}`
    if (!taken.includes(key)) return key
  }
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const WORKING_WEEK = { days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }

export function IntervalsField({ field, value, error, onChange }: FieldProps) {
  const { readOnly } = useContext(FlowContext)
  const list = Array.isArray(value) ? (value as readonly Json[]) : []
  const save = (next: readonly Json[]) => onChange(next.length === 0 ? undefined : next)
  return (
    <FieldGroup field={field} error={error}>
      {list.map((one, at) => (
        <Interval
          key={at}
          number={at + 1}
          value={one}
          onChange={next => save(list.map((other, index) => (index === at ? next : other)))}
          onRemove={() => save(list.filter((_, index) => index !== at))}
        />
      ))}
      {readOnly ? null : (
        <div>
          <Button variant="default" size="compact-sm" onClick={() => save([...list, WORKING_WEEK])}>
            Add hours
          </Button>
        </div>
      )}
    </FieldGroup>
  )
}

interface IntervalProps {
  number: number
  value: Json
  onChange(value: Json): void
  onRemove(): void
}

function Interval({ number, value, onChange, onRemove }: IntervalProps) {
  const { readOnly } = useContext(FlowContext)
  const { days = [], from = '', to = '' } = isMap(value) ? value : {}
  const chosen = Array.isArray(days) ? (days as readonly Json[]) : []
  const time = (label: string, name: 'from' | 'to', now: Json) => (
    <TextInput
      aria-label={`Hours ${number}, ${label}`}
      placeholder="09:00"
      value={String(now)}
      readOnly={readOnly}
      onChange={event => onChange({ days, from, to, [name]: event.currentTarget.value })}
    />
  )
  return (
    <div className="tl-stack">
      <div className="tl-row">
        {DAYS.map((words, day) => (
          <Checkbox
            key={words}
            label={words}
            aria-label={`Hours ${number}, ${words}`}
            disabled={readOnly}
            checked={chosen.includes(day)}
            onChange={event => {
              const others = chosen.filter(one => one !== day)
              const next = event.currentTarget.checked ? [...others, day] : others
              onChange({ days: next.map(Number).sort((a, b) => a - b), from, to })
            }}
          />
        ))}
      </div>
      <div className={classes.line}>
        {time('from', 'from', from)}
        {time('to', 'to', to)}
        {readOnly ? null : (
          <Button variant="default" size="compact-sm" onClick={onRemove}>
            Remove<span className="tl-hidden"> hours {number}</span>
          </Button>
        )}
      </div>
    </div>
  )
}

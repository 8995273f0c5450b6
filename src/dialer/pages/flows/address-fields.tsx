/** Fields of those who are called. */
import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useContext } from 'react'
import { ADDRESS_TYPES } from '../../../core/flow/fields.ts'
import type { Json } from '../../../core/flow/flow.ts'
import { FieldGroup, type FieldProps, FlowContext, nameOf } from './field-frame.tsx'
import classes from './flow-editor.module.css'
import { isMap } from './steps.ts'

const EMPTY = { type: 'tel', target: '' }

export function AddressField({ field, value, error, onChange }: FieldProps) {
  const name = nameOf(field)
  return (
    <FieldGroup field={field} error={error}>
      <Address
        name={name}
        value={value}
        onChange={next => onChange(next.target === '' && !field.required ? undefined : next)}
      />
    </FieldGroup>
  )
}

export function AddressesField({ field, value, error, onChange }: FieldProps) {
  const { readOnly } = useContext(FlowContext)
  const list = Array.isArray(value) ? (value as readonly Json[]) : []
  const name = nameOf(field)
  return (
    <FieldGroup field={field} error={error}>
      {list.map((one, at) => (
        <div key={at} className={classes.line}>
          <Address
            name={`${name} ${at + 1}`}
            value={one}
            onChange={next => onChange(list.map((other, index) => (index === at ? next : other)))}
          />
          {readOnly ? null : (
            <Button
              variant="default"
              size="compact-sm"
              onClick={() => onChange(list.filter((_, index) => index !== at))}
            >
              Remove<span className="tl-hidden"> {`${name} ${at + 1}`}</span>
            </Button>
          )}
        </div>
      ))}
      {readOnly ? null : (
        <div>
          <Button variant="default" size="compact-sm" onClick={() => onChange([...list, EMPTY])}>
            Add<span className="tl-hidden"> to {name}</span>
          </Button>
        </div>
      )}
    </FieldGroup>
  )
}

interface AddressProps {
  name: string
  value: Json | undefined
  onChange(value: { type: string; target: string }): void
}

function Address({ name, value, onChange }: AddressProps) {
  const { readOnly } = useContext(FlowContext)
  const map = isMap(value) ? value : EMPTY
  const now = { ...map, type: String(map.type ?? 'tel'), target: String(map.target ?? '') }
  return (
    <>
      <NativeSelect
        aria-label={`${name}, kind`}
        value={now.type}
        disabled={readOnly}
        data={[...ADDRESS_TYPES]}
        onChange={event => onChange({ ...now, type: event.currentTarget.value })}
      />
      <TextInput
        aria-label={`${name}, who`}
        placeholder={now.type === 'tel' ? '+14155550100' : undefined}
        value={now.target}
        readOnly={readOnly}
        autoComplete="off"
        onChange={event => onChange({ ...now, target: event.currentTarget.value })}
      />
    </>
  )
}

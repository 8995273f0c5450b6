/** The form of a step's option, made from the row of its verb. What the check says of a field stands at it. */
import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useContext } from 'react'
import type { Json } from '../../../core/flow/flow.ts'
import { AddressesField, AddressField } from './address-fields.tsx'
import { type Choice, type FieldProps, FlowContext, nameOf, targetsAmong } from './field-frame.tsx'
import { IntervalsField, MapField } from './list-fields.tsx'

/** The longest text that stands in one line. */
const LINE_CHARS = 300

export function OptionField(props: FieldProps) {
  const { field, error } = props
  const { known } = useContext(FlowContext)
  const things = known[field.name]
  if (things !== undefined && things.length > 0) return <ThingField {...props} things={things} />
  switch (field.kind) {
    case 'yes-no':
      return <YesNoField {...props} />
    case 'choice':
      return <ChoiceField {...props} />
    case 'step':
      return <StepField {...props} />
    case 'steps-by-value':
    case 'variables':
      return <MapField {...props} />
    case 'address':
      return <AddressField {...props} />
    case 'addresses':
      return <AddressesField {...props} />
    case 'intervals':
      return <IntervalsField {...props} />
    case 'integer':
    case 'number':
      return <TextField {...props} read={numberIn} inputMode="decimal" />
    case 'urls':
    case 'texts':
    case 'dates':
      return <TextField {...props} rows={2} write={linesOf} read={linesIn} />
    case 'integers':
      return <TextField {...props} write={commasOf} read={numbersIn} />
    case 'actions':
    case 'object':
      return <TextField {...props} rows={4} write={jsonOf} read={jsonIn} />
    case 'text':
      return <TextField {...props} {...((field.max ?? 0) > LINE_CHARS && { rows: 3 })} />
    case 'url':
    case 'variable':
    case 'zone':
      return <TextField {...props} />
    default:
      return <p role="alert">{error ?? `A field of an unknown kind: ${field.name}`}</p>
  }
}

interface TextFieldProps extends FieldProps {
  rows?: number
  inputMode?: 'decimal'
  write?(value: Json | undefined): string
  read?(text: string): Json | undefined
}

function TextField({ field, value, error, onChange, rows, inputMode, write = textOf, read = textIn }: TextFieldProps) {
  const { readOnly } = useContext(FlowContext)
  const shared = {
    label: nameOf(field),
    description: field.help,
    required: field.required === true,
    placeholder: field.default === undefined ? undefined : String(field.default),
    error,
    inputMode,
    readOnly,
    autoComplete: 'off',
    value: write(value),
  }
  return rows === undefined ? (
    <TextInput {...shared} onChange={event => onChange(read(event.currentTarget.value))} />
  ) : (
    <Textarea {...shared} rows={rows} onChange={event => onChange(read(event.currentTarget.value))} />
  )
}

function YesNoField({ field, value, error, onChange }: FieldProps) {
  const { readOnly } = useContext(FlowContext)
  return (
    <Checkbox
      label={nameOf(field)}
      description={field.help}
      error={error}
      disabled={readOnly}
      checked={(value ?? field.default) === true}
      onChange={event => onChange(event.currentTarget.checked)}
    />
  )
}

function ChoiceField(props: FieldProps) {
  const { field } = props
  const choices = (field.choices ?? []).map(one => ({ value: one, label: one === '' ? 'none' : one }))
  const needsNone = field.default === undefined && !choices.some(one => one.value === '')
  return <Select {...props} choices={needsNone ? [{ value: '', label: '' }, ...choices] : choices} />
}

function ThingField({ things, ...props }: FieldProps & { things: readonly { value: string; label: string }[] }) {
  const { value } = props
  const odd = typeof value === 'string' && value !== '' && !things.some(one => one.value === value)
  const gone = odd ? [{ value, label: `${value} (not here)` }] : []
  return <Select {...props} choices={[{ value: '', label: '' }, ...things, ...gone]} />
}

function StepField(props: FieldProps) {
  const { steps } = useContext(FlowContext)
  return <Select {...props} choices={[{ value: '', label: '' }, ...targetsAmong(steps, props.value)]} />
}

function Select({ field, value, error, onChange, choices }: FieldProps & { choices: Choice[] }) {
  const { readOnly } = useContext(FlowContext)
  return (
    <NativeSelect
      label={nameOf(field)}
      description={field.help}
      required={field.required === true}
      error={error}
      disabled={readOnly}
      value={String(value ?? field.default ?? '')}
      data={choices}
      onChange={event => onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
    />
  )
}
const textOf = (value: Json | undefined) => (value === undefined || value === null ? '' : String(value))
const textIn = (text: string) => (text === '' ? undefined : text)
/** What is no number stays a text, and the check says so. */
const numberIn = (text: string) =>
  text.trim() === '' ? undefined : Number.isFinite(Number(text)) ? Number(text) : text
const linesOf = (value: Json | undefined) => (Array.isArray(value) ? value.join('\n') : textOf(value))
const linesIn = (text: string) => (text === '' ? undefined : text.split('\n'))
const commasOf = (value: Json | undefined) => (Array.isArray(value) ? value.join(', ') : textOf(value))
function numbersIn(text: string): Json | undefined {
  const parts = text.split(',').map(one => one.trim())
  if (text.trim() === '') return undefined
  return parts.every(one => /^-?\d+$/.test(one)) ? parts.map(Number) : text
}
const jsonOf = (value: Json | undefined) =>
  typeof value === 'string' || value === undefined ? textOf(value) : JSON.stringify(value, null, 2)
function jsonIn(text: string): Json | undefined {
  try {
    return text.trim() === '' ? undefined : (JSON.parse(text) as Json)
  } catch {
    return text
  }
}

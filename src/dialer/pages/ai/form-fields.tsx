/** Fields of the AI forms. Each knows its path in the data, shows the server's error for it, and can be read-only. */
import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { createContext, type ReactNode, useContext } from 'react'
import { type AgentDraft, errorAt, type FieldError } from './agent-draft.ts'

export interface FormState {
  draft: AgentDraft
  change(change: Partial<AgentDraft>): void
  errors: readonly FieldError[]
  /** the person may read and not edit */
  readOnly: boolean
}

export const FormContext = createContext<FormState | null>(null)
/** The part of a form's state that every field needs. */
export const FieldsContext = createContext<Pick<FormState, 'errors' | 'readOnly'>>({ errors: [], readOnly: false })

export function useForm(): FormState {
  const form = useContext(FormContext)
  if (form === null) throw new Error('a field stands outside of its form')
  return form
}

interface TextProps {
  /** the server's name of the field */
  path: string
  label: string
  value: string
  onChange(value: string): void
  description?: string
  rows?: number
  maxLength?: number
  required?: boolean
  mono?: boolean
  inputMode?: 'decimal' | 'url'
  placeholder?: string
}

export function Text({ path, rows, onChange, mono, ...rest }: TextProps) {
  const { errors, readOnly } = useContext(FieldsContext)
  const shared = {
    ...rest,
    error: errorAt(errors, path),
    readOnly,
    autoComplete: 'off',
    classNames: mono ? { input: 'tl-number' } : undefined,
  }
  return rows === undefined ? (
    <TextInput {...shared} onChange={event => onChange(event.currentTarget.value)} />
  ) : (
    <Textarea {...shared} rows={rows} onChange={event => onChange(event.currentTarget.value)} />
  )
}

interface TickProps {
  label: ReactNode
  description?: string
  checked: boolean
  onChange(checked: boolean): void
  disabled?: boolean
}

export function Tick({ onChange, disabled = false, ...rest }: TickProps) {
  const { readOnly } = useContext(FieldsContext)
  return (
    <Checkbox {...rest} disabled={readOnly || disabled} onChange={event => onChange(event.currentTarget.checked)} />
  )
}

interface ChoiceProps<T extends string> {
  /** the server's name of the field, if it may report an error for it */
  path?: string
  label: string
  value: T
  choices: readonly (readonly [T, string])[]
  onChange(value: T): void
}

export function Choice<T extends string>({ path, label, value, choices, onChange }: ChoiceProps<T>) {
  const { errors, readOnly } = useContext(FieldsContext)
  return (
    <NativeSelect
      label={label}
      error={path === undefined ? undefined : errorAt(errors, path)}
      value={value}
      disabled={readOnly}
      data={choices.map(([id, words]) => ({ value: id, label: words }))}
      onChange={event => onChange(event.currentTarget.value as T)}
    />
  )
}

/** Returns the list with a change of one item. */
export function replaced<T>(list: readonly T[], at: number, change: Partial<T>): T[] {
  return list.map((item, index) => (index === at ? { ...item, ...change } : item))
}

export function without<T>(list: readonly T[], at: number): T[] {
  return list.filter((_, index) => index !== at)
}

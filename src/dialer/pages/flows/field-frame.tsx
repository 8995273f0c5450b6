/** What the fields of a flow share: the flow that they stand in, their frame, their name in words. */
import { createContext, type ReactNode } from 'react'
import { FINISH_ID, type Json, NEXT_ID } from '../../../core/flow/flow.ts'
import type { Field } from '../../../core/flow/verbs/verb.ts'
import classes from './flow-editor.module.css'
import { type Known, labelOf, type Step } from './steps.ts'

/** What the fields of a step need to know. */
interface FieldsOfFlow {
  steps: readonly Step[]
  readOnly: boolean
  known: Known
}
export const FlowContext = createContext<FieldsOfFlow>({ steps: [], readOnly: true, known: {} })

export interface FieldProps {
  field: Field
  value: Json | undefined
  error: string | undefined
  onChange(value: Json | undefined): void
}

/** The name of a field in words: `no_answer_target_id` → `No answer target`. */
export function nameOf({ name }: Field): string {
  const words = name.replace(/_ids?$/, '').replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export interface Choice {
  value: string
  label: string
}

/** The places that a step may lead to. */
export function targetsAmong(steps: readonly Step[], now: Json | undefined): Choice[] {
  const places = steps.map(one => ({ value: one.id, label: `${one.id} (${labelOf(one)})` }))
  const all = [...places, { value: NEXT_ID, label: 'the next step' }, { value: FINISH_ID, label: 'the end' }]
  return typeof now !== 'string' || now === '' || all.some(one => one.value === now)
    ? all
    : [...all, { value: now, label: `${now} (not here)` }]
}

/** A frame around fields that belong together. */
export function FieldGroup({
  field,
  error,
  children,
}: {
  field: Field
  error: string | undefined
  children: ReactNode
}) {
  return (
    <fieldset className={`${classes.group} tl-stack`}>
      <legend>
        <strong>{nameOf(field)}</strong>
        <span className={`${classes.help} tl-small tl-muted`}>{field.help}</span>
      </legend>
      {error === undefined ? null : (
        <p role="alert" className={classes.wrong}>
          {error}
        </p>
      )}
      {children}
    </fieldset>
  )
}

/** The chosen step: its name, its option, and the step that comes next. */
import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useContext, useState } from 'react'
import { ID_CHARS_MAX, type Json } from '../../../core/flow/flow.ts'
import { verbName, verbOf } from '../../../core/flow/verbs/table.ts'
import { FlowContext, targetsAmong } from './field-frame.tsx'
import classes from './flow-editor.module.css'
import { OptionField } from './option-fields.tsx'
import { type Problem, problemAt } from './problems.ts'
import { fieldsOf, labelOf, type Step, withExit, withField } from './steps.ts'

interface StepFormProps {
  step: Step
  problems: readonly Problem[]
  /** `about`: edits of one thing are undone together; null: by itself */
  onChange(change: (step: Step) => Step, about: string | null): void
  onRename(id: string): void
  onMove(by: -1 | 1): void
  onRemove(): void
}

export function StepForm({ step, problems, onChange, onRename, onMove, onRemove }: StepFormProps) {
  const { steps, readOnly } = useContext(FlowContext)
  const verb = verbName(step.type)
  const own = problems.filter(one => one.stepId === step.id)
  const fields = fieldsOf(step)
  const named = new Set([...fields.map(one => one.name), 'next_id', 'id'])
  const place = steps.findIndex(one => one.id === step.id)
  const set = (name: string, value: Json | undefined) =>
    onChange(one => withField(one, name, value), `${step.id} ${name}`)
  return (
    <section className="tl-panel tl-stack" aria-labelledby="step-title">
      <h2 id="step-title">{labelOf(step)}</h2>
      {verb === null ? null : <p className="tl-muted">{verbOf(verb).help}</p>}
      {own
        .filter(one => one.field === null || !named.has(one.field))
        .map(one => (
          <p key={one.message} role="alert" className={one.odd ? 'tl-muted' : classes.wrong}>
            {one.message}
          </p>
        ))}
      <StepName key={step.id} step={step} error={problemAt(own, 'id')} onRename={onRename} />
      {fields.map(field => (
        <OptionField
          key={`${step.id} ${field.name}`}
          field={field}
          value={step.option[field.name]}
          error={problemAt(own, field.name)}
          onChange={value => set(field.name, value)}
        />
      ))}
      {verb !== null && verbOf(verb).class === 'ends' ? null : (
        <NativeSelect
          label="Then"
          error={problemAt(own, 'next_id')}
          disabled={readOnly}
          value={step.next_id ?? ''}
          data={[{ value: '', label: 'the next in the list' }, ...targetsAmong(steps, step.next_id).slice(0, -2)]}
          onChange={event => {
            const to = event.currentTarget.value
            onChange(one => withExit(one, 'next_id', to === '' ? null : to), null)
          }}
        />
      )}
      {readOnly ? null : (
        <div className="tl-row">
          <Button variant="default" disabled={place <= 0} onClick={() => onMove(-1)}>
            Move up
          </Button>
          <Button variant="default" disabled={place >= steps.length - 1} onClick={() => onMove(1)}>
            Move down
          </Button>
          <Button variant="default" disabled={steps.length === 1} onClick={onRemove}>
            Remove the step
          </Button>
        </div>
      )}
    </section>
  )
}

/** The id is changed when the field is left: each letter of it would be another id. */
function StepName({ step, error, onRename }: { step: Step; error: string | undefined; onRename(id: string): void }) {
  const { steps, readOnly } = useContext(FlowContext)
  const [id, setId] = useState(step.id)
  const taken = id !== step.id && steps.some(one => one.id === id)
  return (
    <TextInput
      label="Id of the step"
      description="Other steps lead here by it."
      error={taken ? 'another step has this id' : error}
      readOnly={readOnly}
      maxLength={ID_CHARS_MAX}
      value={id}
      onChange={event => setId(event.currentTarget.value)}
      onBlur={() => {
        const next = id.trim()
        if (next === '' || taken) setId(step.id)
        else if (next !== step.id) onRename(next)
      }}
    />
  )
}

/** The steps as a list: all that the canvas shows, for a keyboard, a screen reader and a narrow window. */
import { useContext } from 'react'
import { FlowContext } from './field-frame.tsx'
import classes from './flow-editor.module.css'
import type { Problem } from './problems.ts'
import { exitsOf, labelOf, type Step, summaryOf } from './steps.ts'

interface StepListProps {
  steps: readonly Step[]
  problems: readonly Problem[]
  chosen: string | null
  onChoose(id: string): void
}

export function StepList({ steps, problems, chosen, onChoose }: StepListProps) {
  const { known } = useContext(FlowContext)
  return (
    <ol className={`${classes.steps} tl-stack`} aria-label="Steps">
      {steps.map((step, place) => {
        const wrong = problems.filter(one => one.stepId === step.id && !one.odd)
        const exits = exitsOf(steps, place).filter(one => !one.implied && one.to !== null)
        return (
          <li key={step.id} data-chosen={step.id === chosen}>
            <button type="button" aria-pressed={step.id === chosen} onClick={() => onChoose(step.id)}>
              {place + 1}. {labelOf(step)} <span className="tl-number tl-muted">{step.id}</span>
            </button>
            {summaryOf(step, known) === '' ? null : <span className={classes.cut}>{summaryOf(step, known)}</span>}
            {exits.length === 0 ? null : (
              <span className="tl-small tl-muted">{exits.map(one => `${one.label} → ${one.to}`).join(', ')}</span>
            )}
            {wrong.map(one => (
              <span key={`${one.field} ${one.message}`} className={`${classes.wrong} tl-small`}>
                {[one.field, one.message].filter(part => part !== null).join(': ')}
              </span>
            ))}
          </li>
        )
      })}
    </ol>
  )
}

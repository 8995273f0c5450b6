/** The outcomes of a campaign: what the agent sees on the keys 1 to 9, and what becomes of the person. */
import { Button } from '@mantine/core'
import { Choice, replaced, Text, without } from '../ai/form-fields.tsx'
import { CONSEQUENCE_WORDS, OUTCOMES_MAX, type OutcomeDraft } from './campaign-draft.ts'
import classes from './outcome-fields.module.css'

interface OutcomeFieldsProps {
  outcomes: readonly OutcomeDraft[]
  onChange(outcomes: OutcomeDraft[]): void
}

export function OutcomeFields({ outcomes, onChange }: OutcomeFieldsProps) {
  const add = () => onChange([...outcomes, { outcomeId: '', label: '', consequence: 'done' }])
  return (
    <fieldset className={`tl-stack ${classes.outcomes}`}>
      <legend>Outcomes</legend>
      {outcomes.map((one, index) => (
        // The place is the key that the agent presses, and nothing else names an outcome that is being written.
        <div key={index} className={classes.outcome}>
          <Text
            path={`outcomes.${index}.label`}
            label={`Key ${index + 1}`}
            maxLength={80}
            value={one.label}
            onChange={label => onChange(replaced(outcomes, index, { label }))}
          />
          <Choice
            path={`outcomes.${index}.outcomeId`}
            label={`The person of key ${index + 1}`}
            value={one.consequence}
            choices={CONSEQUENCE_WORDS}
            onChange={consequence => onChange(replaced(outcomes, index, { consequence }))}
          />
          <Button
            variant="default"
            aria-label={`Remove the outcome of key ${index + 1}`}
            disabled={outcomes.length === 1}
            onClick={() => onChange(without(outcomes, index))}
          >
            Remove
          </Button>
        </div>
      ))}
      <div>
        <Button variant="default" disabled={outcomes.length >= OUTCOMES_MAX} onClick={add}>
          Add an outcome
        </Button>
      </div>
    </fieldset>
  )
}

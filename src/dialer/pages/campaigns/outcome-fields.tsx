/** The outcomes of a campaign: the key, what becomes of the person, and what the agent gives first. */
import { Button, NumberInput } from '@mantine/core'
import { useContext, useState } from 'react'
import { OUTCOMES_MAX, type Tone } from '../../../core/campaign/dispositions.ts'
import { errorAt } from '../ai/agent-draft.ts'
import { Choice, FieldsContext, replaced, Text, Tick, without } from '../ai/form-fields.tsx'
import { added, CONSEQUENCE_WORDS, callsAgain, keysFor, moved, NEED_WORDS, type OutcomeDraft } from './outcome-draft.ts'
import classes from './outcome-fields.module.css'
import { WorkspaceOutcomes } from './workspace-outcomes.tsx'

interface OutcomeFieldsProps {
  outcomes: readonly OutcomeDraft[]
  onChange(outcomes: OutcomeDraft[]): void
}
/** So many steps can be taken back. */
const UNDO_MAX = 50

export function OutcomeFields({ outcomes, onChange }: OutcomeFieldsProps) {
  const [before, setBefore] = useState<{ what: string; list: readonly OutcomeDraft[] }[]>([])
  /** Letters of one field are one step. */
  const change = (what: string, list: OutcomeDraft[]) => {
    if (before.at(-1)?.what !== what || what === '') setBefore([...before, { what, list: outcomes }].slice(-UNDO_MAX))
    onChange(list)
  }
  const undo = () => {
    const last = before.at(-1)
    if (last === undefined) return
    setBefore(before.slice(0, -1))
    onChange([...last.list])
  }
  return (
    <fieldset className={`tl-stack ${classes.outcomes}`}>
      <legend>Outcomes</legend>
      <ol className={classes.rows}>
        {outcomes.map((one, index) => (
          // Two may have one label while they are written, and a new one has no id.
          <li key={index}>
            <OutcomeRow outcomes={outcomes} one={one} index={index} change={change} />
          </li>
        ))}
      </ol>
      <div className={classes.actions}>
        <Button
          variant="default"
          disabled={outcomes.length >= OUTCOMES_MAX}
          onClick={() => change('', added(outcomes))}
        >
          Add an outcome
        </Button>
        <Button variant="default" disabled={before.length === 0} onClick={undo}>
          Undo
        </Button>
        <WorkspaceOutcomes outcomes={outcomes} onTake={list => change('', list)} />
      </div>
    </fieldset>
  )
}

const TONES: readonly (readonly [Tone, string])[] = [
  ['good', 'good'],
  ['neutral', 'neutral'],
  ['bad', 'bad'],
]
const WHOSE = [
  ['anyone', 'whoever is free'],
  ['mine', 'the agent who promised it'],
] as const

interface RowProps {
  outcomes: readonly OutcomeDraft[]
  one: OutcomeDraft
  index: number
  change(what: string, list: OutcomeDraft[]): void
}

function OutcomeRow({ outcomes, one, index, change }: RowProps) {
  const { errors } = useContext(FieldsContext)
  const name = one.label.trim() === '' ? `outcome ${index + 1}` : one.label
  const set = (what: string, next: Partial<OutcomeDraft>) => change(`${what}:${index}`, replaced(outcomes, index, next))
  const path = (field: string) => `outcomes.${index}.${field}`
  const keys = keysFor(outcomes, one.key).map(key => [key, key.toUpperCase()] as const)
  return (
    <fieldset className={classes.outcome} aria-label={name} data-tone={one.tone}>
      <Choice path={path('key')} label="Key" value={one.key} choices={keys} onChange={key => set('key', { key })} />
      <Text
        path={path('label')}
        label="Outcome"
        maxLength={80}
        value={one.label}
        onChange={label => set('label', { label })}
      />
      <Choice
        path={path('consequence')}
        label="The person"
        value={one.consequence}
        choices={CONSEQUENCE_WORDS}
        onChange={consequence => set('', { consequence })}
      />
      <Choice label="Colour" value={one.tone} choices={TONES} onChange={tone => set('', { tone })} />
      {callsAgain(one) ? (
        <div className={classes.later}>
          <NumberInput
            label="Minutes later"
            min={1}
            max={527_040}
            value={one.afterMinutes}
            error={errorAt(errors, path('afterMinutes'))}
            onChange={text => set('minutes', { afterMinutes: Number(text) })}
          />
          {one.consequence === 'callback' ? (
            <Choice label="By" value={one.whose} choices={WHOSE} onChange={whose => set('', { whose })} />
          ) : null}
        </div>
      ) : null}
      <Needs one={one} onChange={requires => set('', { requires })} />
      <Place outcomes={outcomes} index={index} name={name} change={change} />
    </fieldset>
  )
}

function Needs({ one, onChange }: { one: OutcomeDraft; onChange(requires: OutcomeDraft['requires']): void }) {
  return (
    <fieldset className={classes.needs}>
      <legend>The agent must give</legend>
      {NEED_WORDS.filter(([need]) => need !== 'time' || callsAgain(one)).map(([need, words]) => (
        <Tick
          key={need}
          label={words}
          checked={one.requires.includes(need)}
          onChange={on => onChange(on ? [...one.requires, need] : one.requires.filter(other => other !== need))}
        />
      ))}
    </fieldset>
  )
}

function Place({ outcomes, index, name, change }: Omit<RowProps, 'one'> & { name: string }) {
  return (
    <div className={classes.place}>
      <Button
        variant="default"
        size="compact-sm"
        aria-label={`Move ${name} up`}
        disabled={index === 0}
        onClick={() => change('', moved(outcomes, index, -1))}
      >
        ↑
      </Button>
      <Button
        variant="default"
        size="compact-sm"
        aria-label={`Move ${name} down`}
        disabled={index === outcomes.length - 1}
        onClick={() => change('', moved(outcomes, index, 1))}
      >
        ↓
      </Button>
      <Button
        variant="default"
        size="compact-sm"
        aria-label={`Remove ${name}`}
        disabled={outcomes.length === 1}
        onClick={() => change('', without(outcomes, index))}
      >
        Remove
      </Button>
    </div>
  )
}

/** The two lists of a scenario's form: what the caller does, line by line, and what must come of it. */
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { Choice, replaced, Text, without } from './form-fields.tsx'
import {
  ACT_WORDS,
  type ActDraft,
  type ActKind,
  EXPECT_WORDS,
  type ExpectDraft,
  NEW_EXPECT,
  NOTE_WORDS,
} from './scenario-draft.ts'
import classes from './scenarios.module.css'

const LINES_MAX = 40
const WORDS_CHARS_MAX = 300

interface StepsProps<T> {
  steps: readonly T[]
  onChange(steps: T[]): void
}

const TEXT_OF: Partial<Record<ActKind, string>> = { say: 'Words', pause: 'Seconds', press: 'Keys' }

export function CallerSteps({ steps, onChange }: StepsProps<ActDraft>) {
  return (
    <fieldset className={classes.steps}>
      <legend>What the caller does</legend>
      <p className="tl-small tl-muted">Who listens waits until the AI has spoken and is silent again.</p>
      {steps.map((step, at) => (
        <Step key={at} what={`Line ${at + 1}`} at={at} steps={steps} onChange={onChange}>
          <Choice
            label={`Line ${at + 1}`}
            value={step.kind}
            choices={ACT_WORDS}
            onChange={kind => onChange(replaced(steps, at, { kind }))}
          />
          {TEXT_OF[step.kind] === undefined ? (
            <span />
          ) : (
            <Text
              path={`caller.acts.${at}`}
              label={`${TEXT_OF[step.kind]} of line ${at + 1}`}
              maxLength={WORDS_CHARS_MAX}
              value={step.text}
              onChange={text => onChange(replaced(steps, at, { text }))}
            />
          )}
        </Step>
      ))}
      <Add words="Add a line" full={steps.length >= LINES_MAX} onClick={() => onChange([...steps, SAYS])} />
    </fieldset>
  )
}

const SAYS: ActDraft = { kind: 'say', text: '' }

const CUT: readonly (readonly [ExpectDraft['interrupted'], string])[] = [
  ['', 'does not matter'],
  ['no', 'no, said to its end'],
  ['yes', 'yes'],
]

interface ExpectStepsProps extends StepsProps<ExpectDraft> {
  tools: readonly string[]
}

export function ExpectSteps({ steps, onChange, tools }: ExpectStepsProps) {
  return (
    <fieldset className={classes.steps}>
      <legend>What must come of it, in this order</legend>
      {steps.map((step, at) => (
        <Step key={at} what={`Expectation ${at + 1}`} at={at} steps={steps} onChange={onChange}>
          <Choice
            label={`Expectation ${at + 1}`}
            value={step.kind}
            choices={EXPECT_WORDS}
            onChange={kind => onChange(replaced(steps, at, { ...NEW_EXPECT, kind, text: firstOf(kind, tools) }))}
          />
          <What step={step} at={at} tools={tools} change={next => onChange(replaced(steps, at, next))} />
          <More step={step} at={at} change={next => onChange(replaced(steps, at, next))} />
        </Step>
      ))}
      <Add
        words="Add an expectation"
        full={steps.length >= LINES_MAX}
        onClick={() => onChange([...steps, NEW_EXPECT])}
      />
    </fieldset>
  )
}

function firstOf(kind: ExpectDraft['kind'], tools: readonly string[]): string {
  return kind === 'tool' ? (tools[0] ?? '') : kind === 'note' ? (NOTE_WORDS[0]?.[0] ?? '') : ''
}

interface OneProps {
  step: ExpectDraft
  at: number
  change(next: Partial<ExpectDraft>): void
}

function What({ step, at, tools, change }: OneProps & { tools: readonly string[] }) {
  const { kind, text } = step
  if (kind === 'agent' || kind === 'caller')
    return (
      <Text
        path={`expect.${at}`}
        label={`Words of expectation ${at + 1}`}
        maxLength={WORDS_CHARS_MAX}
        value={text}
        onChange={next => change({ text: next })}
      />
    )
  const known: [string, string][] =
    kind === 'tool' ? tools.map(name => [name, name]) : NOTE_WORDS.map(([id, words]) => [id, words])
  // A scenario that was written as JSON may name a tool or happening that this form does not know.
  const choices = known.some(([id]) => id === text) ? known : [...known, [text, text] as [string, string]]
  return (
    <Choice
      label={kind === 'tool' ? `Tool of expectation ${at + 1}` : `Happening of expectation ${at + 1}`}
      value={text}
      choices={choices}
      onChange={next => change({ text: next })}
    />
  )
}

function More({ step, at, change }: OneProps) {
  const { kind } = step
  if (kind === 'caller') return null
  return (
    <div className={classes.more}>
      {kind === 'note' ? null : (
        <Text
          path={`expect.${at}.withinMs`}
          label={kind === 'agent' ? 'Begins within, ms' : 'Done within, ms'}
          inputMode="decimal"
          placeholder="any"
          value={step.withinMs}
          onChange={withinMs => change({ withinMs })}
        />
      )}
      {kind === 'agent' ? (
        <>
          <Choice
            label="Interrupted"
            value={step.interrupted}
            choices={CUT}
            onChange={interrupted => change({ interrupted })}
          />
          {step.interrupted === 'yes' ? (
            <Text
              path={`expect.${at}.wordsMax`}
              label="Words heard, at most"
              inputMode="decimal"
              placeholder="any"
              value={step.wordsMax}
              onChange={wordsMax => change({ wordsMax })}
            />
          ) : null}
        </>
      ) : (
        <Text
          path={`expect.${at}`}
          label={kind === 'tool' ? 'With at least these arguments (JSON)' : 'With at least this data (JSON)'}
          placeholder="any"
          mono
          value={step.data}
          onChange={data => change({ data })}
        />
      )}
    </div>
  )
}

interface StepProps<T> extends StepsProps<T> {
  what: string
  at: number
  children: ReactNode
}

function Step<T>({ what, at, steps, onChange, children }: StepProps<T>) {
  const [first, ...rest] = [children].flat()
  const up = () => {
    const [here, above] = [steps[at], steps[at - 1]]
    if (here !== undefined && above !== undefined)
      onChange([...steps.slice(0, at - 1), here, above, ...steps.slice(at + 1)])
  }
  return (
    <div className={classes.step}>
      {first}
      {rest[0]}
      <div className={classes.order}>
        <Button variant="default" size="compact-sm" disabled={at === 0} onClick={up}>
          Up<span className="tl-hidden">: {what}</span>
        </Button>
        <Button variant="default" size="compact-sm" onClick={() => onChange(without(steps, at))}>
          Remove<span className="tl-hidden">: {what}</span>
        </Button>
      </div>
      {rest.slice(1)}
    </div>
  )
}

function Add({ words, full, onClick }: { words: string; full: boolean; onClick(): void }) {
  if (full) return null
  return (
    <div>
      <Button variant="default" size="compact-sm" onClick={onClick}>
        {words}
      </Button>
    </div>
  )
}

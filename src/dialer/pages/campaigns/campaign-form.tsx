/** The settings of a campaign. Each error of the API stands at its field. */
import { NumberInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { CampaignBody } from '../../../wire/routes/campaigns.ts'
import { ApiProblem } from '../../api.ts'
import { ActionButton } from '../../look/action-button.tsx'
import { errorAt, type FieldError } from '../ai/agent-draft.ts'
import form from '../ai/agent-form.module.css'
import { Choice, FieldsContext, Text, Tick } from '../ai/form-fields.tsx'
import { NotSaved } from '../ai/not-saved.tsx'
import { bodyOf, type CampaignDraft, draftOf, NEW_CAMPAIGN } from './campaign-draft.ts'
import { draftsOf } from './outcome-draft.ts'
import { OutcomeFields } from './outcome-fields.tsx'
import { ScriptFields } from './script-fields.tsx'

interface CampaignFormProps {
  /** null: a new one */
  body: CampaignBody | null
  /** of a new one; absent: the usual list */
  outcomes?: CampaignBody['outcomes'] | undefined
  /** stands behind the settings, as the choice of people */
  children?: React.ReactNode
  save(body: CampaignBody): Promise<unknown>
}

export function CampaignForm({ body, outcomes, children, save }: CampaignFormProps) {
  const queries = useQueryClient()
  const [draft, setDraft] = useState(() => (body === null ? newDraft(outcomes) : draftOf(body)))
  const [dirty, setDirty] = useState(body === null)
  const [errors, setErrors] = useState<readonly FieldError[]>([])
  const saving = useMutation({
    mutationFn: () => save(bodyOf(draft)),
    onSuccess: async () => {
      setErrors([])
      setDirty(false)
      await queries.invalidateQueries({ queryKey: ['campaigns'] })
    },
    onError: error => setErrors(error instanceof ApiProblem ? error.fields : []),
  })
  const change = (next: Partial<CampaignDraft>) => {
    setDraft({ ...draft, ...next })
    setDirty(true)
  }
  const nameless = draft.name.trim() === '' ? 'Give it a name first' : null
  const why = saving.isPending ? 'Saving' : (nameless ?? (dirty ? null : 'Nothing has changed'))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (why === null) saving.mutate()
  }
  const parts = { draft, change, errors }
  return (
    <FieldsContext value={{ errors, readOnly: false }}>
      <form
        onSubmit={submit}
        className="tl-stack"
        aria-label={body === null ? 'A new campaign' : 'Settings'}
        noValidate
      >
        <Basics {...parts} />
        <ScriptFields
          campaign={draft.name}
          blocks={draft.scriptBlocks}
          onChange={scriptBlocks => change({ scriptBlocks })}
        />
        <OutcomeFields outcomes={draft.outcomes} onChange={outcomes => change({ outcomes })} />
        <Calls {...parts} />
        <Retries {...parts} />
        {children}
        {saving.isError ? <NotSaved problem={saving.error.message} errors={errors} /> : null}
        <div>
          <ActionButton why={why} onClick={() => saving.mutate()}>
            {body === null ? 'Create the campaign' : 'Save'}
          </ActionButton>
        </div>
      </form>
    </FieldsContext>
  )
}

function newDraft(outcomes: CampaignBody['outcomes'] | undefined): CampaignDraft {
  return outcomes === undefined ? NEW_CAMPAIGN : { ...NEW_CAMPAIGN, outcomes: draftsOf(outcomes) }
}

interface PartProps {
  draft: CampaignDraft
  errors: readonly FieldError[]
  change(next: Partial<CampaignDraft>): void
}

const LINES = [
  ['1', 'one person at a time'],
  ['2', 'two people at once'],
  ['4', 'four people at once'],
  ['shared', 'as many as the team needs, together'],
] as const
type Lines = (typeof LINES)[number][0]

/** Agents who share lines are free as soon as the outcome is in, and keep under a limit: the law's, if none was chosen. */
function linesOf(lines: Lines, { abandonMaxPercent }: CampaignDraft): Partial<CampaignDraft> {
  if (lines !== 'shared') return { lines: Number(lines) as 1 | 2 | 4, pooled: false }
  return { lines: 1, pooled: true, advance: 'auto', release: 'ring-out', abandonMaxPercent: abandonMaxPercent ?? 3 }
}

function Basics({ draft, change }: PartProps) {
  return (
    <>
      <div className={form.grid}>
        <Text
          path="name"
          label="Name of the campaign"
          required
          maxLength={120}
          value={draft.name}
          onChange={name => change({ name })}
        />
        <Choice
          path="lines"
          label="An agent dials"
          value={draft.pooled ? 'shared' : (String(draft.lines) as Lines)}
          choices={LINES}
          onChange={lines => change(linesOf(lines, draft))}
        />
      </div>
      {draft.pooled ? (
        <p className="tl-muted tl-small">
          Agents share the lines that ring. Whoever is free longest gets the next person who answers, and as many lines
          ring as keep abandoned calls under the limit below.
        </p>
      ) : null}
      <Text
        path="script"
        label="Script"
        description="what the agent reads; it may be empty"
        rows={4}
        maxLength={20_000}
        value={draft.script}
        onChange={script => change({ script })}
      />
    </>
  )
}

const AMD = [
  ['beside', 'during the call'],
  ['before', 'before the agent'],
  ['off', 'not at all'],
] as const
const RELEASE = [
  ['cut', 'are ended at once'],
  ['ring-out', 'ring on for a moment'],
] as const

/** Of abandoned calls. */
function Limit({ draft: { abandonMaxPercent: limit, pooled }, change, errors }: PartProps) {
  return (
    <>
      {pooled ? null : (
        <Tick
          label="Keep abandoned calls under a limit: a round has as few lines as that needs"
          checked={limit !== null}
          onChange={on => change({ abandonMaxPercent: on ? 3 : null })}
        />
      )}
      {limit === null ? null : (
        <NumberInput
          label="Of 100 people who answer within 30 days, so many may find nobody free"
          min={0.5}
          max={10}
          value={limit}
          error={errorAt(errors, 'abandonMaxPercent')}
          onChange={text => change({ abandonMaxPercent: Number(text) })}
        />
      )}
    </>
  )
}

const RETRIES = [
  ['maxAttempts', 'Tries for each person', 20],
  ['busyMinutes', 'Minutes after a busy line', 43_200],
  ['noAnswerMinutes', 'Minutes after no answer', 43_200],
  ['machineMinutes', 'Minutes after an answering machine', 43_200],
] as const

/** When a person whom nobody has spoken with is called again. */
function Retries({ draft: { retries }, change, errors }: PartProps) {
  return (
    <fieldset className={form.item}>
      <legend>Called again</legend>
      {RETRIES.map(([field, label, most]) => (
        <NumberInput
          key={field}
          label={label}
          min={1}
          max={most}
          value={retries[field]}
          error={errorAt(errors, `retries.${field}`)}
          onChange={text => change({ retries: { ...retries, [field]: Number(text) } })}
        />
      ))}
    </fieldset>
  )
}

function Calls({ draft, change, errors }: PartProps) {
  const { callingHours: hours } = draft
  const number = (path: string, label: string, value: number, min: number, max: number, take: (n: number) => void) => (
    <NumberInput
      label={label}
      min={min}
      max={max}
      value={value}
      error={errorAt(errors, path)}
      onChange={text => take(Number(text))}
    />
  )
  return (
    <fieldset className={form.item}>
      <legend>Calls</legend>
      {number('callingHours.fromHour', 'From this hour, where the person is', hours.fromHour, 0, 23, fromHour =>
        change({ callingHours: { ...hours, fromHour } }),
      )}
      {number('callingHours.toHour', 'Until this hour', hours.toHour, 1, 24, toHour =>
        change({ callingHours: { ...hours, toHour } }),
      )}
      {number('ringSeconds', 'Seconds of ringing', draft.ringSeconds, 15, 60, ringSeconds => change({ ringSeconds }))}
      {number('wrapUpSeconds', 'Seconds for the outcome', draft.wrapUpSeconds, 0, 3_600, wrapUpSeconds =>
        change({ wrapUpSeconds }),
      )}
      {number(
        'conversationSeconds',
        'A talk below so many seconds needs a follow-up',
        draft.conversationSeconds,
        0,
        3_600,
        n => change({ conversationSeconds: n }),
      )}
      <Limit draft={draft} change={change} errors={errors} />
      <Choice
        label="Answering machines are recognised"
        value={draft.amd}
        choices={AMD}
        onChange={amd => change({ amd })}
      />
      <Choice
        label="When somebody answers, the other calls"
        value={draft.release}
        choices={RELEASE}
        onChange={release => change({ release })}
      />
      <Tick label="Record the calls" checked={draft.record} onChange={record => change({ record })} />
      <Tick
        label="Dial on by itself after a round without an answer"
        checked={draft.advance === 'auto'}
        onChange={auto => change({ advance: auto ? 'auto' : 'ask' })}
      />
      <Tick
        label="Dial on when the time for the outcome is over"
        checked={draft.afterWrapUp === 'proceed'}
        onChange={on => change({ afterWrapUp: on ? 'proceed' : 'wait' })}
      />
    </fieldset>
  )
}

/** The form of a scenario, for people who do not program. It can also be edited as JSON. */
import { Button, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { AiAgent } from '../../../wire/ai-agent.ts'
import type { List } from '../../../wire/api.ts'
import type { Scenario } from '../../../wire/scenario.ts'
import { ApiProblem } from '../../api.ts'
import { useDesk } from '../../desk/hooks.ts'
import { ActionButton } from '../../look/action-button.tsx'
import type { FieldError } from './agent-draft.ts'
import { Choice, FieldsContext, Text, Tick } from './form-fields.tsx'
import { NotSaved } from './not-saved.tsx'
import { deleteScenario, saveScenario } from './scenario-api.ts'
import {
  bodyOf,
  bodyOfJson,
  draftOf,
  draftOfJson,
  END_WORDS,
  jsonOf,
  NEW_SCENARIO,
  NOTE_WORDS,
  type ScenarioDraft,
} from './scenario-draft.ts'
import { CallerSteps, ExpectSteps } from './scenario-steps.tsx'
import classes from './scenarios.module.css'

const WORDS_CHARS_MAX = 300
const NAME_CHARS_MAX = 60

interface ScenarioFormProps {
  agent: AiAgent
  /** null: a new one */
  scenario: Scenario | null
  onDone(): void
}

export function ScenarioForm({ agent, scenario, onDone }: ScenarioFormProps) {
  const [draft, setDraft] = useState<ScenarioDraft>(() => (scenario === null ? NEW_SCENARIO : draftOf(scenario)))
  /** the typed JSON; null: the fields are shown */
  const [json, setJson] = useState<string | null>(null)
  const [errors, setErrors] = useState<readonly FieldError[]>([])
  const change = (next: Partial<ScenarioDraft>) => setDraft({ ...draft, ...next })
  const { saving, removing } = useSaving(agent.agentId, scenario, draft, json, setErrors, onDone)
  const busy = saving.isPending || removing.isPending ? 'Saving' : null
  const problem = saving.error ?? removing.error
  const title = useRef<HTMLHeadingElement>(null)
  // The button that opens the form is elsewhere, so the focus is moved to the form.
  useEffect(() => title.current?.focus(), [])
  return (
    <FieldsContext value={{ errors, readOnly: false }}>
      <form
        className={`${classes.form} tl-stack`}
        aria-label="Scenario"
        noValidate
        onSubmit={event => event.preventDefault()}
      >
        <h3 ref={title} tabIndex={-1}>
          {scenario === null ? 'New scenario' : `Edit ${scenario.name}`}
        </h3>
        <Text
          path="name"
          label="Name of the scenario"
          maxLength={NAME_CHARS_MAX}
          value={draft.name}
          onChange={name => change({ name })}
        />
        {json === null ? (
          <Fields draft={draft} change={change} tools={toolsOf(agent)} />
        ) : (
          <Textarea
            label="Everything but the name, as JSON"
            classNames={{ input: 'tl-number' }}
            rows={18}
            spellCheck={false}
            value={json}
            onChange={event => setJson(event.currentTarget.value)}
          />
        )}
        <JsonSwitch draft={draft} json={json} onJson={setJson} onDraft={setDraft} />
        {problem === null ? null : <NotSaved problem={problem.message} errors={errors} />}
        <div className="tl-row">
          <ActionButton why={busy} onClick={() => saving.mutate()}>
            Save the scenario
          </ActionButton>
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          {scenario === null ? null : (
            <ActionButton why={busy} color="danger" onClick={() => removing.mutate()}>
              Delete
            </ActionButton>
          )}
        </div>
      </form>
    </FieldsContext>
  )
}

/** The agent's tools, with `opt_out`, which every agent has. */
function toolsOf({ body }: AiAgent): string[] {
  return [...new Set([...body.tools, 'opt_out', ...body.httpTools.map(tool => tool.name)])]
}

function useSaving(
  agentId: string,
  scenario: Scenario | null,
  draft: ScenarioDraft,
  json: string | null,
  setErrors: (errors: readonly FieldError[]) => void,
  onDone: () => void,
) {
  const { store } = useDesk()
  const queries = useQueryClient()
  const changed = async (words: string) => {
    store.notify('info', words)
    await queries.invalidateQueries({ queryKey: ['ai-scenarios', agentId] })
    onDone()
  }
  const saving = useMutation({
    mutationFn: async () => {
      const name = draft.name.trim()
      if (name === '') throw new ApiProblem(400, 'It has no name.', [{ field: 'name', message: 'a name is needed' }])
      const known = queries.getQueryData<List<Scenario>>(['ai-scenarios', agentId])?.items ?? []
      if (name !== scenario?.name && known.some(one => one.name === name))
        throw new ApiProblem(409, 'Another scenario has this name.', [{ field: 'name', message: 'taken' }])
      const saved = await saveScenario(agentId, name, sendable(draft, json))
      // A new name makes a new scenario, so the one with the old name is deleted.
      if (scenario !== null && scenario.name !== name) await deleteScenario(agentId, scenario.name)
      return saved
    },
    onSuccess: ({ name }) => changed(`${name} is saved.`),
    onError: error => setErrors(error instanceof ApiProblem ? error.fields : []),
  })
  const removing = useMutation({
    mutationFn: () => deleteScenario(agentId, scenario?.name ?? ''),
    onSuccess: () => changed(`${scenario?.name ?? ''} is deleted.`),
  })
  return { saving, removing }
}

/** Makes the body to send. Throws `ApiProblem` if a field cannot be converted. */
function sendable(draft: ScenarioDraft, json: string | null) {
  if (json !== null) {
    const body = bodyOfJson(json)
    if (body === null) throw new ApiProblem(400, 'This is no JSON of one scenario: a brace or a comma is wrong.')
    return body
  }
  const { body, errors } = bodyOf(draft)
  if (errors.length > 0) throw new ApiProblem(400, 'Some fields are not as they must be.', errors)
  return body
}

interface FieldsProps {
  draft: ScenarioDraft
  change(next: Partial<ScenarioDraft>): void
  tools: readonly string[]
}

function Fields({ draft, change, tools }: FieldsProps) {
  return (
    <>
      <Text
        path="about"
        label="What it shows, in a sentence"
        maxLength={WORDS_CHARS_MAX}
        value={draft.about}
        onChange={about => change({ about })}
      />
      <CallerSteps steps={draft.acts} onChange={acts => change({ acts })} />
      <ExpectSteps steps={draft.expect} tools={tools} onChange={expect => change({ expect })} />
      <Never draft={draft} change={change} tools={tools} />
      <div className={classes.ends}>
        <Choice label="How it ends" value={draft.end} choices={END_WORDS} onChange={end => change({ end })} />
        <Text
          path="atMostSeconds"
          label="Over after, seconds"
          inputMode="decimal"
          value={draft.atMostSeconds}
          onChange={atMostSeconds => change({ atMostSeconds })}
        />
      </div>
      <details>
        <summary>Who calls, and what tools answer</summary>
        <div className="tl-stack">
          <Text
            path="caller.persona"
            label="Who calls (for people)"
            maxLength={WORDS_CHARS_MAX}
            value={draft.persona}
            onChange={persona => change({ persona })}
          />
          <Text
            path="caller.voice"
            label="Voice of the caller"
            description="The provider's name; empty: another one than the AI's, where we know one"
            maxLength={120}
            value={draft.voice}
            onChange={voice => change({ voice })}
          />
          <Text
            path="answers"
            label="Answers of tools (JSON, by name)"
            description='Like {"order_status": {"result": "shipped"}}; {"error": "…"}: it did not work'
            rows={4}
            mono
            value={draft.answers}
            onChange={answers => change({ answers })}
          />
        </div>
      </details>
    </>
  )
}

function Never({ draft, change, tools }: FieldsProps) {
  const ticked = (list: string[], name: string, on: boolean) =>
    on ? [...list, name] : list.filter(other => other !== name)
  const shownTools = [...new Set([...tools, ...draft.neverTools])]
  const shownNotes = [...new Set([...NOTE_WORDS.map(([id]) => id), ...draft.neverNotes])]
  const wordsOf = new Map(NOTE_WORDS)
  return (
    <details open={draft.neverSaid !== '' || draft.neverTools.length > 0 || draft.neverNotes.length > 0}>
      <summary>What must never happen</summary>
      <div className="tl-stack">
        <Text
          path="never.said"
          label="The AI never says (one per line)"
          rows={2}
          value={draft.neverSaid}
          onChange={neverSaid => change({ neverSaid })}
        />
        <Text
          path="never.heard"
          label="The caller is never understood as (one per line)"
          rows={2}
          value={draft.neverHeard}
          onChange={neverHeard => change({ neverHeard })}
        />
        <fieldset className={classes.steps}>
          <legend>It never uses</legend>
          <div className={classes.pair}>
            {shownTools.map(name => (
              <Tick
                key={name}
                label={<code>{name}</code>}
                checked={draft.neverTools.includes(name)}
                onChange={on => change({ neverTools: ticked(draft.neverTools, name, on) })}
              />
            ))}
          </div>
        </fieldset>
        <fieldset className={classes.steps}>
          <legend>It never happens that</legend>
          <div className={classes.pair}>
            {shownNotes.map(name => (
              <Tick
                key={name}
                label={wordsOf.get(name) ?? name}
                checked={draft.neverNotes.includes(name)}
                onChange={on => change({ neverNotes: ticked(draft.neverNotes, name, on) })}
              />
            ))}
          </div>
        </fieldset>
      </div>
    </details>
  )
}

interface JsonSwitchProps {
  draft: ScenarioDraft
  json: string | null
  onJson(json: string | null): void
  onDraft(draft: ScenarioDraft): void
}

function JsonSwitch({ draft, json, onJson, onDraft }: JsonSwitchProps) {
  const back = json === null ? null : draftOfJson(draft.name, json)
  return (
    <div>
      {json === null ? (
        <Button variant="default" size="compact-sm" onClick={() => onJson(jsonOf(draft))}>
          Edit as JSON
        </Button>
      ) : (
        <ActionButton
          why={back === null ? 'This JSON does not fit the fields: save it as it is, or correct it' : null}
          variant="default"
          size="compact-sm"
          onClick={() => {
            if (back !== null) onDraft(back)
            onJson(null)
          }}
        >
          Back to the fields
        </ActionButton>
      )}
    </div>
  )
}

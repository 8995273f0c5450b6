/** An agent's data in a form. Saving makes a new version; live calls keep the version with which they began. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { AiAgent } from '../../../wire/ai-agent.ts'
import { ApiProblem } from '../../api.ts'
import { useDesk, useView } from '../../desk/hooks.ts'
import { ActionButton } from '../../look/action-button.tsx'
import { LeaveQuestion } from '../../look/leave-question.tsx'
import { type AgentDraft, bodyOf, draftOf, type FieldError, NEW_AGENT } from './agent-draft.ts'
import { HowItSpeaks, LimitsAndPhrases, WhatItMayDo, WhenItCalls, WhenItIsTried, WhoItIs } from './agent-fields.tsx'
import classes from './agent-form.module.css'
import { Directory, HttpTools, Numbers } from './agent-lists.tsx'
import { createAgent, saveAgent, saveNumbers } from './ai-api.ts'
import { FieldsContext, FormContext } from './form-fields.tsx'
import { NotSaved } from './not-saved.tsx'

interface AgentFormProps {
  /** null: a new one */
  agent: AiAgent | null
  onSaved(agent: AiAgent): void
}

export function AgentForm({ agent, onSaved }: AgentFormProps) {
  const view = useView()
  const [draft, setDraft] = useState(() => draftOf(agent?.body ?? NEW_AGENT))
  const [numbers, setNumbers] = useState(() => agent?.numbers ?? [])
  const [errors, setErrors] = useState<readonly FieldError[]>([])
  const [dirty, setDirty] = useState(false)
  const [shownVersion, setShownVersion] = useState(agent?.version)
  if (agent !== null && agent.version !== shownVersion && !dirty) {
    setShownVersion(agent.version)
    setDraft(draftOf(agent.body))
    setNumbers(agent.numbers)
  }
  const readOnly = view.agent.role !== 'admin'

  const saving = useSaving(agent, draft, numbers, (saved, problems) => {
    setErrors(problems)
    if (saved === null) return
    setDirty(false)
    onSaved(saved)
  })
  const why = readOnly ? 'Only an admin may edit' : saving.isPending ? 'Saving' : dirty ? null : 'Nothing has changed'
  // Enter in a field must not save, because only the button makes a version.
  const submit = (event: FormEvent) => event.preventDefault()
  const touched =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      set(value)
      setDirty(true)
    }
  const form = {
    draft,
    errors,
    readOnly,
    change: (next: Partial<typeof draft>) => touched(setDraft)({ ...draft, ...next }),
  }
  return (
    <FormContext value={form}>
      <FieldsContext value={form}>
        <LeaveQuestion unsaved={!readOnly && dirty} what="this agent" />
        <form onSubmit={submit} className="tl-stack" aria-label="AI agent" noValidate>
          {readOnly ? (
            <p className="tl-panel" role="note">
              You can read this agent and talk to it. Only an admin may edit: you are signed in as {view.agent.role}.
            </p>
          ) : null}
          <WhoItIs />
          <HowItSpeaks />
          <WhatItMayDo />
          <Directory />
          <HttpTools />
          <WhenItCalls />
          <WhenItIsTried />
          <LimitsAndPhrases />
          <Numbers numbers={numbers} onChange={touched(setNumbers)} />
          {saving.isError ? <NotSaved problem={saving.error.message} errors={errors} /> : null}
          {readOnly ? null : (
            <div className={classes.saveBar}>
              <ActionButton why={why} onClick={() => saving.mutate()}>
                {agent === null ? 'Create the agent' : 'Save as a new version'}
              </ActionButton>
              <span className="tl-small" role="status">
                {dirty ? 'There are changes that are not saved: calls do not speak them yet.' : 'Everything is saved.'}
              </span>
            </div>
          )}
        </form>
      </FieldsContext>
    </FormContext>
  )
}

/** Saves the agent and reports it, or the fields with errors. */
function useSaving(
  agent: AiAgent | null,
  draft: AgentDraft,
  numbers: string[],
  done: (saved: AiAgent | null, problems: readonly FieldError[]) => void,
) {
  const { store } = useDesk()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async () => {
      const { body, errors: unsendable } = bodyOf(draft)
      if (unsendable.length > 0) throw new ApiProblem(400, 'Some fields are not as they must be.', unsendable)
      const saved = agent === null ? await createAgent(body) : await saveAgent(agent.agentId, body)
      return sameNumbers(saved.numbers, numbers) ? saved : saveNumbers(saved.agentId, numbers)
    },
    onSuccess: async saved => {
      done(saved, [])
      store.notify('info', `Saved as version ${saved.version}. The next call speaks it.`)
      await queries.invalidateQueries({ queryKey: ['ai-agents'] })
    },
    onError: error => done(null, error instanceof ApiProblem ? error.fields : []),
  })
}

function sameNumbers(one: string[], other: string[]): boolean {
  return [...one].sort().join() === [...other].sort().join()
}

/** The content of a flow while it is edited: its edits, its check, its saving. */

import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Flow } from '../../../wire/flow.ts'
import { ApiProblem } from '../../api.ts'
import { checkSteps, publishFlow, saveDraft } from './flow-api.ts'
import { begun, edited, undone } from './history.ts'
import { problemsOf } from './problems.ts'
import { changed, moved, renamed, type Step, stepsIn, withoutStep, withStep } from './steps.ts'

export interface FlowContent {
  name: string
  detail: string
  steps: readonly Step[]
}

const NEW_FLOW: FlowContent = {
  name: '',
  detail: '',
  steps: [
    { id: 'answer', type: 'answer', option: {} },
    { id: 'hello', type: 'talk', option: { text: 'Hello. Thank you for calling.' } },
  ],
}
/** The check is asked when nobody has typed for so long. */
const QUIET_MS = 300

export function useFlowDraft(flow: Flow | null, onSaved: (flow: Flow) => void) {
  const [history, setHistory] = useState(() => begun(flow === null ? NEW_FLOW : contentOf(flow)))
  const [saved, setSaved] = useState<FlowContent | null>(() => (flow === null ? null : history.now))
  const [chosen, setChosen] = useState<string | null>(null)
  const content = history.now
  const set = (next: FlowContent, about: string | null) => setHistory(edited(history, next, about))
  const setSteps = (steps: readonly Step[], about: string | null = null) => set({ ...content, steps }, about)
  const saving = useSaving(flow, content, (next, kept) => {
    if (kept !== null) setSaved(kept)
    onSaved(next)
  })
  return {
    content,
    problems: useCheck(content.steps),
    chosen,
    choose: setChosen,
    dirty: content !== saved,
    /** something is lost by leaving; a new flow that nobody has touched is nothing */
    unsaved: content !== saved && (saved !== null || history.past.length > 0),
    canUndo: history.past.length > 0,
    undo: () => setHistory(undone(history)),
    edit: (change: Partial<FlowContent>, about: string | null) => set({ ...content, ...change }, about),
    change: (id: string, change: (step: Step) => Step, about: string | null) =>
      setSteps(changed(content.steps, id, change), about),
    add: (step: Step, after: string | null) => {
      setSteps(withStep(content.steps, step, after))
      setChosen(step.id)
    },
    remove: (id: string) => setSteps(withoutStep(content.steps, id)),
    rename: (id: string, to: string) => {
      setSteps(renamed(content.steps, id, to))
      setChosen(to)
    },
    move: (id: string, by: -1 | 1) => setSteps(moved(content.steps, id, by)),
    ...saving,
  }
}

export function contentOf({ name, detail, actions }: Flow): FlowContent {
  return { name, detail, steps: stepsIn(actions) }
}

/** What the server would say at save, while somebody edits. */
function useCheck(steps: readonly Step[]) {
  const [quiet] = useDebouncedValue(steps, QUIET_MS)
  const check = useQuery({
    queryKey: ['flow-check', quiet],
    queryFn: () => checkSteps(quiet),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return problemsOf(check.data)
}

/** `kept`: the content that is now the draft; null: only what calls get has changed. */
function useSaving(flow: Flow | null, content: FlowContent, done: (flow: Flow, kept: FlowContent | null) => void) {
  const queries = useQueryClient()
  const settled = () => queries.invalidateQueries({ queryKey: ['flows'] })
  const save = useMutation({
    mutationFn: async (kept: FlowContent) => ({ next: await saveDraft(flow?.id ?? null, kept), kept }),
    // The bar says what is saved and what calls get; a notice would cover its buttons.
    onSuccess: ({ next, kept }) => done(next, kept),
    onSettled: settled,
  })
  const publish = useMutation({
    mutationFn: (percent: number | null) => publishFlow(flow?.id ?? '', percent),
    onSuccess: next => done(next, null),
    onSettled: settled,
  })
  const error = save.error ?? publish.error
  return {
    busy: save.isPending || publish.isPending,
    failure:
      error === null ? null : { message: error.message, fields: error instanceof ApiProblem ? error.fields : [] },
    save: () => {
      publish.reset()
      save.mutate(content)
    },
    publish: (percent: number | null) => {
      save.reset()
      publish.mutate(percent)
    },
  }
}

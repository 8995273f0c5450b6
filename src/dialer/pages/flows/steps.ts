/** The steps of a flow as the editor changes them. Every function gives new steps, so that an edit can be undone. */
import { FINISH_ID, type Json, NEXT_ID } from '../../../core/flow/flow.ts'
import { VERBS, type VerbName, verbName, verbOf } from '../../../core/flow/verbs/table.ts'
import type { Field } from '../../../core/flow/verbs/verb.ts'

export interface Step {
  id: string
  type: string
  option: Readonly<Record<string, Json>>
  next_id?: string
}

/** A way out of a step. */
export interface Exit {
  /** `next_id`, a field of the option, or one value of such a field: `target_ids.1` */
  key: string
  label: string
  /** null: the flow ends there, or nothing is chosen */
  to: string | null
  /** nothing is written: it is the next of the list */
  implied: boolean
}

/** The steps as the API gives them; what it cannot have saved is left out. */
export function stepsIn(actions: readonly { id: string; type: string; option?: unknown; next_id?: unknown }[]): Step[] {
  return actions.map(({ id, type, option, next_id: next }) => ({
    id,
    type,
    option: isMap(option) ? option : {},
    ...(typeof next === 'string' && next !== '' ? { next_id: next } : {}),
  }))
}

export function isMap(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function fieldsOf(step: Step): readonly Field[] {
  const name = verbName(step.type)
  return name === null ? [] : verbOf(name).fields
}

export function labelOf(step: Step): string {
  const name = verbName(step.type)
  return name === null ? step.type : verbOf(name).label
}

/** Things of the workspace that an option names by id: the field's name → id and words. */
export type Known = Readonly<Record<string, readonly { value: string; label: string }[]>>

/** What a step is about, in a line: the thing or the first text that its option names. */
export function summaryOf(step: Step, known: Known): string {
  for (const { name, kind } of fieldsOf(step)) {
    const value = step.option[name]
    const thing = known[name]?.find(one => one.value === value)
    if (thing !== undefined) return thing.label
    if (kind === 'text' && typeof value === 'string' && value !== '') return value
    if (kind === 'integer' && typeof value === 'number') return `${name} ${value}`
    if ((kind === 'url' || kind === 'variable' || kind === 'zone') && typeof value === 'string') return value
  }
  return ''
}

/** Verbs that the palette offers, by group. Those that a flow cannot have yet are not among them. */
export function paletteOf(): [string, VerbName[]][] {
  const groups = new Map<string, VerbName[]>()
  for (const name of Object.keys(VERBS) as VerbName[]) {
    const { group, internal, notYet, deprecated, call } = verbOf(name)
    if (internal || notYet !== undefined || deprecated !== undefined || call === 'never') continue
    groups.set(group, [...(groups.get(group) ?? []), name])
  }
  return [...groups]
}

export function newStep(type: VerbName, steps: readonly Step[]): Step {
  const base = type.replaceAll('_', '-')
  const taken = new Set(steps.map(one => one.id))
  let number = 1
  while (taken.has(number === 1 ? base : `${base}-${number}`)) number += 1
  return { id: number === 1 ? base : `${base}-${number}`, type, option: {} }
}

/** `after`: null: at the end. */
export function withStep(steps: readonly Step[], step: Step, after: string | null): Step[] {
  const at = after === null ? steps.length : steps.findIndex(one => one.id === after) + 1
  return [...steps.slice(0, at), step, ...steps.slice(at)]
}

/** What leads to the step leads nowhere afterwards, so that no step names one that is gone. */
export function withoutStep(steps: readonly Step[], id: string): Step[] {
  return steps.filter(one => one.id !== id).map(one => withTargets(one, target => (target === id ? null : target)))
}

export function moved(steps: readonly Step[], id: string, by: -1 | 1): Step[] {
  const at = steps.findIndex(one => one.id === id)
  const step = steps[at]
  const to = at + by
  if (step === undefined || to < 0 || to >= steps.length) return [...steps]
  const rest = steps.filter(one => one !== step)
  return [...rest.slice(0, to), step, ...rest.slice(to)]
}

export function changed(steps: readonly Step[], id: string, change: (step: Step) => Step): Step[] {
  return steps.map(one => (one.id === id ? change(one) : one))
}

/** Every step that leads to it leads to its new name. */
export function renamed(steps: readonly Step[], id: string, to: string): Step[] {
  return steps
    .map(one => withTargets(one, target => (target === id ? to : target)))
    .map(one => (one.id === id ? { ...one, id: to } : one))
}

/** `undefined`: the option says nothing of it. */
export function withField(step: Step, name: string, value: Json | undefined): Step {
  const { [name]: _, ...rest } = step.option
  return { ...step, option: value === undefined ? rest : { ...rest, [name]: value } }
}

/** Lets a way out lead elsewhere; null: nowhere that is written. */
export function withExit(step: Step, key: string, to: string | null): Step {
  if (key === 'next_id') {
    const { next_id: _, ...rest } = step
    return to === null ? rest : { ...rest, next_id: to }
  }
  const [name = '', value] = splitKey(key)
  if (value === null) return withField(step, name, to ?? undefined)
  const map = isMap(step.option[name]) ? step.option[name] : {}
  const { [value]: _, ...rest } = map
  return withField(step, name, to === null ? rest : { ...map, [value]: to })
}

function splitKey(key: string): [string, string | null] {
  const dot = key.indexOf('.')
  return dot < 0 ? [key, null] : [key.slice(0, dot), key.slice(dot + 1)]
}

export function exitsOf(steps: readonly Step[], place: number): Exit[] {
  const step = steps[place]
  if (step === undefined) return []
  const following = steps[place + 1]?.id ?? null
  const resolved = (id: string) => (id === NEXT_ID ? following : id === FINISH_ID ? null : id)
  const exits: Exit[] = []
  for (const { name, kind } of fieldsOf(step)) {
    const value = step.option[name]
    if (kind === 'step') {
      const to = typeof value === 'string' && value !== '' ? resolved(value) : null
      exits.push({ key: name, label: exitWords(name), to, implied: false })
    }
    if (kind === 'steps-by-value' && isMap(value))
      for (const [key, id] of Object.entries(value))
        exits.push({ key: `${name}.${key}`, label: key, to: resolved(String(id)), implied: false })
  }
  const verb = verbName(step.type)
  if (verb !== null && verbOf(verb).class === 'ends') return exits
  const { next_id: next } = step
  const to = next === undefined ? following : resolved(next)
  return [...exits, { key: 'next_id', label: 'next', to, implied: next === undefined }]
}

/** `closed_target_id` → `closed` */
export function exitWords(name: string): string {
  return name === 'target_id' ? 'there' : name.replace(/_target_id$/, '').replaceAll('_', ' ')
}

function withTargets(step: Step, change: (id: string) => string | null): Step {
  let result = step
  if (step.next_id !== undefined) result = withExit(result, 'next_id', change(step.next_id))
  for (const { name, kind } of fieldsOf(step)) {
    const value = step.option[name]
    if (kind === 'step' && typeof value === 'string') result = withExit(result, name, change(value))
    if (kind === 'steps-by-value' && isMap(value))
      for (const [key, id] of Object.entries(value)) result = withExit(result, `${name}.${key}`, change(String(id)))
  }
  return result
}

/**
 * The check of a flow at save, and of steps that were fetched before they run. Everything that is wrong is named with its step and field,
 * so that whoever wrote the flow can repair it; what is only odd is a warning.
 */
import { checkOption, type FieldProblem, isObject } from './fields.ts'
import { type Action, bytesOf, FLOW_BYTES_MAX, ID_CHARS_MAX, type Option, STEPS_MAX } from './flow.ts'
import { edgesOf, endlessLoops, isReservedId, targetsOf, unreached } from './graph.ts'
import { isReserved, nameOf, namesIn, SYSTEM_VARIABLES } from './variables.ts'
import { type VerbName, verbName, verbOf, withDefaults } from './verbs/table.ts'

export interface Problem {
  /** null: it is about the flow as a whole */
  stepId: string | null
  /** the field of the option, or `type`, `id`, `next_id`; null: the step as a whole */
  field: string | null
  message: string
}

export interface Checked {
  /** empty: the flow may be saved */
  errors: Problem[]
  warnings: Problem[]
  /** with the table's own verb names and an id each; whole only if there are no errors */
  actions: Action[]
}

export interface CheckOptions {
  /** does the flow run on a call? */
  call: boolean
  /** steps that one of our own actors has answered with: internal verbs are allowed, and what nothing reaches does no harm */
  fetched?: 'by-us' | 'by-others'
}

/** Problems that are named at most; a flow with more has to be read anyway. */
const PROBLEMS_MAX = 100
/** Lists and maps within each other; the steps of another call are the deepest that anybody needs. */
const NESTING_MAX = 12

export function checkFlow(given: unknown, options: CheckOptions): Checked {
  const found = new Findings()
  if (!Array.isArray(given) || given.length === 0) return found.refused('a flow is a list of at least one step')
  if (given.length > STEPS_MAX) return found.refused(`a flow has at most ${STEPS_MAX} steps`)
  if (isDeeperThan(given, NESTING_MAX)) return found.refused(`a flow is nested at most ${NESTING_MAX} deep`)
  if (bytesOf(given) > FLOW_BYTES_MAX) return found.refused(`a flow has at most ${FLOW_BYTES_MAX} bytes`)
  const actions = given.map((one: unknown, place) => actionOf(one, place, options, found))
  checkIds(actions, found)
  if (found.errors.length > 0) return found.checked(actions)
  // A stack may lead back into the steps that have fetched it, and those are not known here.
  if (options.fetched === undefined) checkTargets(actions, found)
  if (found.errors.length === 0) checkGraph(actions, options, found)
  warn(actions, found)
  // Ids that we have given may have made it larger than a row of the state.
  if (bytesOf(actions) > FLOW_BYTES_MAX) found.error(null, null, `a flow has at most ${FLOW_BYTES_MAX} bytes`)
  return found.checked(actions)
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some(one => isDeeperThan(one, levels - 1))
}

class Findings {
  readonly errors: Problem[] = []
  readonly warnings: Problem[] = []

  error(stepId: string | null, field: string | null, message: string): void {
    if (this.errors.length < PROBLEMS_MAX) this.errors.push({ stepId, field, message })
  }
  warning(stepId: string | null, field: string | null, message: string): void {
    if (this.warnings.length < PROBLEMS_MAX) this.warnings.push({ stepId, field, message })
  }
  refused(message: string): Checked {
    this.error(null, null, message)
    return this.checked([])
  }
  checked(actions: Action[]): Checked {
    return { errors: this.errors, warnings: this.warnings, actions }
  }
}

/** One action in the table's own words. A wrong one stays in its place, so that ids and order can be checked. */
function actionOf(given: unknown, place: number, options: CheckOptions, found: Findings): Action {
  const own = isObject(given) ? given : {}
  const fallback = `step-${place + 1}`
  // Another value than a text is named below, and never made a text of: its own conversion may throw.
  const id = typeof own.id === 'string' && own.id !== '' ? own.id : fallback
  const stepId = id.slice(0, ID_CHARS_MAX)
  if (!isObject(given)) found.error(stepId, null, 'a step is {type, option}')
  if (own.id !== undefined && typeof own.id !== 'string') found.error(stepId, 'id', 'an id is a text')
  if (id.length > ID_CHARS_MAX) found.error(stepId, 'id', `an id has at most ${ID_CHARS_MAX} characters`)
  if (isReservedId(id)) found.error(stepId, 'id', 'this id means a place in every flow')
  const odd = Object.keys(own).find(key => !['id', 'type', 'option', 'next_id', 'tm_execute'].includes(key))
  if (odd !== undefined) found.error(stepId, odd.slice(0, 40), 'a step has no such field')
  const type = checkVerb(own.type, stepId, options, found)
  const option = own.option === undefined || own.option === null ? {} : own.option
  if (!isObject(option)) found.error(stepId, 'option', 'an option is an object')
  else if (type !== null) checkFields(type, option, stepId, options, found)
  if (own.next_id !== undefined && typeof own.next_id !== 'string')
    found.error(stepId, 'next_id', 'it is the id of a step')
  const next = typeof own.next_id === 'string' && own.next_id !== '' ? { next_id: own.next_id } : {}
  return { id, type: type ?? 'stop', option: isObject(option) ? (option as Option) : {}, ...next }
}

/** The table's name of the verb, if a flow of this kind may have it. */
function checkVerb(type: unknown, stepId: string, { call, fetched }: CheckOptions, found: Findings): VerbName | null {
  const name = typeof type === 'string' ? verbName(type) : null
  const verb = name === null ? null : verbOf(name)
  if (name === null || verb === null || (verb.internal && fetched !== 'by-us')) {
    const shown = typeof type === 'string' ? ` ${type.slice(0, 40)}` : ''
    found.error(stepId, 'type', `there is no verb${shown}`)
    return null
  }
  if (verb.call === 'yes' && !call) found.error(stepId, 'type', `${name} needs a call, and this flow has none`)
  else if (verb.call === 'never' && call) found.error(stepId, 'type', `${name} does nothing on a call`)
  else if (verb.notYet !== undefined) found.error(stepId, 'type', `${name} cannot be used yet: ${verb.notYet}`)
  if (verb.deprecated !== undefined) found.warning(stepId, 'type', `${name} is old: use ${verb.deprecated}`)
  return name
}

function checkFields(
  type: VerbName,
  option: { readonly [field: string]: unknown },
  stepId: string,
  { fetched }: CheckOptions,
  found: Findings,
): void {
  const problems: FieldProblem[] = checkOption(verbOf(type), option)
  for (const { field, message } of problems) found.error(stepId, field.slice(0, 40), message)
  if (type === 'variable_set' && typeof option.key === 'string' && isReserved(nameOf(option.key)))
    found.error(stepId, 'key', 'names that begin with voipbin. or trunkline. are the system’s')
  // The steps of another call are a flow of their own.
  if (type !== 'call' || option.actions === undefined) return
  if (fetched === undefined && Array.isArray(option.actions) && nestsCalls(option.actions))
    return found.error(stepId, 'actions', 'the steps of another call place no further calls with steps of their own')
  const inner = checkFlow(option.actions, { call: true })
  const problem = problemInside(stepId, inner.errors)
  if (problem !== null) found.error(stepId, problem.field, problem.message)
}

/** The first problem of the steps of another call, as one of the step that has them; null: there is none. */
export function problemInside(stepId: string, [first]: readonly Problem[]): (Problem & { field: string }) | null {
  if (first === undefined) return null
  const message = `${first.stepId ?? 'they'}${first.field === null ? '' : `, ${first.field}`}: ${first.message}`
  return { stepId, field: 'actions', message }
}

function nestsCalls(actions: readonly unknown[]): boolean {
  return actions.some(one => isObject(one) && isObject(one.option) && one.option.actions !== undefined)
}

function checkIds(actions: readonly Action[], found: Findings): void {
  const seen = new Set<string>()
  for (const { id } of actions) {
    if (seen.has(id)) found.error(id.slice(0, ID_CHARS_MAX), 'id', 'two steps have this id')
    seen.add(id)
  }
}

function checkTargets(actions: readonly Action[], found: Findings): void {
  const ids = new Set(actions.map(({ id }) => id))
  for (const action of actions)
    for (const { field, id } of targetsOf(action))
      if (!ids.has(id) && !isReservedId(id))
        found.error(action.id, field, `there is no step ${id.slice(0, ID_CHARS_MAX)}`)
}

function checkGraph(actions: readonly Action[], { fetched }: CheckOptions, found: Findings): void {
  const edges = edgesOf(actions)
  if (fetched === undefined)
    for (const place of unreached(edges)) found.error(actions[place]?.id ?? null, null, 'no step leads here')
  for (const place of endlessLoops(actions, edges))
    found.error(
      actions[place]?.id ?? null,
      null,
      'it turns for ever: a loop needs a step that waits, or a goto with loop_count',
    )
}

function warn(actions: readonly Action[], found: Findings): void {
  const known = new Set(SYSTEM_VARIABLES.map(({ name }) => name))
  for (const { type, option } of actions) {
    if (type === 'variable_set') known.add(nameOf(String(option.key)))
    if (type === 'webhook_fetch' && isObject(option.variables))
      for (const name of Object.keys(option.variables)) known.add(name)
  }
  for (const { id, type, option } of actions) {
    for (const name of new Set(namesIn(option)))
      if (!known.has(name)) found.warning(id, null, `nothing in this flow sets the variable ${name.slice(0, 64)}`)
    if (type === 'condition_variable' && !String(option.variable).includes('${'))
      found.warning(
        id,
        'variable',
        'a variable is written with a dollar sign and braces here; the bare name is taken as the name',
      )
    if (type === 'branch' && String(option.variable ?? '').includes('${'))
      found.warning(id, 'variable', 'a branch takes the name of the variable without a dollar sign and braces')
    if (type === 'goto' && !(Number(withDefaults('goto', option).loop_count) > 0))
      found.warning(id, 'loop_count', 'without a count it never jumps')
  }
}

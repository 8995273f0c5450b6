/** The check of a flow at the door: what the core says is wrong, and the verbs whose other half is not built yet. */

import type { FlowToRun } from '../../actors/books.ts'
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { type Checked, checkFlow, type Problem, problemInside } from '../../core/flow/check.ts'
import { type VerbName, verbOf } from '../../core/flow/verbs/table.ts'
import { isId, parseId } from '../../core/ids.ts'
import { wrongWithEndFlow } from '../../core/recording/end-flow.ts'
import { refusalOfUrl } from '../../providers/public-address.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'

interface By {
  env: Env
  member: Pick<Caller, 'workspaceId'>
}

/** Options of `recording_start` that the carrier is not told. */
const WHOLE_CALL = ['end_of_silence', 'duration', 'beep_start']
/** Whom `connect` and `transfer` reach: at the carrier, several at once; and those who are asked alone. */
const DIALLED = ['tel', 'sip', 'extension']
const ALONE = ['agent', 'queue', 'ai', 'conference']

export function checkedFlow(actions: readonly unknown[]): Checked {
  const checked = checkFlow(actions, { call: true })
  if (checked.errors.length > 0) return checked
  const looks = [notBuilt, refusedAddress, wrongInside]
  return { ...checked, errors: checked.actions.flatMap(one => looks.flatMap(look => look(one))) }
}

/** Where the running flow would not go, it is not led by a saved one. Which host a variable will name is known only then. */
function refusedAddress({ id, type, option }: Checked['actions'][number]): Problem[] {
  return verbOf(type as VerbName).fields.flatMap(({ name: field, kind }) => {
    const address = option[field]
    if (kind !== 'url' || typeof address !== 'string' || /^(https?:\/\/[^/?#\\]*)?\$\{/.test(address)) return []
    const message = refusalOfUrl(address.replace(/\$\{[^}]*\}/g, 'x'))
    return message === null ? [] : [{ stepId: id, field, message }]
  })
}

/** The steps of another call are looked at like these. */
function wrongInside({ id, type, option }: Checked['actions'][number]): Problem[] {
  if (type !== 'call' || !Array.isArray(option.actions)) return []
  const problem = problemInside(id, checkedFlow(option.actions).errors)
  return problem === null ? [] : [problem]
}

function notBuilt({ id, type, option }: Checked['actions'][number]): Problem[] {
  if (type === 'call') return wrongCall(id, option)
  if (type === 'recording_start') {
    const field = WHOLE_CALL.find(name => Boolean(option[name]))
    const message =
      'cannot be used yet: a recording lasts until recording_stop or the end of its call, and begins without a tone'
    return field === undefined ? [] : [{ stepId: id, field, message }]
  }
  if (type !== 'connect' && type !== 'transfer') return []
  const field = type === 'connect' ? 'destinations' : 'to'
  const listed = (Array.isArray(option[field]) ? option[field] : [option[field]]) as { type?: unknown }[]
  const types = listed.map(one => (typeof one?.type === 'string' ? one.type : 'this'))
  const odd = types.find(one => ![...DIALLED, ...ALONE].includes(one))
  const reached = [...DIALLED, ...ALONE].join(', ')
  if (odd !== undefined)
    return [{ stepId: id, field, message: `${odd} cannot be reached by a flow yet; ${reached} can` }]
  const alone = types.length > 1 ? types.find(one => ALONE.includes(one)) : undefined
  return alone === undefined ? [] : [{ stepId: id, field, message: `${alone} is the only destination, or none` }]
}

/** Whom the verb `call` calls. */
const CALLED = ['tel', 'agent', 'extension', 'sip']

function wrongCall(
  stepId: string,
  { flow_id, actions, destinations }: Checked['actions'][number]['option'],
): Problem[] {
  if (!flow_id && actions === undefined)
    return [{ stepId, field: 'flow_id', message: 'whoever is called needs a flow, or actions' }]
  const types = ((destinations ?? []) as { type?: unknown }[]).map(one => String(one.type))
  const odd = types.find(one => !CALLED.includes(one))
  if (odd === undefined) return []
  return [{ stepId, field: 'destinations', message: `${odd} cannot be called yet; ${CALLED.join(', ')} can` }]
}

/** The checks above, and those that the book of the workspace is asked for: a conference that a step names by its id, a queue, and the flow of a call that it places. */
export async function checkedWithBook(by: By, actions: readonly unknown[]): Promise<Checked> {
  const checked = checkedFlow(actions)
  if (checked.errors.length > 0) return checked
  const unknown = [unknownConference, unknownFlow, unknownEndFlow, unknownQueue]
  const asked = checked.actions.flatMap(action => unknown.map(look => look(by, action)))
  const problems = await Promise.all(asked)
  return { ...checked, errors: problems.flat() }
}

/** A name need not exist for `conference_join`, which makes it. What a variable will say is not known yet. */
async function unknownConference(
  { env, member }: By,
  { id, type, option }: Checked['actions'][number],
): Promise<Problem[]> {
  const field = type === 'conference_join' ? 'conference_id' : type === 'confbridge_join' ? 'confbridge_id' : null
  const named = field === null ? undefined : option[field]
  if (field === null || typeof named !== 'string' || named.includes('${')) return []
  if (type === 'conference_join' && !isId(named)) return []
  const book = stubFor(env, 'workspace', member.workspaceId)
  if ((await book.conferences({ do: 'find', named, unique: null })) !== null) return []
  return [{ stepId: id, field, message: 'there is no such conference' }]
}

async function unknownFlow({ env, member }: By, { id, type, option }: Checked['actions'][number]): Promise<Problem[]> {
  const flowId = type === 'call' ? option.flow_id : undefined
  if (typeof flowId !== 'string' || flowId === '' || flowId.includes('${')) return []
  const book = stubFor(env, 'workspace', member.workspaceId)
  if ((await book.flow({ do: 'read', flowId })) !== null) return []
  return [{ stepId: id, field: 'flow_id', message: 'there is no such flow' }]
}

async function unknownEndFlow(by: By, { id, type, option }: Checked['actions'][number]): Promise<Problem[]> {
  const named = type === 'recording_start' ? option.on_end_flow_id : undefined
  if (typeof named !== 'string' || named === '' || named.includes('${')) return []
  const why = await wrongEndFlow(by, named)
  return why === null ? [] : [{ stepId: id, field: 'on_end_flow_id', message: why }]
}

/** Why this flow cannot begin when a recording is there; null: it can. */
async function wrongEndFlow({ env, member }: By, flowId: string): Promise<string | null> {
  const book = stubFor(env, 'workspace', member.workspaceId)
  const found = await book.flow({ do: 'run', flowId, callId: '' })
  if (found === null)
    return (await book.flow({ do: 'read', flowId })) === null ? 'there is no such flow' : 'this flow is not published'
  const { actionsJson } = JSON.parse(found) satisfies unknown as FlowToRun
  const [first] = wrongWithEndFlow(JSON.parse(actionsJson) satisfies unknown as unknown[])
  return first === undefined ? null : `${first.stepId === null ? '' : `${first.stepId}: `}${first.message}`
}

/** Throws Refusal 400 for a flow that cannot begin when a recording is there. Empty: none is to. */
export async function requireEndFlow(by: By, flowId: string): Promise<void> {
  const why = flowId === '' ? null : await wrongEndFlow(by, flowId)
  if (why !== null)
    throw new Refusal(400, 'This flow cannot begin with a recording.', [{ field: 'on_end_flow_id', message: why }])
}

async function unknownQueue({ env, member }: By, { id, option }: Checked['actions'][number]): Promise<Problem[]> {
  const [field, named] = queueOf(option)
  if (typeof named !== 'string' || named.includes('${')) return []
  const queueId = parseId('queue', named, member.workspaceId)
  const rows = queueId && (await stubFor(env, 'workspace', member.workspaceId).queues({ do: 'read', queueId }))
  return rows?.length ? [] : [{ stepId: id, field, message: 'there is no such queue' }]
}

/** The field that names a queue, and its id. A queue is the only destination, or none. */
function queueOf({ queue_id, destinations, to }: Checked['actions'][number]['option']): [string, unknown] {
  if (queue_id !== undefined) return ['queue_id', queue_id]
  const [first = to] = Array.isArray(destinations) ? destinations : []
  const { type, target } = (first ?? {}) as { type?: unknown; target?: unknown }
  return [destinations === undefined ? 'to' : 'destinations', type === 'queue' ? target : undefined]
}

/** @throws Refusal 400 with the step and the field of every problem */
export async function requireFlow(by: By, actions: readonly unknown[]): Promise<Checked> {
  const checked = await checkedWithBook(by, actions)
  if (checked.errors.length === 0) return checked
  const fields = checked.errors.map(({ stepId, field, message }) => ({
    field: ['actions', stepId, field].filter(part => part !== null).join('.'),
    message,
  }))
  throw new Refusal(400, 'The flow cannot be saved.', fields)
}

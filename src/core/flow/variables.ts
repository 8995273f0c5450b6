/**
 * Variables of a running flow: texts by name. `${name}` in an option is replaced just before its step runs, in texts at any depth of maps
 * and lists. What was put in is not looked at again, so a value that contains `${…}` stays as it is and nothing grows without end.
 */
import { bytesOf, type Json, type Option } from './flow.ts'

export type Variables = { readonly [name: string]: string }

export const VARIABLES_MAX = 100
export const NAME_CHARS_MAX = 128
/** Counted as they are stored: JSON in UTF-8. */
export const VALUE_BYTES_MAX = 32 * 1024
export const ALL_BYTES_MAX = 64 * 1024
export const SYSTEM_BYTES_MAX = 16 * 1024
/** So many characters are put into one option at most; more is cut. */
export const PUT_CHARS_MAX = 32 * 1024
const NAME = /^[A-Za-z_][A-Za-z0-9_.:-]*$/
const PLACE = /\$\{([^${}]{1,200})\}/g

/** Names that only we set. */
const RESERVED = ['voipbin.', 'trunkline.'] as const

export interface SystemVariable {
  name: string
  help: string
}

/** The variables that exist without anybody setting them, for the docs, the editor and the check. */
export const SYSTEM_VARIABLES: readonly SystemVariable[] = [
  { name: 'voipbin.activeflow.id', help: 'id of this run of the flow' },
  { name: 'voipbin.activeflow.reference_type', help: 'call' },
  { name: 'voipbin.activeflow.reference_id', help: 'id of the call' },
  { name: 'voipbin.activeflow.flow_id', help: 'id of the flow; empty for a flow that was made for one call' },
  { name: 'voipbin.call.id', help: 'id of the call' },
  { name: 'voipbin.call.direction', help: 'incoming or outgoing' },
  { name: 'voipbin.call.digits', help: 'the keys that the caller pressed last, without the end key' },
  { name: 'voipbin.call.source.target', help: 'the number that calls' },
  { name: 'voipbin.call.source.name', help: 'the name of whoever calls' },
  { name: 'voipbin.call.source.type', help: 'tel, sip, agent, …' },
  { name: 'voipbin.call.destination.target', help: 'the number that is called' },
  { name: 'voipbin.call.destination.name', help: 'the name of whoever is called' },
  { name: 'voipbin.call.destination.type', help: 'tel, sip, agent, …' },
  { name: 'voipbin.queue.id', help: 'the queue, once the caller is in one' },
  { name: 'voipbin.queue.name', help: 'its name' },
  { name: 'voipbin.queuecall.id', help: 'the place in the queue' },
  { name: 'voipbin.recording.id', help: 'the recording that began last; of a flow that begins with one: that one' },
  { name: 'voipbin.recording.reference_type', help: 'call or conference; only in a flow that begins with a recording' },
  { name: 'voipbin.recording.reference_id', help: 'id of that call or conference' },
  { name: 'voipbin.recording.format', help: 'wav or mp3; only there' },
  { name: 'trunkline.recording.seconds', help: 'how long it is; only there' },
  { name: 'trunkline.workspace.id', help: 'id of the workspace; only there' },
  { name: 'trunkline.step.result', help: 'how the last step ended: a key, busy, no-answer, failed, …' },
  { name: 'trunkline.consent', help: 'announced, given or refused' },
  { name: 'trunkline.webhook.status', help: 'status of the last answer of webhook_send with sync' },
  { name: 'trunkline.webhook.body', help: 'its body, cut at 8 KiB' },
]

export function isReserved(name: string): boolean {
  return RESERVED.some(prefix => name.startsWith(prefix))
}

export function isVariableName(name: string): boolean {
  return name.length <= NAME_CHARS_MAX && NAME.test(name)
}

export interface VariableProblem {
  /** the name as it was given, cut; null: it is about all of them */
  key: string | null
  message: string
}

/** What is wrong with variables that somebody gives a call; empty: nothing. Nothing is dropped in silence. */
export function checkVariables(given: Readonly<Record<string, unknown>>): VariableProblem[] {
  const names = Object.keys(given)
  const problems: VariableProblem[] = []
  for (const name of names) {
    const message = wrongWith(name, given[name])
    if (message !== null) problems.push({ key: name.slice(0, NAME_CHARS_MAX), message })
  }
  if (names.length > VARIABLES_MAX) problems.push({ key: names[VARIABLES_MAX] ?? null, message: tooMany() })
  if (problems.length === 0 && bytesOf(given) > ALL_BYTES_MAX)
    problems.push({ key: largestOf(given), message: `all variables together have at most ${ALL_BYTES_MAX} bytes` })
  return problems
}

function tooMany(): string {
  return `there are at most ${VARIABLES_MAX} variables`
}

function wrongWith(name: string, value: unknown): string | null {
  if (!isVariableName(name)) return `a name has letters, digits and _ . : - and at most ${NAME_CHARS_MAX} characters`
  if (isReserved(name)) return `names that begin with ${RESERVED.join(' or ')} are the system’s`
  if (typeof value !== 'string') return 'a value is a text'
  return bytesOf(value) > VALUE_BYTES_MAX ? `a value has at most ${VALUE_BYTES_MAX} bytes` : null
}

function largestOf(given: Readonly<Record<string, unknown>>): string | null {
  const sizes = Object.entries(given).map(([name, value]) => [name, bytesOf(value)] as const)
  return sizes.sort(([, a], [, b]) => b - a)[0]?.[0] ?? null
}

/** The variables with one more, or changed; a text: why not. */
export function withVariable(variables: Variables, name: string, value: string): Variables | string {
  const wrong = wrongWith(name, value)
  if (wrong !== null) return wrong
  const next = { ...variables, [name]: value }
  if (Object.keys(next).length > VARIABLES_MAX) return tooMany()
  return bytesOf(next) > ALL_BYTES_MAX ? `all variables together have at most ${ALL_BYTES_MAX} bytes` : next
}

/** The same for names that only steps of ours set. They are kept apart, so that a flow can use up all of its own. */
export function withSystemVariable(system: Variables, name: string, value: string): Variables | string {
  const next = { ...system, [name]: value }
  return bytesOf(next) > SYSTEM_BYTES_MAX ? 'the system’s variables are full' : next
}

/** What a flow on a call begins with, beside the variables that were given. */
export function startingVariables(of: {
  activeflowId: string
  flowId: string | null
  callId: string
  direction: 'incoming' | 'outgoing'
  from: string
  fromName: string
  to: string
  toName: string
}): Variables {
  return {
    'voipbin.activeflow.id': of.activeflowId,
    'voipbin.activeflow.reference_type': 'call',
    'voipbin.activeflow.reference_id': of.callId,
    'voipbin.activeflow.flow_id': of.flowId ?? '',
    'voipbin.call.id': of.callId,
    'voipbin.call.direction': of.direction,
    'voipbin.call.digits': '',
    'voipbin.call.source.target': of.from,
    'voipbin.call.source.name': of.fromName,
    'voipbin.call.source.type': 'tel',
    'voipbin.call.destination.target': of.to,
    'voipbin.call.destination.name': of.toName,
    'voipbin.call.destination.type': 'tel',
  }
}

/** The option with its variables put in. An unknown name becomes empty. */
export function substituted(option: Option, variables: () => Variables): Option {
  return inMap(option, { variables, left: PUT_CHARS_MAX })
}

interface Room {
  variables: () => Variables
  left: number
}

/** The same map where it names no variable, which is the usual case. */
function inMap(map: Option, room: Room): Option {
  let changed: Record<string, Json> | undefined
  for (const key of Object.keys(map)) {
    const value = map[key] as Json
    const put = inValue(value, room)
    if (put === value) continue
    changed ??= { ...map }
    changed[key] = put
  }
  return changed ?? map
}

function inValue(value: Json, room: Room): Json {
  if (typeof value === 'string') return inText(value, room)
  if (Array.isArray(value)) {
    const list = value.map((one: Json) => inValue(one, room))
    return list.some((one, at) => one !== value[at]) ? list : value
  }
  if (typeof value !== 'object' || value === null) return value
  return inMap(value as Option, room)
}

function inText(text: string, room: Room): string {
  if (!text.includes('${')) return text
  const variables = room.variables()
  return text.replace(PLACE, (_, name: string) => {
    const value = Object.hasOwn(variables, name) ? (variables[name] ?? '') : ''
    const put = value.slice(0, Math.max(0, room.left))
    room.left -= put.length
    return put
  })
}

/** The names that an option speaks of as `${name}`. */
export function namesIn(value: Json): string[] {
  if (typeof value === 'string') return [...value.matchAll(PLACE)].map(([, name]) => name ?? '')
  if (Array.isArray(value)) return value.flatMap((one: Json) => namesIn(one))
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(namesIn) : []
}

/** The name in a field that takes the name of a variable: `digits` and `${digits}` mean the same. */
export function nameOf(text: string): string {
  return /^\$\{([^${}]+)\}$/.exec(text)?.[1] ?? text
}

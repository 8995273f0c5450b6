/**
 * Versions of a flow. A draft is edited; publishing makes it a version, unless it says the same as the one that is out. A call keeps the version
 * that it began with. A canary gives a share of the calls another version, always the same one to the same call.
 */
import type { Action, Json } from './flow.ts'

export interface FlowVersion {
  version: number
  actions: readonly Action[]
  at: number
  /** the version whose content was taken up again */
  rolledBackTo?: number
}
export interface Canary {
  version: number
  /** share of the calls, 1 to 99 */
  percent: number
}
export interface FlowBook {
  draft: readonly Action[]
  /** oldest first; the last `VERSIONS_MAX` are kept, and the ones that calls may get */
  versions: readonly FlowVersion[]
  /** the number of the version that calls get; 0: nothing was published */
  published: number
  canary: Canary | null
}
export const VERSIONS_MAX = 50
export const NO_VERSIONS: FlowBook = { draft: [], versions: [], published: 0, canary: null }

/** The content of a flow as one text, the same however its fields are ordered. The places of nodes on a canvas are not in it. */
export function contentOf(actions: readonly Action[]): string {
  return JSON.stringify(
    actions.map(({ id, type, option, next_id }) => sorted({ id, type, option, next_id: next_id ?? '' })),
  )
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map((one: Json) => sorted(one))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value as { [key: string]: Json }).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]))
}

/** The checked draft becomes the next version. The same content makes no version and ends a canary. */
export function publish(book: FlowBook, at: number): FlowBook {
  const out = versionOf(book, book.published)
  if (out !== null && contentOf(out.actions) === contentOf(book.draft)) return { ...book, canary: null }
  return added(book, { version: lastOf(book) + 1, actions: book.draft, at })
}

/** The content of an earlier version becomes the next version, so that the order of versions is the order of time. Null: there is none. */
export function rollBack(book: FlowBook, version: number, at: number): FlowBook | null {
  const old = versionOf(book, version)
  if (old === null) return null
  return {
    ...added(book, { version: lastOf(book) + 1, actions: old.actions, at, rolledBackTo: version }),
    draft: old.actions,
  }
}

/** The checked draft as a version that only a share of the calls gets. Null: nothing was published yet, or the share is no share. */
export function startCanary(book: FlowBook, percent: number, at: number): FlowBook | null {
  if (book.published === 0 || !Number.isInteger(percent) || percent < 1 || percent > 99) return null
  const version = lastOf(book) + 1
  return {
    ...added(book, { version, actions: book.draft, at }),
    published: book.published,
    canary: { version, percent },
  }
}

function added(book: FlowBook, one: FlowVersion): FlowBook {
  const kept = [...book.versions, one].slice(-VERSIONS_MAX)
  const out = versionOf(book, book.published)
  const versions = out === null || kept.includes(out) ? kept : [out, ...kept.slice(1)]
  return { ...book, versions, published: one.version, canary: null }
}

function lastOf({ versions }: FlowBook): number {
  return versions.at(-1)?.version ?? 0
}

export function versionOf({ versions }: FlowBook, version: number): FlowVersion | null {
  return versions.find(one => one.version === version) ?? null
}

/** The version that this call gets, however often it is asked. Null: nothing was published. */
export function versionFor(book: FlowBook, callId: string): FlowVersion | null {
  const { canary, published } = book
  const wanted = canary !== null && percentOf(callId) < canary.percent ? canary.version : published
  return versionOf(book, wanted) ?? versionOf(book, published)
}

/** 0 to 99, evenly spread over call ids (FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/). */
export function percentOf(callId: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < callId.length; at += 1) hash = Math.imul(hash ^ callId.charCodeAt(at), 0x01000193)
  // The low bits of neighbouring ids are alike, so they are mixed once more.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return ((hash ^ (hash >>> 13)) >>> 0) % 100
}

export interface StepChange {
  stepId: string
  change: 'added' | 'removed' | 'changed' | 'moved'
  /** what differs of a changed step: `type`, `next_id`, or a field of the option */
  fields: string[]
}

/** What is different, step by step. `moved`: the same step, and another one comes before it now. */
export function diffOf(before: readonly Action[], after: readonly Action[]): StepChange[] {
  const old = new Map(before.map(action => [action.id, action]))
  const now = new Set(after.map(({ id }) => id))
  const changes: StepChange[] = before
    .filter(({ id }) => !now.has(id))
    .map(({ id }) => ({ stepId: id, change: 'removed', fields: [] }))
  const kept = before.filter(({ id }) => now.has(id)).map(({ id }) => id)
  const order = after.filter(({ id }) => old.has(id)).map(({ id }) => id)
  for (const action of after) {
    const was = old.get(action.id)
    if (was === undefined) changes.push({ stepId: action.id, change: 'added', fields: [] })
    else {
      const fields = fieldsThatDiffer(was, action)
      if (fields.length > 0) changes.push({ stepId: action.id, change: 'changed', fields })
      else if (beforeIn(kept, action.id) !== beforeIn(order, action.id))
        changes.push({ stepId: action.id, change: 'moved', fields: [] })
    }
  }
  return changes
}

function beforeIn(ids: readonly string[], id: string): string | undefined {
  return ids[ids.indexOf(id) - 1]
}

function fieldsThatDiffer(was: Action, is: Action): string[] {
  const same = (a: Json | undefined, b: Json | undefined) =>
    JSON.stringify(sorted(a ?? null)) === JSON.stringify(sorted(b ?? null))
  const fields = [...new Set([...Object.keys(was.option), ...Object.keys(is.option)])]
  return [
    ...(was.type === is.type ? [] : ['type']),
    ...(was.next_id === is.next_id ? [] : ['next_id']),
    ...fields.filter(name => !same(was.option[name], is.option[name])).sort(),
  ]
}

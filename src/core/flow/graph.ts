/** A flow as a graph: where each step may lead, what is never reached, and where it may turn for ever. */
import { type Action, FINISH_ID, NEXT_ID } from './flow.ts'
import { VERBS, type VerbName, verbOf } from './verbs/table.ts'

/** A place that a field of a step names. */
export interface Target {
  field: string
  id: string
}

/** Every id that an action names. */
export function targetsOf(action: Action): Target[] {
  const { fields } = verbOf(action.type as VerbName)
  const named: Target[] = action.next_id === undefined ? [] : [{ field: 'next_id', id: action.next_id }]
  for (const { name, kind } of fields) {
    const value = action.option[name]
    if (kind === 'step' && typeof value === 'string') named.push({ field: name, id: value })
    if (kind === 'steps-by-value' && typeof value === 'object' && value !== null)
      for (const id of Object.values(value)) if (typeof id === 'string') named.push({ field: name, id })
  }
  return named
}

export function isReservedId(id: string): boolean {
  return id === NEXT_ID || id === FINISH_ID
}

/** An edge of the graph; `counted`: a `goto` takes it only so many times. */
export interface Edge {
  to: number
  counted: boolean
}

/** Where each step may lead, by its place in the list. The end of the flow has no place. */
export function edgesOf(actions: readonly Action[]): Edge[][] {
  const places = new Map(actions.map(({ id }, place) => [id, place]))
  const placeOf = (id: string, from: number) =>
    id === NEXT_ID ? from + 1 : id === FINISH_ID ? -1 : (places.get(id) ?? -1)
  return actions.map((action, from) => {
    const edges: Edge[] = []
    const add = (to: number, counted = false) => {
      if (to >= 0 && to < actions.length) edges.push({ to, counted })
    }
    for (const { field, id } of targetsOf(action)) {
      if (field === 'next_id') continue
      // Without a count it never jumps (reference A4).
      if (action.type === 'goto' && !(Number(action.option.loop_count ?? 0) > 0)) continue
      add(placeOf(id, from), action.type === 'goto')
    }
    if (VERBS[action.type as VerbName].class !== 'ends')
      add(action.next_id === undefined ? from + 1 : placeOf(action.next_id, from))
    return edges
  })
}

/** Places that no way from the first step leads to. */
export function unreached(edges: readonly Edge[][]): number[] {
  const seen = new Set(edges.length > 0 ? [0] : [])
  for (const place of seen) for (const { to } of edges[place] ?? []) seen.add(to)
  return edges.map((_, place) => place).filter(place => !seen.has(place))
}

/** Verbs on which time passes or somebody acts, so that a loop over them turns no faster than the call. */
function rests(action: Action): boolean {
  const { class: kind, ends } = verbOf(action.type as VerbName)
  // To take up a call that is taken up already takes no time.
  return (
    (kind === 'speaks' && ends !== 'at-once') ||
    kind === 'listens' ||
    kind === 'waits' ||
    kind === 'asks-outside' ||
    kind === 'connects'
  )
}

/** Places on a loop without a step on which time passes and without a count. */
export function endlessLoops(actions: readonly Action[], edges: readonly Edge[][]): number[] {
  const quick = actions.map(action => !rests(action))
  const state = new Uint8Array(actions.length)
  const found = new Set<number>()
  for (let start = 0; start < actions.length; start += 1) {
    if (!quick[start] || state[start] !== 0) continue
    // Depth first, with a stack of our own: a flow may be a thousand steps long.
    const stack = [{ place: start, next: 0 }]
    state[start] = 1
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const edge = edges[top.place]?.[top.next]
      top.next += 1
      if (edge === undefined) {
        state[top.place] = 2
        stack.pop()
      } else if (!edge.counted && quick[edge.to]) {
        if (state[edge.to] === 1) found.add(edge.to)
        else if (state[edge.to] === 0) {
          state[edge.to] = 1
          stack.push({ place: edge.to, next: 0 })
        }
      }
    }
  }
  return [...found].sort((a, b) => a - b)
}

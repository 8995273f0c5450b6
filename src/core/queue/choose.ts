/** Who is offered to whom next. Both orders are total, so the choice is the same on every machine. */
import type { Agent, Entry, QueueState, Strategy } from './state.ts'

export interface Choice {
  entry: Entry
  agent: Agent
}

/** Callers in the order in which they are served: priority, then the time of their place, then the order of arrival. */
export function inOrder(state: QueueState): Entry[] {
  return Object.values(state.entries).sort((a, b) => b.priority - a.priority || a.placeMs - b.placeMs || a.seq - b.seq)
}

export function waits({ stage }: Entry): boolean {
  return stage.is === 'waiting'
}

/** Counted from 1, among those who wait or are being offered; 0: this one is not among them. */
export function placeOf(state: QueueState, entryId: string): number {
  return (
    inOrder(state)
      .filter(one => waits(one) || one.stage.is === 'offered')
      .findIndex(one => one.entryId === entryId) + 1
  )
}

/** Null: nobody who waits can be offered to anybody who is free. A caller is passed over only when no free agent can take them. */
export function nextChoice(state: QueueState, at: number): Choice | null {
  const free = Object.values(state.agents).filter(agent => agent.free && agent.entryId === null)
  if (free.length === 0) return null
  for (const entry of inOrder(state)) {
    if (!waits(entry)) continue
    const able = free.filter(agent => mayTake(agent, entry, at))
    const [first, ...rest] = able
    if (first === undefined) continue
    const before = ORDER[state.settings?.strategy ?? 'longest-idle'](state, entry)
    return { entry, agent: rest.reduce((best, agent) => (before(agent, best) < 0 ? agent : best), first) }
  }
  return null
}

function mayTake(agent: Agent, entry: Entry, at: number): boolean {
  return (entry.refusedBy[agent.deskId] ?? 0) <= at && entry.skills.every(skill => agent.skills[skill] !== undefined)
}

type Before = (a: Agent, b: Agent) => number
const longestIdle: Before = (a, b) => a.sinceMs - b.sinceMs || a.place - b.place

const ORDER: { readonly [Name in Strategy]: (state: QueueState, entry: Entry) => Before } = {
  'longest-idle': () => longestIdle,
  'round-robin':
    ({ turn }) =>
    (a, b) =>
      Number(a.place <= turn) - Number(b.place <= turn) || a.place - b.place,
  'fewest-calls': () => (a, b) => a.calls - b.calls || longestIdle(a, b),
  linear: () => (a, b) => a.place - b.place,
  skills: (_, entry) => (a, b) => levelOf(a, entry) - levelOf(b, entry) || longestIdle(a, b),
}

/** The sum over the skills that this caller needs: less is better. */
function levelOf(agent: Agent, { skills }: Entry): number {
  return skills.reduce((sum, skill) => sum + (agent.skills[skill] ?? 0), 0)
}

/** How long the caller at this place will wait, ms, from what conversations have lasted; null: nobody can say yet. */
export function expectedWaitMs(state: QueueState, place: number): number | null {
  const { answered, talkedMs } = state.figures
  const present = Object.values(state.agents).filter(({ free, entryId }) => free || entryId !== null).length
  if (answered === 0 || talkedMs === 0 || present === 0) return null
  return Math.round(((talkedMs / answered) * place) / present)
}

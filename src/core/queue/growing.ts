/** Callers and agents of a queue are rows: five hundred of them are more than a small state holds. */
import type { Growing } from '../machine.ts'
import type { Agent, Entry, QueueState } from './state.ts'

export const queueGrowing: Growing<QueueState> = {
  rowsOf: ({ agents, entries }) =>
    new Map<string, unknown>([
      ...Object.values(agents).map(agent => [`agent:${agent.deskId}`, agent] as const),
      ...Object.values(entries).map(entry => [`entry:${entry.entryId}`, entry] as const),
    ]),
  rest: state => ({ ...state, agents: {}, entries: {} }),
  whole: (rest, rows) => {
    if (rows.size === 0) return rest
    const agents: Record<string, Agent> = {}
    const entries: Record<string, Entry> = {}
    for (const [key, value] of rows)
      if (key.startsWith('agent:')) agents[(value as Agent).deskId] = value as Agent
      else entries[(value as Entry).entryId] = value as Entry
    return { ...rest, agents, entries }
  },
}

/** What has texts of people in it, or many items, is a row of its own: a script alone may take half of what a small state holds. */
import type { Growing } from '../machine.ts'
import type { DeskState } from './state.ts'

const SINGLE = ['settings', 'conversation', 'parked', 'lastTalk', 'inbound', 'notices'] as const

export const deskGrowing: Growing<DeskState> = {
  rowsOf(state) {
    const single = SINGLE.filter(name => (state[name] ?? null) !== null).map(name => [name, state[name]] as const)
    const lanes = state.lanes.map((lane, index) => [`lane:${index}`, lane] as const)
    const pending = state.pending.map(owed => [`pending:${owed.callId}`, owed] as const)
    return new Map<string, unknown>([...single, ...lanes, ...pending])
  },
  rest: state => ({
    ...state,
    settings: { wrapUpMs: 0, outcomes: [], script: '' },
    conversation: null,
    parked: null,
    ...(state.lastTalk === undefined ? {} : { lastTalk: null }),
    inbound: null,
    ...(state.notices === undefined ? {} : { notices: [] }),
    lanes: [],
    pending: [],
  }),
  whole(rest, rows) {
    if (rows.size === 0) return rest
    const single = Object.fromEntries(SINGLE.filter(name => rows.has(name)).map(name => [name, rows.get(name)]))
    const many = (prefix: string) => [...rows].filter(([key]) => key.startsWith(prefix))
    const place = (key: string) => Number(key.slice('lane:'.length))
    const lanes = many('lane:').sort(([one], [other]) => place(one) - place(other))
    const values = (list: [string, unknown][]) => list.map(([, value]) => value)
    return { ...rest, ...single, lanes: values(lanes), pending: values(many('pending:')) } as DeskState
  },
}

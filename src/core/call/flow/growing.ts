/** The rows of a call with a flow: each list of steps, each page, and the variables. A call without a flow has none. */
import type { Action } from '../../flow/flow.ts'
import type { Variables } from '../../flow/variables.ts'
import type { Growing } from '../../machine.ts'
import type { CallState } from '../state.ts'
import { type LiveFlow, PAGES_KEPT, type Page } from './state.ts'

const NONE: ReadonlyMap<string, unknown> = new Map()

export const flowGrowing: Growing<CallState> = {
  // A state of an older release has no such field.
  grows: ({ flow }) => flow != null && (flow.phase !== 'over' || flow.page > 0),
  rowsOf: ({ flow }) => {
    if (flow === null) return NONE
    const rows = new Map<string, unknown>()
    // A page takes the row of the one that is dropped for it: one statement, and no key of the index changes.
    for (const page of flow.pages) rows.set(`page.${page.page % PAGES_KEPT}`, page)
    if (flow.phase === 'over') return rows
    rows.set('variables', flow.variables)
    rows.set('system', flow.system)
    flow.programs.forEach((program, depth) => void rows.set(`steps.${depth}`, program))
    return rows
  },
  rest: state => {
    const { flow } = state
    if (flow === null) return state
    const bare = { ...flow, pages: [] }
    return { ...state, flow: bare.phase === 'over' ? bare : { ...bare, programs: [], variables: {}, system: {} } }
  },
  whole: (rest, rows) => {
    const { flow } = rest
    if (flow === null || rows.size === 0) return rest
    const of = (prefix: string) => [...rows].filter(([key]) => key.startsWith(prefix))
    const pages = of('page.').map(([, page]) => page as Page)
    pages.sort((a, b) => a.page - b.page)
    if (flow.phase === 'over') return { ...rest, flow: { ...flow, pages } }
    const programs: LiveFlow['programs'] = of('steps.')
      .sort(([a], [b]) => depthOf(a) - depthOf(b))
      .map(([, program]) => program as readonly Action[])
    const variables = rows.get('variables') as Variables
    return { ...rest, flow: { ...flow, pages, programs, variables, system: rows.get('system') as Variables } }
  },
}

function depthOf(key: string): number {
  return Number(key.slice('steps.'.length))
}

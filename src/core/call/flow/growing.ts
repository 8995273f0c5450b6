/** The rows of a call with a flow: each list of steps, each large page, and the variables. A call without a flow has none. */
import type { Action } from '../../flow/flow.ts'
import type { Variables } from '../../flow/variables.ts'
import type { Instruction } from '../../instruction/instruction.ts'
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
    for (const page of flow.pages) if (!isSmall(page)) rows.set(`page.${page.page % PAGES_KEPT}`, page)
    if (flow.phase === 'over') return rows
    rows.set('variables', flow.variables)
    rows.set('system', flow.system)
    flow.programs.forEach((program, depth) => void rows.set(`steps.${depth}`, program))
    return rows
  },
  rest: state => {
    const { flow } = state
    if (flow === null) return state
    const bare = { ...flow, pages: flow.pages.filter(isSmall) }
    return { ...state, flow: bare.phase === 'over' ? bare : { ...bare, programs: [], variables: {}, system: {} } }
  },
  whole: (rest, rows) => {
    const { flow } = rest
    if (flow === null || rows.size === 0) return rest
    const of = (prefix: string) => [...rows].filter(([key]) => key.startsWith(prefix))
    const pages = [...flow.pages, ...of('page.').map(([, page]) => page as Page)]
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

/** Of all instructions of a page that stays in the state, which is written with every step anyway. */
const SMALL_CHARS = 300
const SMALL_COUNT = 6

/** A row of its own costs a small page more than its bytes do: a statement, and a page of the database. */
function isSmall({ instructions }: Page): boolean {
  return charsOf(instructions) <= SMALL_CHARS
}

function charsOf(instructions: readonly Instruction[]): number {
  if (instructions.length > SMALL_COUNT) return Number.POSITIVE_INFINITY
  let chars = 0
  for (const one of instructions) {
    if (one.kind === 'say') chars += one.text.length + (one.voice?.length ?? 0)
    else if (one.kind === 'play') chars += one.urls.join('').length
    else if (one.kind === 'gather') chars += charsOf(one.prompt)
    else if (!BRIEF.includes(one.kind)) return Number.POSITIVE_INFINITY
  }
  return chars
}

const BRIEF: readonly Instruction['kind'][] = ['wait', 'continue', 'answer', 'hang-up']

/** The messages of a call in their order, for people who want to know why it failed. First lines only: no secrets, no sound. */
import { LADDER_FIRST, LADDER_LAST } from './limits.ts'

export interface Rung {
  atMs: number
  /** an extension, one of its phones (`102 phone 2`), or `registrar` */
  from: string
  to: string
  line: string
}

export interface Ladder {
  first: readonly Rung[]
  last: readonly Rung[]
  /** rungs between them that were left out */
  omitted: number
}

export const REGISTRAR = 'registrar'
export const NO_LADDER: Ladder = { first: [], last: [], omitted: 0 }
const LINE_MAX = 160

/** The beginning of a long ladder is kept, and its end. */
export function withRung(ladder: Ladder, rung: Rung): Ladder {
  const short = { ...rung, line: rung.line.slice(0, LINE_MAX) }
  if (ladder.first.length < LADDER_FIRST) return { ...ladder, first: [...ladder.first, short] }
  const last = [...ladder.last, short]
  return last.length <= LADDER_LAST
    ? { ...ladder, last }
    : { ...ladder, last: last.slice(1), omitted: ladder.omitted + 1 }
}

/** The legs of a pool are rows: there are many at a time, and each changes a few times. Those of a round are a part of its small state. */
import type { Growing } from '../machine.ts'
import { type BatchState, isPool, type Leg } from './state.ts'

export const batchGrowing: Growing<BatchState> = {
  grows: isPool,
  rowsOf: state =>
    isPool(state) && state.phase !== 'empty' ? new Map(state.legs.map(leg => [leg.legId, leg])) : new Map(),
  rest: state => (isPool(state) ? { ...state, legs: [] } : state) as BatchState,
  whole: (rest, rows) => (rows.size === 0 ? rest : ({ ...rest, legs: [...rows.values()] as Leg[] } as BatchState)),
}

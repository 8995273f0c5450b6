/** Where each step stands on the canvas. A flow has no places of its own, so that two people see the same picture of it. */
import { exitsOf, type Step } from './steps.ts'

export const STEP_WIDTH = 232
const HEAD_HEIGHT = 58
const EXIT_HEIGHT = 24
const GAP_X = 88
const GAP_Y = 28

export interface Place {
  x: number
  y: number
}

export function heightOf(exits: number): number {
  return HEAD_HEIGHT + exits * EXIT_HEIGHT
}

/** A column for each number of steps from the beginning; what nothing leads to comes last. */
export function layoutOf(steps: readonly Step[]): Place[] {
  const columns = columnsOf(steps)
  const bottoms: number[] = []
  return steps.map((_, place) => {
    const column = columns[place] ?? 0
    const y = bottoms[column] ?? 0
    bottoms[column] = y + heightOf(exitsOf(steps, place).length) + GAP_Y
    return { x: column * (STEP_WIDTH + GAP_X), y }
  })
}

function columnsOf(steps: readonly Step[]): number[] {
  const places = new Map(steps.map((one, place) => [one.id, place]))
  const columns = new Map<number, number>(steps.length > 0 ? [[0, 0]] : [])
  for (const [place, column] of columns)
    for (const { to } of exitsOf(steps, place)) {
      const next = to === null ? undefined : places.get(to)
      if (next !== undefined && !columns.has(next)) columns.set(next, column + 1)
    }
  const last = Math.max(-1, ...columns.values())
  return steps.map((_, place) => columns.get(place) ?? last + 1)
}

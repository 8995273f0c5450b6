import { expect, test } from 'vitest'
import { Draft, type Machine, step } from './machine.ts'

type Input = { type: 'add'; at: number; numbers: number[] }
type Fact = { type: 'added'; at: number; number: number }

function counter() {
  const evolved: number[] = []
  const evolve = (sum: number, { number }: Fact) => {
    evolved.push(number)
    return sum + number
  }
  const machine: Machine<number, Input, Fact, never> = {
    name: 'counter' as never,
    version: 1,
    initial: 0,
    decide(state, { at, numbers }) {
      const draft = new Draft<number, Fact>(evolve, state)
      for (const number of numbers) draft.add({ type: 'added', at, number })
      return draft.facts
    },
    evolve,
    react: () => [],
    deadline: () => null,
  }
  return { machine, evolved }
}
const input: Input = { type: 'add', at: 1, numbers: [1, 2, 3] }

test('a step evolves each fact once: what decided it has done so already', () => {
  const { machine, evolved } = counter()
  expect(step(machine, 10, input).state).toBe(16)
  expect(evolved).toEqual([1, 2, 3])
})

test('a machine whose evolving was replaced is evolved by the new one', () => {
  const { machine } = counter()
  const doubled = { ...machine, evolve: (sum: number, { number }: Fact) => sum + 2 * number }
  expect(step(doubled, 10, input).state).toBe(22)
})

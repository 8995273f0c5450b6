/** The reader of scenarios, and one of the shipped ones held; `npm run eval` holds them all. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AiStage } from './ai-stage.ts'
import { holdAll } from './eval/hold.ts'
import { readScenario, readScenarios } from './eval/scenario.ts'

const HOURS = {
  about: 'asks for the hours',
  caller: { acts: [{ listen: true }, { say: 'opening hours' }] },
  expect: [
    { agent: 'we are open', withinMs: 1_500 },
    { tool: 'opt_out', arguments: { reason: 'ASKED' } },
  ],
  never: { said: ['did not understand'], tools: ['end_call'] },
  end: 'none',
}
const read = (change: Record<string, unknown>) => readScenario(JSON.stringify({ ...HOURS, ...change }), 'hours.json')

describe('the reader', () => {
  test('the shipped scenarios are more than twenty, each with a name of its own', () => {
    const names = readScenarios().map(one => one.name)
    expect(names.length).toBeGreaterThanOrEqual(20)
    expect(new Set(names).size).toBe(names.length)
  })

  test.each([
    [{ caller: { acts: [{ sing: 'la' }] } }, /hours\.json: caller: acts\[0\] must have exactly one of/],
    [{ agent: { silenceSeconds: 1 } }, /agent\.silenceSeconds/],
    [{ agent: { colour: 'red' } }, /agent\.colour: an agent has no such field/],
    [{ expect: [{ agent: 'x', soon: true }] }, /expect\.0/],
    [{ end: 'somehow' }, /end: /],
    [{ whatever: 1 }, /whatever/],
  ])('%j is refused with its place', (change, wrong) => {
    expect(() => read(change)).toThrow(wrong)
  })

  test('what is no JSON is refused with its file', () => {
    expect(() => readScenario('{', 'broken.json')).toThrow(/^broken\.json: no JSON/)
  })
})

describe('on the phone', () => {
  let stage: AiStage
  beforeAll(async () => {
    stage = await AiStage.set(6250)
  })
  afterAll(() => stage.close())

  test('a shipped scenario is held and passes', async () => {
    const [verdict] = await holdAll(stage, readScenarios(['hours']), () => {})
    expect(verdict?.entries.length).toBeGreaterThan(3)
    expect(verdict?.differences).toEqual([])
  })
})

import { expect, test } from 'vitest'
import { playScenario } from './scenario.ts'
import type { Expectation } from './words.ts'

const FLOW = [
  { id: 'hello', type: 'talk', option: { text: 'Hello.' } },
  { id: 'menu', type: 'menu', option: { text: 'Press 1.', target_ids: { 1: 'one' }, timeout: 2_000 } },
  { id: 'none', type: 'hangup' },
  { id: 'one', type: 'variable_set', option: { key: 'chose', value: 'one' } },
  { id: 'end', type: 'talk', option: { text: 'One it is.' } },
]
const played = (...expect: Expectation[]) => playScenario(FLOW, { caller: [{ keys: '1' }], expect })

test('a scenario that comes as expected has no failure, and tells all of it', () => {
  const { failed, transcript, reason } = played(
    ...[{ hears: 'Hello' }, { hears: 'Press 1' }, { step: 'one' }, { hears: 'One it is' }, { neverHears: 'wrong' }],
    ...[{ variable: 'chose', is: 'one' }, { answeredAfterMs: 0 }, { ends: 'finished' }, { endsWithinMs: 10_000 }],
  )
  expect([failed, reason]).toEqual([null, 'finished'])
  expect(transcript.map(({ kind }) => kind)).toContain('does')
})

test.each([
  ['words that do not come', { hears: 'Goodbye' }, 'did not come'],
  ['words that must not come', { neverHears: 'Press' }, 'it was heard after'],
  ['a step that is not entered', { step: 'none' }, 'did not come'],
  ['somebody who is not asked', { asks: 'connect' }, 'did not come'],
  ['another answer time', { answeredAfterMs: 2_000 }, 'answered after 0 ms'],
  ['another value', { variable: 'chose', is: 'two' }, 'its value was one'],
  ['another end', { ends: 'hung-up' }, 'it ended: finished'],
  ['a longer call', { endsWithinMs: 10 }, 'it took'],
] as [string, Expectation, string][])('%s is the failure, by its place', (_, expectation, because) => {
  const { failed } = played({ hears: 'Hello' }, expectation)
  expect(failed).toMatchObject({ index: 1, expectation, because: expect.stringContaining(because) })
})

test('the order of what is heard counts', () => {
  expect(played({ hears: 'Press 1' }, { hears: 'Hello' }).failed).toMatchObject({ index: 1 })
})

test('a flow that cannot be saved is not played, and says why', () => {
  expect(playScenario([{ id: 'a', type: 'sing' }], { expect: [{ ends: 'finished' }] }).failed?.because).toContain(
    'no verb sing',
  )
})

test('the same scenario gives the same transcript, and hours pass at once', () => {
  const wait = [{ id: 'w', type: 'sleep', option: { duration: 3_600_000 } }]
  const twice = [1, 2].map(() => playScenario(wait, { expect: [{ ends: 'finished' }] }))
  expect(twice[0]).toEqual(twice[1])
  expect(twice[0]?.endedAtMs).toBe(3_600_000)
})

test('a caller who hangs up ends it wherever they are', () => {
  const { transcript, reason } = playScenario(FLOW, { hangsUpAtMs: 500, expect: [{ ends: 'call-over' }] })
  expect([reason, transcript.at(-1)?.atMs]).toEqual(['call-over', 500])
})

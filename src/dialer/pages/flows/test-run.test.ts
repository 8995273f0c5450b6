import { expect, test } from 'vitest'
import type { Step } from './steps.ts'
import { playTest } from './test-run.ts'

const FLOW: Step[] = [
  { id: 'hours', type: 'business_hours', option: hours() },
  { id: 'menu', type: 'menu', option: { text: 'Press 1 for sales.', target_ids: { 1: 'sales' }, retries: 0 } },
  { id: 'bye', type: 'hangup', option: {} },
  {
    id: 'sales',
    type: 'connect',
    option: { destinations: [{ type: 'tel', target: '+14155550123' }], no_answer_target_id: 'box' },
  },
  { id: 'end', type: 'hangup', option: {} },
  { id: 'box', type: 'voicemail', option: { box: 'sales', text: 'Leave a message.' } },
  { id: 'closed', type: 'talk', option: { text: 'We are closed.' } },
]
function hours() {
  return { zone: 'UTC', intervals: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }], closed_target_id: 'closed' }
}
const MONDAY = { at: Date.UTC(2026, 0, 5, 12), others: 'answer' as const, flows: {} }
const heard = (run: ReturnType<typeof playTest>) => run.lines.filter(one => one.kind === 'hears').map(one => one.words)

test('a test call stops where the flow listens, and goes on with a key', () => {
  const first = playTest(FLOW, [], MONDAY)
  expect([heard(first), first.waitsFor, first.oneKey]).toEqual([['Press 1 for sales.'], 'keys', true])
  const second = playTest(FLOW, [{ keys: '1' }], MONDAY)
  expect(second.waitsFor).toBe(null)
  expect(second.lines.map(one => one.words)).toContain('the party has talked and is gone')
})

test('nobody answers: the message is waited for', () => {
  const run = playTest(FLOW, [{ keys: '1' }], { ...MONDAY, others: 'no-answer' })
  expect([heard(run).at(-1), run.waitsFor]).toEqual(['Leave a message.', 'message'])
  expect(playTest(FLOW, [{ keys: '1' }, { speaksMs: 4_000 }], { ...MONDAY, others: 'busy' }).waitsFor).toBe(null)
})

test('the time of the test call decides whether it is open', () => {
  const sunday = playTest(FLOW, [], { ...MONDAY, at: Date.UTC(2026, 0, 4, 12) })
  expect([heard(sunday), sunday.waitsFor]).toEqual([['We are closed.'], null])
})

test('a caller who hangs up or says nothing is played to the end', () => {
  expect(playTest(FLOW, [{ hangsUpAfterMs: 0 }], MONDAY).waitsFor).toBe(null)
  expect(playTest(FLOW, [{ silent: true }], MONDAY)).toMatchObject({ waitsFor: null, because: null })
})

test('a flow that cannot be saved says why it is not played', () => {
  expect(playTest([{ id: 'a', type: 'talk', option: {} }], [], MONDAY).because).toContain('it is missing')
})

test('a flow that it fetches is played, and waited in', () => {
  const flows = { fl_2: [{ id: 'choice', type: 'digits_receive', option: { length: 4 } }] }
  const steps = [{ id: 'other', type: 'fetch_flow', option: { flow_id: 'fl_2' } }]
  expect(playTest(steps, [], { ...MONDAY, flows })).toMatchObject({ waitsFor: 'keys', oneKey: false })
})

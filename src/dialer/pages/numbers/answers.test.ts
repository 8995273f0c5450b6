import { expect, test } from 'vitest'
import { choiceOf, leadOf } from './answers.ts'

const NOWHERE = {
  flow_id: null,
  queue_id: null,
  agent_id: null,
  user_id: null,
  conference_id: null,
  extension_id: null,
}

test('each thing that a number may lead to is a choice, and a choice names one thing', () => {
  const led = { ...NOWHERE, queue_id: 'w_a.q_1' }
  expect(choiceOf(led)).toBe('queue w_a.q_1')
  expect(leadOf('queue w_a.q_1')).toEqual({ queue_id: 'w_a.q_1' })
  for (const choice of [
    'flow fl_1',
    'queue w_a.q_1',
    'ai ai_1',
    'desk user-1',
    'conference w_a.cf_1',
    'extension ex_1',
  ])
    expect(choiceOf({ ...NOWHERE, ...leadOf(choice) })).toBe(choice)
})

test('nobody lets go of everything', () => {
  expect(choiceOf(NOWHERE)).toBe('nobody')
  expect(leadOf('nobody')).toEqual(NOWHERE)
  expect(leadOf('something else')).toEqual(NOWHERE)
})

/** Flows without a call: how they go from step to step, what they may have, and how they end. */
import { expect, test } from 'vitest'
import type { OutsideAnswer } from '../call/flow/state.ts'
import type { Action, Option } from '../flow/flow.ts'
import { answeredEndFlow, beginEndFlow, type Ran, runEndFlow, wrongWithEndFlow } from './end-flow.ts'

const OF = { recordingId: 'RE1', referenceId: 'w_a.call_1', flowId: 'f1', seconds: 9, type: 'audio/wav' }
const step = (id: string, type: string, option: Option = {}, next_id?: string): Action => ({
  ...{ id, type, option },
  ...(next_id === undefined ? {} : { next_id }),
})
const variable = (name: string) => ['$', `{${name}}`].join('')

/** Runs it to its end; each question to the outside gets the next answer. */
function ran(actions: Action[], ...answers: OutsideAnswer[]): { steps: string[]; asked: Option[]; next: Ran['next'] } {
  let now = runEndFlow(beginEndFlow(actions, OF), 0)
  const steps = now.done.map(one => `${one.stepId} ${one.result}`)
  const asked: Option[] = []
  for (const answer of answers) {
    if (now.next.is === 'over') break
    asked.push(now.next.option)
    now = answeredEndFlow(now.flow, now.next.waits ? answer : null, 0)
    steps.push(...now.done.map(one => `${one.stepId} ${one.result}`))
  }
  return { steps, asked, next: now.next }
}
const tells = (id: string, data: string) =>
  step(id, 'webhook_send', { uri: 'https://example.com/', method: 'POST', sync: true, data })
const OK: OutsideAnswer = { is: 'result', result: '200' }

test('it knows the recording, sets variables, branches, and says the result of the step before', () => {
  const actions = [
    step('set', 'variable_set', { key: 'kind', value: variable('voipbin.recording.reference_type') }),
    step('which', 'branch', { variable: 'kind', target_ids: { call: 'tell' }, default_target_id: 'end' }),
    step('end', 'stop'),
    tells('tell', `${variable('voipbin.recording.id')} ${variable('trunkline.recording.seconds')}`),
    step('after', 'variable_set', { key: 'x', value: variable('trunkline.step.result') }),
    tells('again', variable('x')),
  ]
  const { steps, asked, next } = ran(actions, OK, OK)
  expect(steps).toEqual(['set done', 'which call', 'tell 200', 'after done', 'again 200'])
  expect(asked.map(one => one.data)).toEqual(['RE1 9', '200'])
  expect(next).toEqual({ is: 'over', reason: 'finished', because: '' })
})

test('a loop turns as often as it says, and one that never ends is ended', () => {
  const loop = [
    step('a', 'variable_set', { key: 'x', value: '1' }),
    step('b', 'goto', { target_id: 'a', loop_count: 2 }),
  ]
  expect(ran(loop).steps.filter(one => one === 'a done')).toHaveLength(3)
  const forever = [step('a', 'variable_set', { key: 'x', value: '1' }, 'a')]
  expect(ran(forever).next).toMatchObject({ is: 'over', reason: 'too-many-steps' })
})

test('steps that a server answers with run, and then the flow goes on; those that need a call fail with the step that had fetched them', () => {
  const actions = [step('f', 'fetch', { event_url: 'https://example.com/' }), step('end', 'stop')]
  const inner = { type: 'variable_set', option: { key: 'x', value: '1' } }
  expect(ran(actions, { is: 'steps', actions: [inner] }).steps).toEqual(['step-1 done', 'f done', 'end stopped'])
  const wrong = ran(actions, { is: 'steps', actions: [{ type: 'talk', option: { text: 'Hello' } }] })
  expect(wrong.next).toMatchObject({ reason: 'failed', because: expect.stringContaining('talk needs a call') })
  const led = [step('f', 'fetch', { event_url: 'https://example.com/', error_target_id: 'end' }), step('end', 'stop')]
  expect(ran(led, { is: 'failed', because: 'not-answered' }).steps).toEqual(['f not-answered', 'end stopped'])
})

test('a server that is told and not asked fails nothing; one that is asked without an error branch ends the flow', () => {
  const told = [step('t', 'webhook_send', { uri: 'https://example.com/', method: 'POST' }), step('end', 'stop')]
  expect(ran(told, { is: 'failed', because: 'not-answered' }).steps).toEqual(['t done', 'end stopped'])
  const asked = [step('q', 'webhook_fetch', { uri: 'https://example.com/', variables: { x: 'y' } })]
  expect(ran(asked, { is: 'failed', because: 'not-answered' }).next).toMatchObject({ because: 'q: not-answered' })
})

test('a flow with a verb that needs a call is refused with step and verb, and one that has none may be named', () => {
  expect(wrongWithEndFlow([step('hello', 'talk', { text: 'Hello' })])).toMatchObject([
    { stepId: 'hello', field: 'type', message: expect.stringContaining('talk needs a call') },
  ])
  const calls = [step('c', 'call', { destinations: [{ type: 'tel', target: '+14155550101' }], flow_id: 'f' })]
  expect(wrongWithEndFlow(calls)).toMatchObject([
    { stepId: 'c', message: expect.stringContaining('call needs a call') },
  ])
  expect(wrongWithEndFlow([step('end', 'stop')])).toEqual([])
})

import { expect, test } from 'vitest'
import { admit, interestIn, type Topical } from './stream-topics.ts'

const PROGRAM = { workspaceId: 'w_a', agentId: null, mayRead: true }
const AGENT = { workspaceId: 'w_a', agentId: 'ada', mayRead: false }
const event = (over: Partial<Topical> = {}): Topical => ({
  names: ['call_answered', 'call_progressing'],
  callId: 'w_a.call_1',
  legacy: null,
  ...over,
})

test('topics are the names of both vocabularies, everything, a call of the own workspace and the names of the seed', () => {
  for (const topic of [
    '*',
    'call_answered',
    'call_progressing',
    'call:w_a.call_1',
    'call-status-user-u1',
    'inbound-call',
  ])
    expect(admit(topic, PROGRAM), topic).toBe('yes')
  for (const topic of [
    '',
    'call_flown',
    'call:w_b.call_1',
    'call:',
    'call:x',
    'call-status-user-',
    'call-status-user-a b',
  ])
    expect(admit(topic, PROGRAM), topic).toBe('unknown-topic')
})

test('whoever may not read events has the own names of the seed and no other topic', () => {
  expect(admit('call-status-user-ada', AGENT)).toBe('yes')
  expect(admit('inbound-call', AGENT)).toBe('yes')
  for (const topic of ['*', 'call_answered', 'call:w_a.call_1', 'call-status-user-bo'])
    expect(admit(topic, AGENT), topic).toBe('not-allowed')
})

test('an event has the first of the topics that match, in whichever vocabulary it was named', () => {
  const topicOf = (topics: string[], one = event()) => interestIn(topics, PROGRAM).publicTopic(one)
  expect(topicOf(['call_hungup', 'call_progressing'])).toBe('call_progressing')
  expect(topicOf(['call:w_a.call_1', '*'])).toBe('call:w_a.call_1')
  expect(topicOf(['*', 'call_answered'])).toBe('*')
  expect(topicOf(['call:w_a.call_2', 'call_hungup'])).toBeNull()
  expect(topicOf(['call:w_a.call_1'], event({ callId: null }))).toBeNull()
})

test('the names of the seed have an agent’s own events; a program gets the inbound calls of every desk', () => {
  const status = event({ legacy: { topic: 'call-status', agentId: 'ada' } })
  const rings = event({ legacy: { topic: 'inbound-call', agentId: 'ada' } })
  const topics = ['call-status-user-ada', 'inbound-call']
  expect(interestIn(topics, AGENT).legacyTopic(status)).toBe('call-status-user-ada')
  expect(interestIn(['call-status-user-bo'], PROGRAM).legacyTopic(status)).toBeNull()
  expect(interestIn(topics, AGENT).legacyTopic(rings)).toBe('inbound-call')
  expect(interestIn(topics, { agentId: 'bo' }).legacyTopic(rings)).toBeNull()
  expect(interestIn(topics, PROGRAM).legacyTopic(rings)).toBe('inbound-call')
  expect(interestIn(['*'], PROGRAM).legacyTopic(rings)).toBeNull()
  expect(interestIn(topics, AGENT).publicTopic(status)).toBeNull()
})

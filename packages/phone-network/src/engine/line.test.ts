import { expect, test } from 'vitest'
import { APP, OUR_NUMBER, VirtualNetwork } from '../testing/virtual-network.ts'
import type { Call } from './world.ts'

/** Calls to a number of the account itself: the call that was placed, and the one that the number receives. */

const SECOND = '+14155550002'
const CALLER = '+14155551001'

function network(pages: Record<string, string>): VirtualNetwork {
  const made = new VirtualNetwork()
  made.take({
    kind: 'book.kept',
    change: { of: 'number', number: SECOND, settings: { voice: { url: `${APP}/second`, method: 'POST' } } },
  })
  for (const [path, verbs] of Object.entries(pages)) made.pages.set(path, `<Response>${verbs}</Response>`)
  return made
}

function inboundOf(made: VirtualNetwork): Call {
  const found = [...made.world.calls.values()].find(call => call.direction === 'inbound' && call.to === SECOND)
  if (!found) throw new Error('the number was not called')
  return found
}

test('a call to a number of the own account asks that number’s voice URL, as a call of its own [C14]', () => {
  const made = network({ '/answer': '<Pause length="9"/>', '/second': '<Say>This is the second number.</Say>' })
  const placed = made.call(SECOND)
  made.pass(1_000)
  const inbound = inboundOf(made)
  const asked = made.fetches().find(one => one.target.url === `${APP}/second`)
  expect(asked?.fields).toMatchObject({ CallSid: inbound.sid, Direction: 'inbound', From: OUR_NUMBER, To: SECOND })
  expect(inbound.sid).not.toBe(placed.sid)
  expect([placed.status, inbound.status]).toEqual(['in-progress', 'in-progress'])
  expect(made.did('cross')).toEqual([expect.objectContaining({ callSid: inbound.sid, other: placed.sid })])
  expect(made.ofKind('person-said')).toEqual([])
  made.pass(10_000)
  expect([placed.status, inbound.status]).toEqual(['completed', 'completed'])
  expect(made.notices('status').map(({ fields }) => `${fields.CallSid === placed.sid} ${fields.CallStatus}`)).toEqual([
    'true initiated',
    'true ringing',
    'true in-progress',
    'true completed',
  ])
})

test('<Dial> to an own number asks its voice URL too, and the caller’s keys and words arrive there [C14]', () => {
  const made = network({
    '/inbound': `<Dial><Number>${SECOND}</Number></Dial>`,
    '/second': '<Gather numDigits="1" action="/key"/>',
    '/key': '<Gather input="speech" action="/words" timeout="60"/>',
    '/words': '<Pause length="60"/>',
  })
  const caller = made.dial(CALLER)
  made.pass(1_000)
  const inbound = inboundOf(made)
  expect(inbound.parentSid).toBeNull()
  made.take({ kind: 'digits.pressed', callSid: caller.sid, digits: '5' })
  expect(made.fetches().at(-1)).toMatchObject({ callSid: inbound.sid, target: { url: `${APP}/key` } })
  expect(made.fetches().at(-1)?.fields).toMatchObject({ Digits: '5', Direction: 'inbound', From: CALLER })
})

test('the sentences and keys of the placed call’s TwiML are heard by the number’s TwiML [C14]', () => {
  const made = network({
    '/answer': '<Pause length="1"/><Play digits="7"/><Pause length="2"/><Say>talk to sales</Say><Pause length="60"/>',
    '/second': '<Gather numDigits="1" action="/key"/>',
    '/key': '<Gather input="speech" action="/words" timeout="60"/>',
    '/words': '<Pause length="60"/>',
  })
  made.call(SECOND)
  made.pass(20_000)
  const { sid } = inboundOf(made)
  const told = made.fetches().filter(one => one.callSid === sid)
  expect(told.map(({ target, fields }) => [target.url, fields.Digits, fields.SpeechResult])).toEqual([
    [`${APP}/second`, undefined, undefined],
    [`${APP}/key`, '7', undefined],
    [`${APP}/words`, undefined, 'talk to sales'],
  ])
})

test.each([
  ['<Reject reason="busy"/>', 'busy', 486],
  ['<Reject/>', 'busy', 603],
])('%s of the number refuses the placed call as %s [C14]', (verb, status, sipCode) => {
  const made = network({ '/second': verb })
  const placed = made.call(SECOND)
  made.pass(1_000)
  expect(placed).toMatchObject({ status, sipCode, answeredAt: null })
})

test('a placed call that is given up while the number rings ends the number’s call as no-answer [C14]', () => {
  const made = network({ '/second': '<Pause length="60"/>' })
  const placed = made.call(SECOND, { ringLimitMs: 5_000 })
  made.pass(4_000)
  expect([placed.status, inboundOf(made).status]).toEqual(['ringing', 'ringing'])
  made.pass(2_000)
  expect([placed.status, inboundOf(made).status]).toEqual(['no-answer', 'no-answer'])
})

test('an own number without a voice URL refuses, and says so [C14]', () => {
  const made = network({})
  made.take({
    kind: 'book.kept',
    change: { of: 'number', number: SECOND, settings: { voice: { url: '', method: 'POST' } } },
  })
  const placed = made.call(SECOND)
  made.pass(1_000)
  expect(placed.status).toBe('failed')
  expect(made.ofKind('alert')).toEqual([expect.objectContaining({ code: 21404 })])
})

test('numbers that dial one another come to an end, with a warning [C14]', () => {
  const made = network({
    '/answer': '<Pause length="60"/>',
    '/second': `<Dial><Number>${SECOND}</Number></Dial>`,
  })
  made.call(SECOND)
  made.pass(60_000)
  expect(made.world.calls.size).toBeLessThan(20)
  expect([...made.world.calls.values()].filter(call => call.endedAt === null)).toEqual([])
  expect(made.ofKind('alert').map(({ message }) => message)).toEqual([expect.stringContaining('loop')])
})

test('detection of a machine gives a verdict at an own number too [C14]', () => {
  const made = network({ '/second': '<Pause/><Say>Hello</Say><Pause length="60"/>', '/answer': '<Hangup/>' })
  const detection = {
    mode: 'Enable' as const,
    async: false,
    callback: null,
    limitMs: 30_000,
    silenceMs: 5_000,
    speechMs: 2_400,
    speechEndMs: 1_200,
  }
  const placed = made.call(SECOND, { detection })
  made.pass(20_000)
  expect(placed).toMatchObject({ answeredBy: 'unknown', status: 'completed' })
})

import { expect, test } from 'vitest'
import { type SipRequest, valuesOf } from './message.ts'
import { all, DOMAIN, inCall, messageOf, replyText, requestText, World } from './testing.ts'

const TWO = { s1: '101', s2: '102', s3: '102' }
const request = (text: string) => messageOf(text) as SipRequest

test('a call is set up, held and ended by messages that each reach the other side alone', () => {
  const { world, byCaller, byCallee } = inCall()
  expect(world.heardBy('s1')).toEqual(['100', '180', '200'])
  expect(world.heardBy('s2')).toEqual(['INVITE', 'ACK'])
  const hold = { ...byCaller, cseq: 2, body: 'a=sendonly' }
  expect(all(world.send('s1', requestText(hold)))).toEqual(['s1 100', 's2 INVITE'])
  expect(all(world.send('s2', replyText(world.lastAt('s2', 'INVITE'), 200)))).toEqual(['s1 200'])
  expect(all(world.send('s1', requestText({ ...hold, method: 'ACK' })))).toEqual(['s2 ACK'])
  expect(all(world.send('s2', requestText({ ...byCallee, method: 'BYE' })))).toEqual(['s1 BYE'])
  expect(all(world.send('s1', replyText(world.lastAt('s1', 'BYE'), 200)))).toEqual(['s2 200'])
  expect(world.factTypes()).toEqual(['began', 'ringing', 'answered', 'ended hung-up', 'closed'])
  expect(world.isIdle).toBe(true)
})

test.each(['INFO', 'REFER', 'NOTIFY', 'MESSAGE', 'OPTIONS', 'UPDATE', 'SUBSCRIBE'])(
  '%s inside a call goes both ways',
  method => {
    const { world, byCaller, byCallee } = inCall()
    const there = {
      ...byCaller,
      method,
      cseq: 2,
      body: 'Signal=5',
      headers: [{ name: 'refer-to', value: '<sip:103@acme.example>' }],
    }
    expect(all(world.send('s1', requestText(there)))).toEqual([`s2 ${method}`])
    const arrived = request(world.lastAt('s2', method))
    expect([arrived.body, arrived.target.text, valuesOf(arrived.headers, 'refer-to')]).toEqual([
      'Signal=5',
      'sip:b@b.invalid',
      ['<sip:103@acme.example>'],
    ])
    expect(all(world.send('s2', replyText(world.lastAt('s2', method), 202)))).toEqual(['s1 202'])
    expect(all(world.send('s2', requestText({ ...byCallee, method })))).toEqual([`s1 ${method}`])
  },
)

test('an answer that comes again does not end the call that it has made', () => {
  const { world } = inCall()
  expect(world.send('s2', replyText(world.lastAt('s2', 'INVITE'), 200))).toEqual([])
})

test('a stranger with the token of a call is not in it', () => {
  const { world, byCaller } = inCall(new World({ s1: '101', s2: '102', s3: '103' }))
  expect(all(world.send('s3', requestText({ ...byCaller, method: 'BYE', cseq: 2 })))).toEqual(['s3 481'])
  const { byCallee } = inCall()
  expect(all(world.send('s2', requestText({ ...byCallee, method: 'BYE', callId: 'other' })))).toEqual(['s2 481'])
  expect(world.factTypes()).not.toContain('ended hung-up')
})

test.each([
  ['another tag of the other side', { toTag: 'b2' }],
  ['another tag of its own', { tag: 'a2' }],
  ['the token at another domain', { route: '<sip:u1@evil.example;lr>' }],
  ['a token behind another Route', { route: '<sip:evil.example;lr>, <sip:u1@acme.example;lr>' }],
])('a request with %s is in no call', (_, more) => {
  const { world, byCaller } = inCall()
  expect(all(world.send('s1', requestText({ ...byCaller, method: 'INFO', cseq: 2, ...more })))).toEqual(['s1 481'])
})

test('the side that was called has to name both tags as well', () => {
  const { world, byCallee } = inCall()
  expect(all(world.send('s2', requestText({ ...byCallee, method: 'INFO', tag: 'b2' })))).toEqual(['s2 481'])
  expect(all(world.send('s2', requestText({ ...byCallee, method: 'BYE', toTag: 'a2' })))).toEqual(['s2 481'])
  expect(world.factTypes()).not.toContain('ended hung-up')
})

test('nobody else takes the place of a phone that has lost its connection', () => {
  const { world, byCaller } = inCall(new World({ s1: '101', s2: '102', s3: '103' }))
  world.gone('s1')
  expect(all(world.send('s3', requestText({ ...byCaller, method: 'BYE', cseq: 2 })))).toEqual(['s3 481'])
  world.registers('s8', '101')
  expect(all(world.send('s8', requestText({ ...byCaller, method: 'BYE', cseq: 2 })))).toEqual(['s2 BYE'])
})

test('an ACK that has been passed on too often, or that is of no call, is dropped', () => {
  const { world, byCaller } = inCall()
  expect(world.send('s1', requestText({ ...byCaller, method: 'ACK', branch: 'z', forwards: 0 }))).toEqual([])
  expect(world.send('s1', requestText({ ...byCaller, method: 'ACK', branch: 'z', toTag: 'b2' }))).toEqual([])
  expect(all(world.send('s1', requestText({ ...byCaller, method: 'ACK', branch: 'z' })))).toEqual(['s2 ACK'])
})

test('a change of a call that is cancelled has the answer of the phone, because it may have made the change', () => {
  const { world, byCaller } = inCall()
  world.send('s1', requestText({ ...byCaller, cseq: 2 }))
  world.send('s2', replyText(world.lastAt('s2', 'INVITE'), 180))
  const cancel = requestText({ ...byCaller, method: 'CANCEL', cseq: 2, branch: 'INVITE2' })
  expect(all(world.send('s1', cancel))).toEqual(['s1 200', 's2 CANCEL'])
  expect(all(world.send('s2', replyText(world.lastAt('s2', 'INVITE'), 200)))).toEqual(['s1 200'])
  expect(world.factTypes()).not.toContain('ended cancelled')
})

test('a change of a call that nobody answers in time is no end of the call, also if the answer comes late', () => {
  const { world, byCaller } = inCall()
  world.send('s1', requestText({ ...byCaller, cseq: 2 }))
  world.send('s2', replyText(world.lastAt('s2', 'INVITE'), 180))
  expect(all(world.pass(180_000))).toEqual(['s2 CANCEL', 's1 480'])
  expect(all(world.send('s2', replyText(world.lastAt('s2', 'INVITE'), 200)))).toEqual(['s2 ACK'])
  expect(world.factTypes()).toEqual(['began', 'ringing', 'answered'])
})

test('PRACK and UPDATE before an answer reach the phone that has named its tag', () => {
  const world = new World(TWO)
  world.send('s1', requestText())
  world.send('s3', replyText(world.lastAt('s3', 'INVITE'), 183, { tag: 'b3' }))
  const route = valuesOf(messageOf(world.lastAt('s1', '183')).headers, 'record-route')[0] ?? ''
  expect(all(world.send('s1', requestText({ method: 'PRACK', route, toTag: 'b3', cseq: 2 })))).toEqual(['s3 PRACK'])
  const update = { method: 'UPDATE', route, from: '102', to: '101', tag: 'b3', toTag: 'a1' }
  expect(all(world.send('s3', requestText(update)))).toEqual(['s1 UPDATE'])
  expect(all(world.send('s2', requestText({ ...update, branch: 'other' })))).toEqual(['s2 481'])
})

test('a phone that does not come back within 30 s ends the call, and the other one hears BYE', () => {
  const { world } = inCall()
  expect(all(world.gone('s2'))).toEqual([])
  expect(all(world.pass(29_999))).toEqual([])
  expect(all(world.pass(1))).toEqual(['s1 BYE'])
  const bye = request(world.lastAt('s1', 'BYE'))
  expect([bye.target.text, bye.cseq.number]).toEqual(['sip:101@101.invalid;transport=ws', 1])
  expect(world.factTypes().slice(-2)).toEqual(['ended connection-lost', 'closed'])
})

test('a phone that comes back on another connection is in its call again', () => {
  const { world, byCaller } = inCall()
  world.gone('s2')
  expect(all(world.send('s1', requestText({ ...byCaller, method: 'INFO', cseq: 2 })))).toEqual(['s1 480'])
  world.registers('s8', '102', '<sip:s2@s2.invalid>')
  expect(all(world.send('s1', requestText({ ...byCaller, method: 'INFO', cseq: 3 })))).toEqual(['s8 INFO'])
  expect(all(world.pass(3_600_000))).toEqual(['s1 408'])
})

test('whoever hangs up on a phone that has lost its connection has hung up', () => {
  const { world, byCaller } = inCall()
  world.gone('s2')
  expect(all(world.send('s1', requestText({ ...byCaller, method: 'BYE', cseq: 2 })))).toEqual(['s1 200'])
  expect(world.factTypes().slice(-2)).toEqual(['ended hung-up', 'closed'])
  expect(world.isIdle).toBe(true)
})

test('a call of twelve hours is over for both', () => {
  const { world } = inCall()
  expect(all(world.pass(12 * 3_600_000))).toEqual(['s2 BYE', 's1 BYE'])
  expect(world.factTypes().slice(-2)).toEqual(['ended too-long', 'closed'])
})

test('the ladder of a call says who has sent what to whom, and keeps beginning and end of a long one', () => {
  const { world, byCaller, byCallee } = inCall()
  for (let cseq = 2; cseq < 60; cseq += 1) {
    world.send('s1', requestText({ ...byCaller, method: 'INFO', cseq }))
    world.send('s2', replyText(world.lastAt('s2', 'INFO'), 200))
  }
  world.send('s2', requestText({ ...byCallee, method: 'BYE' }))
  world.send('s1', replyText(world.lastAt('s1', 'BYE'), 200))
  const closed = world.facts.find(one => one.type === 'closed')
  const rungs = closed?.ladder.first.slice(0, 5).map(one => `${one.from} → ${one.to}: ${one.line}`)
  expect(rungs).toEqual([
    `101 → registrar: INVITE sip:102@${DOMAIN} SIP/2.0`,
    'registrar → 101: SIP/2.0 100 Trying',
    'registrar → 102: INVITE sip:s2@s2.invalid SIP/2.0',
    '102 → registrar: SIP/2.0 180 Words',
    'registrar → 101: SIP/2.0 180 Words',
  ])
  expect([closed?.ladder.first.length, closed?.ladder.last.length, closed?.ladder.omitted]).toEqual([
    60,
    60,
    9 + 58 * 4 + 4 - 120,
  ])
  expect(closed?.ladder.last.at(-1)?.line).toBe('SIP/2.0 200 Words')
})

import { expect, test } from 'vitest'
import { VirtualNetwork } from '../testing/virtual-network.ts'
import { SUBSCRIPTIONS_MAX } from './messages.ts'
import type { Call } from './world.ts'

/** Tests of the rules that hold for browser legs only, in virtual time. */

const DIAL = '<Response><Dial><Client>grace</Client></Dial></Response>'

function network(page: string | number): VirtualNetwork {
  const made = new VirtualNetwork()
  made.pages.set('/voice', page)
  made.pages.set('/inbound', typeof page === 'string' ? page : '')
  return made
}

function childOf(net: VirtualNetwork, call: Call): Call {
  const child = [...net.world.calls.values()].find(other => other.parentSid === call.sid)
  if (!child) throw new Error('no child')
  return child
}

/** Two browsers that talk. */
function talk(page = DIAL): { net: VirtualNetwork; call: Call; child: Call } {
  const net = network(page)
  const call = net.browser('ada', { To: 'grace' })
  net.pass(1_000)
  const child = childOf(net, call)
  net.take({ kind: 'client.answered', callSid: child.sid })
  return { net, call, child }
}

const order = (net: VirtualNetwork): string[] =>
  net.intents.map(intent => intent.do).filter(what => /^(ring|tell|hang-up|cancel)-?client|^tell/.test(what))

test('the caller hears `ringing`, and `answer` when the callee accepts; or `answer` at the dial, if so set', () => {
  expect(order(talk().net)).toEqual(['tell-client-ringing', 'ring-client', 'tell-client-answered'])
  const net = network(DIAL)
  net.take({ kind: 'book.kept', change: { of: 'account', settings: { browserOpens: 'at-dial' } } })
  net.browser('ada')
  net.pass(1_000)
  expect(order(net)).toEqual(['tell-client-answered', 'ring-client'])
  net.pages.set('/voice', DIAL.replace('<Dial>', '<Dial answerOnBridge="true">'))
  net.browser('ada')
  net.pass(1_000)
  expect(order(net).slice(2)).toEqual(['tell-client-ringing', 'ring-client'])
})

test('a browser that is gone is not a browser that declines', () => {
  const ends = (['gone', 'declined'] as const).map(how => {
    const net = network(DIAL)
    const call = net.browser('ada')
    net.pass(1_000)
    net.take({ kind: 'client.rejected', callSid: childOf(net, call).sid, how })
    return net.ofKind('dial-ended')[0]?.status
  })
  expect(ends).toEqual(['no-answer', 'busy'])
})

test('a call that is refused before it was answered says why; one that ended does not', () => {
  const refused = (page: string | number) => {
    const net = network(page)
    net.browser('ada')
    net.pass(1_000)
    return net.did('hang-up-client').map(intent => ('error' in intent ? intent.error?.code : undefined))
  }
  expect(refused('<Response><Reject/></Response>')).toEqual([31603])
  expect(refused('<Response><Reject reason="busy"/></Response>')).toEqual([31486])
  expect(refused(11200)).toEqual([31005])
  expect(refused('<Response><Hangup/></Response>')).toEqual([undefined])
})

test('keys of a browser are tones to the other browser, both ways', () => {
  const { net, call, child } = talk()
  net.take({ kind: 'digits.pressed', callSid: call.sid, digits: '1' })
  net.take({ kind: 'digits.pressed', callSid: child.sid, digits: '2' })
  expect(net.did('play-digits')).toMatchObject([
    { callSid: child.sid, digits: '1' },
    { callSid: call.sid, digits: '2' },
  ])
})

test("a phone's number is attested to the browser in its own name only, another browser's never", () => {
  const attested = (page: string, from: string | null) => {
    const net = network(page)
    if (from === null) net.browser('ada')
    else net.dial(from)
    net.pass(1_000)
    return net.did('ring-client').map(intent => ('stirStatus' in intent ? intent.stirStatus : null))
  }
  expect(attested(DIAL, '+14155551001')).toEqual(['TN-Validation-Passed-A'])
  expect(attested(DIAL, '+442079460000')).toEqual(['No-TN-Validation'])
  expect(attested(DIAL.replace('<Dial>', '<Dial callerId="+14155550000">'), '+14155551001')).toEqual([null])
  expect(attested(DIAL, null)).toEqual([null])
})

test('messages of a page go to every subscriber, numbered from 1, and to nobody else [C14]', () => {
  const { net, call, child } = talk()
  const callback = { url: 'http://app.test/message', method: 'POST' as const }
  for (let made = 0; made <= SUBSCRIPTIONS_MAX; made += 1) {
    net.take({ kind: 'messages.subscribed', callSid: call.sid, callback, idempotencyKey: null })
  }
  expect(call.messaging.subscriptions).toHaveLength(SUBSCRIPTIONS_MAX)
  for (const { sid } of call.messaging.subscriptions.slice(1)) {
    net.take({ kind: 'messages.unsubscribed', callSid: call.sid, sid })
  }
  for (const content of ['{"a":1}', '"b"']) {
    net.take({ kind: 'message.arrived', callSid: call.sid, sid: 'KX1', content })
    net.take({ kind: 'message.arrived', callSid: child.sid, sid: 'KX2', content })
  }
  expect(net.notices('message').map(({ fields }) => [fields.SequenceNumber, fields.Content])).toEqual([
    ['1', '{"a":1}'],
    ['2', '"b"'],
  ])
  net.take({ kind: 'call.cut', callSid: call.sid })
  net.take({ kind: 'message.posted', callSid: call.sid, content: '1', idempotencyKey: null })
  expect(net.did('message-client')).toEqual([])
})

// twiml: Echo
test('<Echo>: the caller hears itself until it hangs up, or gets other TwiML', () => {
  const net = network('<Response><Echo/><Say>never</Say></Response>')
  const call = net.browser('ada')
  net.pass(60_000)
  expect(net.did('bridge')).toMatchObject([{ callSid: call.sid, other: call.sid }])
  expect(net.kinds()).not.toContain('network-said')
  const change = { status: null, statusCallback: null, timeLimitMs: null, instructions: { twiml: '<Response/>' } }
  net.take({ kind: 'call.changed', callSid: call.sid, change })
  expect(net.did('unbridge')).toMatchObject([{ callSid: call.sid }])
  expect(call.status).toBe('completed')
})

test('a call to a browser gives it the parameters of its address, and its `To` is the name alone', () => {
  const net = network(DIAL)
  const call = net.call('client:ada?callId=w_a.call_1&team=blue')
  net.pass(1_000)
  expect(call.to).toBe('client:ada')
  const parameters = { callId: 'w_a.call_1', team: 'blue' }
  expect(net.did('ring-client')).toMatchObject([{ identity: 'ada', to: 'client:ada', parameters }])
})

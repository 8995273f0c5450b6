import { expect, test } from 'vitest'
import { DIALOGS_OF_EXTENSION_MAX } from './limits.ts'
import { type SipRequest, type SipResponse, valuesOf } from './message.ts'
import { all, brief, DOMAIN, messageOf, replyText, requestText, World } from './testing.ts'

const TWO = { s1: '101', s2: '102', s3: '102' }
const wordsAt = (world: World, socket: string) => {
  const { status, reason } = messageOf(world.sent.findLast(one => one.socket === socket)?.text ?? '') as SipResponse
  return `${status} ${reason}`
}
const request = (text: string) => messageOf(text) as SipRequest

test('100 is sent at once and never passed on', () => {
  const world = new World()
  expect(all(world.send('s1', requestText()))).toEqual(['s1 100', 's2 INVITE'])
  expect(all(world.send('s2', replyText(world.lastAt('s2', 'INVITE'), 100)))).toEqual([])
})

test('what the next phone gets has our Via on top, one forward less, our way back and its own address', () => {
  const world = new World()
  const forged = [
    { name: 'route', value: '<sip:evil.example;lr>' },
    { name: 'record-route', value: '<sip:evil.example;lr>' },
    { name: 'p-asserted-identity', value: '<sip:boss@acme.example>' },
    { name: 'authorization', value: 'Digest secret' },
  ]
  world.send('s1', requestText({ headers: forged }))
  const sent = request(world.lastAt('s2', 'INVITE'))
  expect(sent.target.text).toBe('sip:s2@s2.invalid')
  expect(sent.vias.map(via => via.host)).toEqual([DOMAIN, '101.invalid'])
  expect(sent.maxForwards).toBe(69)
  expect(valuesOf(sent.headers, 'record-route')).toEqual([`<sip:u1@${DOMAIN};transport=ws;lr>`])
  for (const name of ['route', 'p-asserted-identity', 'authorization']) expect(valuesOf(sent.headers, name)).toEqual([])
})

test('the caller gets its own Vias back, whatever the phone has made of them', () => {
  const world = new World()
  world.send('s1', requestText())
  const forged = replyText(world.lastAt('s2', 'INVITE'), 180).replace(
    'SIP/2.0/WS 101.invalid',
    'SIP/2.0/WS evil.example',
  )
  world.send('s2', forged)
  expect(messageOf(world.lastAt('s1', '180')).vias.map(via => via.host)).toEqual(['101.invalid'])
})

test('the first phone that answers has the call, and the other one is cancelled', () => {
  const world = new World(TWO)
  expect(all(world.send('s1', requestText()))).toEqual(['s1 100', 's2 INVITE', 's3 INVITE'])
  const [two, three] = [world.lastAt('s2', 'INVITE'), world.lastAt('s3', 'INVITE')]
  world.send('s2', replyText(two, 180, { tag: 'b2' }))
  world.send('s3', replyText(three, 180, { tag: 'b3' }))
  expect(all(world.send('s3', replyText(three, 200, { tag: 'b3' })))).toEqual(['s1 200', 's2 CANCEL'])
  expect(valuesOf(messageOf(world.lastAt('s2', 'CANCEL')).headers, 'reason')[0]).toContain('completed elsewhere')
  world.send('s2', replyText(world.lastAt('s2', 'CANCEL'), 200))
  expect(all(world.send('s2', replyText(two, 487, { tag: 'b2' })))).toEqual(['s2 ACK'])
  expect(world.proxy.forks.size).toBe(0)
})

test('a phone that has not said a word is cancelled as soon as it does', () => {
  const world = new World(TWO)
  world.send('s1', requestText())
  const [two, three] = [world.lastAt('s2', 'INVITE'), world.lastAt('s3', 'INVITE')]
  expect(all(world.send('s2', replyText(two, 200)))).toEqual(['s1 200'])
  expect(all(world.send('s3', replyText(three, 100)))).toEqual(['s3 CANCEL'])
})

test('a phone that answers after another one has is acknowledged and hears BYE', () => {
  const world = new World(TWO)
  world.send('s1', requestText())
  world.send('s2', replyText(world.lastAt('s2', 'INVITE'), 200, { tag: 'b2' }))
  const late = replyText(world.lastAt('s3', 'INVITE'), 200, { tag: 'b3', contact: 'sip:c@c.invalid' })
  expect(all(world.send('s3', late))).toEqual(['s3 ACK', 's3 BYE'])
  const bye = request(world.lastAt('s3', 'BYE'))
  expect([bye.target.text, bye.callId, bye.cseq.number]).toEqual(['sip:c@c.invalid', 'call1', 2])
  expect([valuesOf(bye.headers, 'from')[0], valuesOf(bye.headers, 'to')[0]]).toEqual([
    '<sip:101@acme.example>;tag=a1',
    '<sip:102@acme.example>;tag=b3',
  ])
  expect(world.heardBy('s1')).toEqual(['100', '200'])
})

test('the best answer of all phones reaches the caller when the last one has spoken', () => {
  const world = new World(TWO)
  world.send('s1', requestText())
  expect(all(world.send('s2', replyText(world.lastAt('s2', 'INVITE'), 486)))).toEqual(['s2 ACK'])
  expect(all(world.send('s3', replyText(world.lastAt('s3', 'INVITE'), 480)))).toEqual(['s3 ACK', 's1 486'])
  expect(world.factTypes()).toEqual(['began', 'ended busy'])
  expect(all(world.send('s1', requestText({ method: 'ACK', cseq: 1, branch: 'INVITE1' })))).toEqual([])
  expect(world.factTypes()).toEqual(['began', 'ended busy', 'closed'])
})

test('declined by one is declined for all', () => {
  const world = new World(TWO)
  world.send('s1', requestText())
  world.send('s3', replyText(world.lastAt('s3', 'INVITE'), 180))
  expect(all(world.send('s2', replyText(world.lastAt('s2', 'INVITE'), 603)))).toEqual(['s2 ACK', 's3 CANCEL', 's1 603'])
})

test('a server that is out of order at one phone is not the domain', () => {
  const world = new World()
  world.send('s1', requestText())
  world.send('s2', replyText(world.lastAt('s2', 'INVITE'), 503))
  expect(world.heardBy('s1')).toEqual(['100', '500'])
})

test('CANCEL ends the call for the caller at once and for every phone', () => {
  const world = new World(TWO)
  world.send('s1', requestText())
  world.send('s2', replyText(world.lastAt('s2', 'INVITE'), 180))
  const cancel = requestText({ method: 'CANCEL', branch: 'INVITE1' })
  expect(all(world.send('s1', cancel))).toEqual(['s1 200', 's1 487', 's2 CANCEL'])
  expect(all(world.send('s2', replyText(world.lastAt('s2', 'INVITE'), 487)))).toEqual(['s2 ACK'])
  expect(all(world.send('s3', replyText(world.lastAt('s3', 'INVITE'), 200)))).toEqual(['s3 ACK', 's3 BYE'])
  expect(world.factTypes()).toEqual(['began', 'ringing', 'ended cancelled'])
  expect(all(world.send('s9', cancel))).toEqual(['s9 481'])
})

test('a phone that says nothing for 30 s is given up, and the caller reads why', () => {
  const world = new World()
  world.send('s1', requestText())
  expect(all(world.pass(29_999))).toEqual([])
  expect(all(world.pass(1))).toEqual(['s1 408'])
  expect(wordsAt(world, 's1')).toBe('408 No phone of this extension answers.')
  expect(world.factTypes()).toEqual(['began', 'ended no-answer'])
  world.pass(5_000)
  expect(world.isIdle).toBe(true)
})

test('a phone that picks up after it was given up is told that the call is over', () => {
  const world = new World()
  world.send('s1', requestText())
  const invite = world.lastAt('s2', 'INVITE')
  world.pass(40_000)
  expect(all(world.send('s2', replyText(invite, 200)))).toEqual(['s2 ACK', 's2 BYE'])
  expect(request(world.lastAt('s2', 'BYE')).cseq.number).toBe(2)
  expect(all(world.send('s2', replyText(invite, 486)))).toEqual(['s2 ACK'])
  expect(world.heardBy('s1')).toEqual(['100', '408'])
})

test('a phone that rings for three minutes is cancelled, also if it says again and again that it rings', () => {
  const world = new World()
  world.send('s1', requestText())
  for (let minute = 0; minute < 3; minute += 1) {
    world.send('s2', replyText(world.lastAt('s2', 'INVITE'), 180))
    world.pass(59_999)
  }
  expect(all(world.pass(3))).toEqual(['s2 CANCEL', 's1 480'])
  expect(wordsAt(world, 's1')).toBe('480 Nobody answered.')
})

test.each([
  ['an unknown extension', '404 There is no such extension.', { to: '999' }],
  ['an extension without a phone', '480 This extension is not registered.', { to: '103' }],
  ['another domain', '403 This domain is not served here.', { target: 'sip:102@other.example' }],
  ['the address of a phone', '403 This domain is not served here.', { target: 'sip:s2@s2.invalid' }],
  ['a caller that it is not', '403 From is not the extension of this phone.', { from: '103' }],
  ['no forwards left', '483 The request has been passed on too often.', { forwards: 0 }],
  ['an unknown method', '405 This method is not served here.', { method: 'PUBLISH' }],
  ['the end of a call that there is not', '481 There is no such call.', { method: 'BYE', toTag: 'b1' }],
  [
    'a change of a call that it has no way to',
    '481 There is no such call.',
    { toTag: 'b1', route: '<sip:guess@acme.example;lr>' },
  ],
  [
    'a Via of ours',
    '482 The request has been here already.',
    { headers: [{ name: 'via', value: `SIP/2.0/WSS ${DOMAIN};branch=z9hG4bKu1.0` }] },
  ],
])('%s is refused with words: %s', (_, words, written) => {
  const world = new World()
  world.send('s1', requestText(written))
  expect(wordsAt(world, 's1')).toBe(words)
  expect(world.heardBy('s2')).toEqual([])
  expect(world.proxy.forks.size).toBe(0)
})

test('a socket on which nobody has registered may ask what is served, and nothing else', () => {
  const world = new World()
  world.send('s9', requestText())
  expect(wordsAt(world, 's9')).toBe('403 This phone is not registered.')
  world.send('s9', requestText({ method: 'OPTIONS', target: `sip:${DOMAIN}` }))
  expect(wordsAt(world, 's9')).toBe('200 OK')
})

test('CANCEL of another request than the one on this branch cancels nothing', () => {
  const world = new World()
  world.send('s1', requestText())
  const other = { method: 'CANCEL', branch: 'INVITE1' }
  expect(all(world.send('s1', requestText({ ...other, cseq: 2 })))).toEqual(['s1 481'])
  expect(all(world.send('s1', requestText({ ...other, callId: 'call2' })))).toEqual(['s1 481'])
})

test('a phone that rings after it was given up is cancelled with the To of the INVITE', () => {
  const world = new World()
  world.send('s1', requestText())
  const invite = world.lastAt('s2', 'INVITE')
  world.pass(40_000)
  expect(all(world.send('s2', replyText(invite, 180)))).toEqual(['s2 CANCEL'])
  const cancel = request(world.lastAt('s2', 'CANCEL'))
  expect(valuesOf(cancel.headers, 'to')).toEqual(['<sip:102@acme.example>'])
  expect(cancel.vias[0]?.branch).toBe(request(invite).vias[0]?.branch)
  expect(world.send('s9', replyText(invite, 200))).toEqual([])
})

test('nobody answers for a phone that was asked', () => {
  const world = new World({ s1: '101', s2: '102', s3: '103' })
  world.send('s1', requestText())
  const invite = world.lastAt('s2', 'INVITE')
  expect(world.send('s3', replyText(invite, 200))).toEqual([])
  expect(world.send('s2', replyText(invite, 200).replace('Call-ID: call1', 'Call-ID: call2'))).toEqual([])
  expect(world.send('s2', replyText(invite, 200).replace('CSeq: 1 ', 'CSeq: 2 '))).toEqual([])
  expect(world.send('s2', replyText(invite, 200).replace('tag=a1', 'tag=a2'))).toEqual([])
  expect(world.heardBy('s1')).toEqual(['100'])
})

test('the phones of an extension that calls itself ring, without the one that calls', () => {
  const world = new World({ s1: '101', s2: '101' })
  expect(all(world.send('s1', requestText({ to: '101' })))).toEqual(['s1 100', 's2 INVITE'])
})

test('a MESSAGE goes to every phone, and the first that takes it answers', () => {
  const world = new World(TWO)
  const text = requestText({ method: 'MESSAGE', body: 'Hello' })
  expect(all(world.send('s1', text))).toEqual(['s2 MESSAGE', 's3 MESSAGE'])
  expect(all(world.send('s2', replyText(world.lastAt('s2', 'MESSAGE'), 200)))).toEqual(['s1 200'])
  expect(all(world.send('s3', replyText(world.lastAt('s3', 'MESSAGE'), 200)))).toEqual([])
  expect([world.isIdle, world.facts]).toEqual([true, []])
})

test('a request that comes again is not sent again', () => {
  const world = new World()
  world.send('s1', requestText())
  expect(all(world.send('s1', requestText()))).toEqual(['s1 100'])
  world.send('s2', replyText(world.lastAt('s2', 'INVITE'), 486))
  expect(all(world.send('s1', requestText()))).toEqual(['s1 486'])
})

test('a caller whose connection is gone leaves no phone ringing', () => {
  const world = new World(TWO)
  world.send('s1', requestText())
  world.send('s2', replyText(world.lastAt('s2', 'INVITE'), 180))
  expect(all(world.gone('s1'))).toEqual(['s2 CANCEL'])
  expect(all(world.send('s3', replyText(world.lastAt('s3', 'INVITE'), 180)))).toEqual(['s3 CANCEL'])
  expect(world.factTypes()).toEqual(['began', 'ringing', 'ended connection-lost'])
  world.pass(60_000)
  expect(world.isIdle).toBe(true)
})

test('a socket has 32 requests that wait, and others are not slower for it', () => {
  const world = new World({ s1: '101', s2: '102', s3: '103' })
  for (let at = 0; at < 33; at += 1) world.send('s1', requestText({ method: 'MESSAGE', cseq: at }))
  expect(wordsAt(world, 's1')).toBe('480 Too many requests wait for an answer.')
  expect(world.proxy.forks.size).toBe(32)
  expect(all(world.send('s3', requestText({ method: 'MESSAGE', from: '103' })))).toEqual(['s2 MESSAGE'])
})

test('a caller who says BYE before the answer ends the call by the last word of the phone, and an answer that crosses it is a call', () => {
  const early = () => {
    const world = new World()
    world.send('s1', requestText())
    const invite = world.lastAt('s2', 'INVITE')
    world.send('s2', replyText(invite, 180))
    const route = valuesOf(messageOf(world.lastAt('s1', '180')).headers, 'record-route')[0] ?? ''
    world.send('s1', requestText({ route, method: 'BYE', cseq: 2, toTag: 'b1', target: 'sip:b@b.invalid' }))
    return { world, invite }
  }
  const left = early()
  left.world.send('s2', replyText(left.invite, 487))
  expect(left.world.factTypes().filter(one => one.startsWith('ended'))).toHaveLength(1)
  const crossed = early()
  crossed.world.send('s2', replyText(crossed.invite, 200))
  const types = crossed.world.factTypes()
  expect(types.filter(one => one.startsWith('ended'))).toEqual([])
  expect(types).toContain('answered')
})

test('one extension has a share of the calls, and leaves the others theirs', () => {
  const world = new World({ s1: '101', s2: '102', s3: '103' })
  for (let n = 0; n < DIALOGS_OF_EXTENSION_MAX + 1; n += 1) {
    world.atMs += 1_000
    const tag = `a${n}`
    world.send('s1', requestText({ callId: `c${n}`, tag, branch: `b${n}` }))
    if (n < DIALOGS_OF_EXTENSION_MAX) world.send('s2', replyText(world.lastAt('s2', 'INVITE'), 200, { tag: `b${n}` }))
  }
  expect(wordsAt(world, 's1')).toBe('480 There are too many calls.')
  world.send('s3', requestText({ from: '103', callId: 'other', tag: 'x', branch: 'other' }))
  expect(brief(world.sent.findLast(one => one.socket === 's2')?.text ?? '')).toBe('INVITE')
})

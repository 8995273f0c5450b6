import { describe, expect, test } from 'vitest'
import { OUR_NUMBER, VirtualNetwork } from '../testing/virtual-network.ts'

/** Documents within documents: queues and what is heard in them, whispers, waiting, holding, announcing. */

const HUMAN = '+15002001000'
const OTHER = '+15002001001'
const CALLER = '+14155551001'

function network(pages: Record<string, string>): VirtualNetwork {
  const made = new VirtualNetwork()
  for (const [path, twiml] of Object.entries(pages)) made.pages.set(path, `<Response>${twiml}</Response>`)
  return made
}

const at = (path: string) => ({
  instructions: { url: `http://app.test${path}`, method: 'POST' as const, fallback: null },
})
const askedOf = (made: VirtualNetwork, path: string) => made.fetches().filter(one => one.target.url.endsWith(path))

describe('queues', () => {
  test('a caller waits with its document again and again, an agent takes it out, both talk, the action says bridged', () => {
    const made = network({
      '/inbound': '<Enqueue waitUrl="/wait" action="/after">support</Enqueue><Say>unreachable</Say>',
      '/wait': '<Say>You are next</Say>',
      '/after': '<Say>Bye</Say>',
      '/agent': '<Dial action="/done" hangupOnStar="true"><Queue>support</Queue></Dial>',
      '/done': '<Hangup/>',
    })
    const caller = made.dial(CALLER)
    made.pass(6_000)
    expect(caller.doing.what).not.toBe('nothing')
    expect(askedOf(made, '/wait').length).toBeGreaterThan(1)
    expect(askedOf(made, '/wait')[1]?.fields).toMatchObject({
      QueuePosition: '1',
      CurrentQueueSize: '1',
      MaxQueueSize: '100',
    })
    const agent = made.call(HUMAN, at('/agent'))
    made.pass(4_000)
    expect(made.ofKind('bridged')[0]).toMatchObject({ callSid: agent.sid, with: caller.sid })
    const asked = askedOf(made, '/wait').length
    made.pass(5_000)
    expect(askedOf(made, '/wait').length).toBe(asked)
    made.take({ kind: 'digits.pressed', callSid: agent.sid, digits: '*' })
    expect(askedOf(made, '/after')[0]?.fields).toMatchObject({ QueueResult: 'bridged' })
    expect(askedOf(made, '/done')[0]?.fields).toMatchObject({ DialCallStatus: 'completed' })
    made.pass(5_000)
    expect([caller.status, agent.status]).toEqual(['completed', 'completed'])
    expect([...made.world.queues.values()][0]?.members).toEqual([])
  })

  test('an agent may be there first; the queue’s caller hears the announcement before it is bridged', () => {
    const made = network({
      '/inbound': '<Enqueue waitUrl="">vip</Enqueue>',
      '/agent': '<Dial timeout="60"><Queue url="/announce">vip</Queue></Dial>',
      '/announce': '<Say>This call may be recorded</Say>',
    })
    made.call(HUMAN, at('/agent'))
    made.pass(3_000)
    const caller = made.dial(CALLER)
    expect(made.ofKind('bridged')).toEqual([])
    made.pass(3_000)
    expect(askedOf(made, '/announce')[0]?.fields).toMatchObject({ CallSid: caller.sid })
    expect(made.ofKind('bridged')).toHaveLength(1)
    made.take({ kind: 'call.cut', callSid: caller.sid })
    expect(made.ofKind('dial-ended')[0]?.status).toBe('completed')
  })

  test('full, left, hung up', () => {
    const made = network({
      '/inbound': '<Enqueue maxQueueSize="1" action="/after" waitUrl="/wait">small</Enqueue>',
      '/wait': '<Pause length="2"/><Leave/>',
      '/after': '<Hangup/>',
    })
    made.dial(CALLER)
    made.dial('+14155551002')
    expect(askedOf(made, '/after').map(one => one.fields.QueueResult)).toEqual(['queue-full'])
    made.pass(3_000)
    expect(askedOf(made, '/after').map(one => one.fields.QueueResult)).toEqual(['queue-full', 'leave'])
    const third = made.dial('+14155551003')
    made.take({ kind: 'call.cut', callSid: third.sid })
    expect(made.notices('voice').map(({ fields }) => fields.QueueResult)).toEqual(['hangup'])
  })
})

describe('whisper', () => {
  const PAGES = {
    '/answer': `<Dial><Number url="/whisper">${OTHER}</Number></Dial>`,
    '/whisper': '<Gather numDigits="1" timeout="3" action="/accepted"><Say>Press one to accept</Say></Gather><Hangup/>',
    '/accepted': '<Say>Connecting</Say>',
  }

  test('the callee alone hears it, accepts by key, and is bridged then', () => {
    const made = network(PAGES)
    const parent = made.call(HUMAN)
    made.pass(4_500)
    const child = [...made.world.calls.values()].find(call => call.parentSid === parent.sid)
    expect(made.ofKind('bridged')).toEqual([])
    expect(askedOf(made, '/whisper')[0]?.fields).toMatchObject({ CallSid: child?.sid, ParentCallSid: parent.sid })
    made.take({ kind: 'digits.pressed', callSid: child?.sid ?? '', digits: '1' })
    made.pass(3_000)
    expect(made.ofKind('bridged')[0]).toMatchObject({ callSid: parent.sid, with: child?.sid })
  })

  test('a callee who presses nothing is never bridged', () => {
    const made = network(PAGES)
    made.call(HUMAN)
    made.pass(15_000)
    expect(made.ofKind('bridged')).toEqual([])
    expect(made.ofKind('dial-ended')[0]?.status).toBe('completed')
  })
})

test('SendDigits are pressed when somebody has answered, and the TwiML is asked for after them', () => {
  const made = network({ '/answer': '<Say>Hello</Say>' })
  made.call(HUMAN, { sendDigits: 'ww1' })
  made.pass(4_000)
  const [answered] = made.ofKind('call-answered')
  expect(made.ofKind('digits-sent')[0]?.digits).toBe('ww1')
  expect((made.fetches()[0]?.at ?? 0) - (answered?.at ?? 0)).toBe(1_500)
})

test('sequential: the second rings only when the first has not answered; the third is never dialled', () => {
  const made = network({
    '/answer':
      '<Dial sequential="true" timeout="5"><Number>+15004001000</Number><Number>+15002001001</Number><Number>+15002001002</Number></Dial>',
  })
  const parent = made.call(HUMAN)
  made.pass(8_000)
  expect(made.ofKind('bridged')).toHaveLength(1)
  const started = made.ofKind('call-initiated').filter(one => one.callSid !== parent.sid)
  expect(started).toHaveLength(2)
})

describe('conferences', () => {
  const ROOM = (more = '') =>
    `<Dial><Conference ${more} statusCallback="/c" statusCallbackEvent="join leave hold announcement modify">r</Conference></Dial>`

  test('whoever is alone hears the program’s document until the second comes', () => {
    const made = network({
      '/one': ROOM('waitUrl="/wait"'),
      '/two': ROOM(),
      '/wait': '<Say>Please wait</Say><Pause length="2"/>',
    })
    made.call(HUMAN, at('/one'))
    made.pass(10_000)
    const asked = askedOf(made, '/wait').length
    expect(asked).toBeGreaterThan(1)
    made.call(OTHER, at('/two'))
    made.pass(10_000)
    expect(made.ofKind('conference-started')).toHaveLength(1)
    expect(askedOf(made, '/wait').length).toBeLessThanOrEqual(asked + 1)
  })

  test('a wait document that cannot be had gives music, and nobody is thrown out', () => {
    const made = network({ '/one': ROOM('waitUrl="/gone"') })
    made.pages.set('/gone', 11200)
    const call = made.call(HUMAN, at('/one'))
    made.pass(4_000)
    expect(call.status).toBe('in-progress')
    expect(made.did('play-sound')).not.toEqual([])
  })

  test('on hold one hears the hold document, by GET; an announcement is heard and told', () => {
    const made = network({ '/one': ROOM(), '/hold': '<Say>On hold</Say>', '/announce': '<Say>Closing soon</Say>' })
    const one = made.call(HUMAN, at('/one'))
    made.call(OTHER, at('/one'))
    made.pass(4_000)
    const [conference] = [...made.world.conferences.values()]
    const change = (more: object) =>
      made.take({ kind: 'participant.changed', conferenceSid: conference?.sid ?? '', callSid: one.sid, change: more })
    change({ held: true, holdUrl: { url: 'http://app.test/hold', method: 'GET' } })
    made.pass(2_000)
    expect(askedOf(made, '/hold')[0]?.target.method).toBe('GET')
    expect(made.did('set-held')[0]).toMatchObject({ held: true, music: false })
    change({ held: false })
    change({ announce: { url: 'http://app.test/announce', method: 'POST' } })
    made.pass(5_000)
    expect(made.notices('conference').map(({ fields }) => fields.StatusCallbackEvent)).toEqual([
      'participant-join',
      'participant-join',
      'participant-hold',
      'participant-unhold',
      'announcement-end',
    ])
    expect(one.conferenceSid).toBe(conference?.sid)
  })

  test('a coach is heard by one party', () => {
    const made = network({ '/one': ROOM(), '/two': ROOM('coach="CA1"') })
    made.call(HUMAN, at('/one'))
    made.pass(3_000)
    const coach = made.call(OTHER, at('/two'))
    made.pass(3_000)
    expect(made.did('set-coaching')[0]).toMatchObject({ callSid: coach.sid, coached: 'CA1' })
  })
})

test('redirected while in a queue: the action is told redirected, the call goes on', () => {
  const made = network({ '/inbound': '<Enqueue action="/after">q</Enqueue>', '/other': '<Say>Elsewhere</Say>' })
  const call = made.dial(CALLER)
  made.pass(1_000)
  const instructions = { url: 'http://app.test/other', method: 'POST' as const, fallback: null }
  made.take({
    kind: 'call.changed',
    callSid: call.sid,
    change: { status: null, instructions, statusCallback: null, timeLimitMs: null },
  })
  expect(made.notices('voice').map(({ fields }) => fields.QueueResult)).toEqual(['redirected'])
  expect(made.ofKind('network-said')[0]?.text).toBe('Elsewhere')
  expect(call.to).toBe(OUR_NUMBER)
})

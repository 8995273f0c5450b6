import { describe, expect, test } from 'vitest'
import type { Act } from '../people/acts.ts'
import { asked, FRIEND, play, said, toldOf } from '../testing/twiml-play.ts'
import { callRequest, VirtualNetwork } from '../testing/virtual-network.ts'

/** TwiML row by row: what each attribute changes, in virtual time. They are listed in `packages/phone-network/docs/twiml.md`. */

const NOBODY = '+15004101000'

const first = (network: VirtualNetwork) => [...network.world.calls.values()][0]
const second = (network: VirtualNetwork) => [...network.world.calls.values()][1]

describe('sound', () => {
  // twiml: Say Say.voice Say.language Say.loop
  test('Say: the voice is asked for, loop repeats it', () => {
    const network = play({ twiml: '<Say voice="Polly.Matthew" language="en-GB" loop="3">Hi</Say>' })
    expect(said(network)).toEqual(['Hi', 'Hi', 'Hi'])
    expect(network.did('say')[0]).toMatchObject({ voice: 'Polly.Matthew' })
  })

  test('Say without end: loop="0" goes on until the call ends', () => {
    const network = play({ twiml: '<Say loop="0">La</Say>', ms: 30_000 })
    expect(said(network).length).toBeGreaterThan(30)
    expect(first(network)?.status).toBe('in-progress')
  })

  // twiml: Play Play.loop Play.digits
  test('Play: a file, relative to the document, twice; keys are pressed', () => {
    const network = play({ twiml: '<Play loop="2">tune.mp3</Play><Play digits="w12"/><Pause length="9"/>' })
    expect(network.did('play-url').map(intent => ('url' in intent ? intent.url : ''))).toEqual([
      'http://app.test/tune.mp3',
      'http://app.test/tune.mp3',
    ])
    expect(network.ofKind('digits-sent')[0]?.digits).toBe('w12')
  })

  // twiml: Pause Pause.length
  test('Pause: one second, or as long as it says', () => {
    const lasts = (twiml: string) => {
      const network = play({ twiml, ms: 20_000 })
      return (first(network)?.endedAt ?? 0) - (first(network)?.answeredAt ?? 0)
    }
    expect(lasts('<Pause/>')).toBe(1_000)
    expect(lasts('<Pause length="7"/>')).toBe(7_000)
  })
})

describe('the way through a document', () => {
  // twiml: Hangup Redirect Redirect.method
  test('Redirect leaves the rest behind, by GET if it says so; Hangup ends', () => {
    const network = play({
      twiml: '<Redirect method="GET">/next</Redirect><Say>never</Say>',
      pages: { '/next': '<Hangup/><Say>never</Say>' },
    })
    expect(asked(network, '/next')[0]?.target.method).toBe('GET')
    expect(said(network)).toEqual([])
    expect(first(network)?.status).toBe('completed')
  })

  // twiml: Reject Reject.reason
  test.each([
    ['', 'no-answer'],
    [' reason="busy"', 'busy'],
  ])('Reject%s ends an inbound call %s, unanswered', (reason, status) => {
    const network = new VirtualNetwork()
    network.pages.set('/inbound', `<Response><Reject${reason}/></Response>`)
    const call = network.dial('+14155551001')
    expect([call.status, call.answeredAt]).toEqual([status, null])
  })
})

describe('Gather', () => {
  const KEYS: Act[] = [{ pauseMs: 1_000 }, { press: '12#' }]

  // twiml: Gather Gather.input Gather.action Gather.method Gather.finishOnKey
  test('keys until the finish key, to the action', () => {
    const network = play({ twiml: '<Gather action="/a" method="GET"/>', pages: { '/a': '' }, acts: KEYS })
    expect(asked(network, '/a')[0]).toMatchObject({
      target: { method: 'GET' },
      fields: { Digits: '12', FinishedOnKey: '#' },
    })
    const star = play({ twiml: '<Gather action="/a" finishOnKey="2"/>', pages: { '/a': '' }, acts: KEYS })
    expect(asked(star, '/a')[0]?.fields).toMatchObject({ Digits: '1', FinishedOnKey: '2' })
    const speech = play({ twiml: '<Gather input="speech" action="/a"/><Say>none</Say>', acts: KEYS, ms: 12_000 })
    expect(said(speech)).toEqual(['none'])
  })

  // twiml: Gather.numDigits Gather.timeout Gather.actionOnEmptyResult
  test('as many keys as asked for; the timeout; an empty result', () => {
    const two = play({ twiml: '<Gather numDigits="2" action="/a"/>', pages: { '/a': '' }, acts: KEYS })
    expect(asked(two, '/a')[0]?.fields).toMatchObject({ Digits: '12', FinishedOnKey: '' })
    const silent = play({ twiml: '<Gather timeout="2" action="/a" actionOnEmptyResult="true"/>', pages: { '/a': '' } })
    const answered = first(silent)?.answeredAt ?? 0
    expect((asked(silent, '/a')[0]?.at ?? 0) - answered).toBe(2_000)
  })

  // twiml: Gather.bargeIn Gather.speechTimeout
  test('speech: barge-in, and the silence that ends it', () => {
    const at = (attributes: string) => {
      const twiml = `<Gather input="speech" ${attributes} action="/a"><Pause length="4"/></Gather>`
      const network = play({ twiml, pages: { '/a': '' }, acts: [{ pauseMs: 500 }, { say: 'Yes.' }], ms: 15_000 })
      return asked(network, '/a')[0]?.at ?? Number.NaN
    }
    expect(at('speechTimeout="3"') - at('speechTimeout="1"')).toBe(2_000)
    expect(at('bargeIn="false"')).toBeNaN()
  })

  // twiml: Gather.partialResultCallback Gather.partialResultCallbackMethod
  test('partial results', () => {
    const network = play({
      twiml: '<Gather input="speech" partialResultCallback="/p" partialResultCallbackMethod="GET" action="/a"/>',
      acts: [{ say: 'Well.' }, { say: 'Yes.' }],
    })
    expect(toldOf(network, '/p').map(({ fields, target }) => [target.method, fields.UnstableSpeechResult])).toEqual([
      ['GET', 'Well.'],
      ['GET', 'Well. Yes.'],
    ])
  })
})

describe('Enqueue', () => {
  // twiml: Enqueue Enqueue.action Enqueue.method Enqueue.waitUrl Enqueue.waitUrlMethod Leave
  test('waits with the document that it is given, leaves, and tells the action', () => {
    const network = play({
      twiml: '<Enqueue waitUrl="/w" waitUrlMethod="GET" action="/a" method="GET">q</Enqueue>',
      pages: { '/w': '<Pause length="2"/><Leave/>', '/a': '<Hangup/>' },
    })
    expect(asked(network, '/w')[0]).toMatchObject({ target: { method: 'GET' }, fields: { QueuePosition: '1' } })
    expect(asked(network, '/a')[0]).toMatchObject({
      target: { method: 'GET' },
      fields: { QueueResult: 'leave', QueueTime: '2' },
    })
  })

  // twiml: Enqueue.maxQueueSize Enqueue.workflowSid Task
  test('is full at its size; TaskRouter is not there', () => {
    const network = play({ twiml: '<Enqueue maxQueueSize="1">q</Enqueue>' })
    network.take({ kind: 'call.requested', request: callRequest(FRIEND) })
    network.pass(3_000)
    expect(network.ofKind('enqueued')).toHaveLength(1)
    const router = play({ twiml: '<Enqueue workflowSid="WW1" action="/a"><Task priority="1">{}</Task></Enqueue>' })
    expect(asked(router, '/a')[0]?.fields.QueueResult).toBe('system-error')
    expect(router.ofKind('alert').map(({ code }) => code)).toContain(14220)
  })

  // twiml: Queue Queue.url Queue.method
  test('Dial Queue takes the next caller, who hears the document first', () => {
    const network = play({
      twiml: '<Dial><Queue url="/u" method="GET">q</Queue></Dial>',
      pages: { '/inbound': '<Enqueue waitUrl="">q</Enqueue>', '/u': '<Say>Hello</Say>' },
      ms: 2_000,
    })
    const caller = network.dial('+14155551001')
    network.pass(3_000)
    expect(asked(network, '/u')[0]).toMatchObject({ target: { method: 'GET' }, callSid: caller.sid })
    expect(network.ofKind('bridged')).toHaveLength(1)
  })
})

describe('Dial', () => {
  // twiml: Dial Dial.action Dial.method Number
  test('a number; the action is told how it ended', () => {
    const network = play({
      twiml: `<Dial action="/a" method="GET"><Number>${FRIEND}</Number></Dial>`,
      pages: { '/a': '' },
      friend: [{ pauseMs: 1_000 }, { hangUp: true }],
    })
    expect(asked(network, '/a')[0]).toMatchObject({
      target: { method: 'GET' },
      fields: { DialCallStatus: 'completed', DialBridged: 'true', DialCallDuration: '1' },
    })
  })

  // twiml: Dial.timeout Dial.timeLimit Dial.hangupOnStar
  test('rings so long, talks so long, ends at the star', () => {
    const rings = play({ twiml: `<Dial timeout="3" action="/a">${NOBODY}</Dial>`, pages: { '/a': '' } })
    expect(asked(rings, '/a')[0]?.fields.DialCallStatus).toBe('no-answer')
    const talks = play({ twiml: `<Dial timeLimit="2">${FRIEND}</Dial><Say>over</Say>`, ms: 6_000 })
    expect(said(talks)).toEqual(['over'])
    const star = play({
      twiml: `<Dial hangupOnStar="true">${FRIEND}</Dial><Say>star</Say>`,
      acts: [{ pauseMs: 2_000 }, { press: '*' }],
    })
    expect(said(star)).toEqual(['star'])
  })

  // twiml: Dial.callerId Dial.answerOnBridge Dial.sequential
  test('caller id; unanswered until somebody is there; one after another', () => {
    const network = play({ twiml: `<Dial callerId="+14155550009">${FRIEND}</Dial>` })
    expect(second(network)?.from).toBe('+14155550009')
    const inbound = new VirtualNetwork()
    inbound.pages.set('/inbound', '<Response><Dial answerOnBridge="true">+15002003000</Dial></Response>')
    const call = inbound.dial('+14155551001')
    inbound.pass(2_000)
    expect(call.status).toBe('ringing')
    inbound.pass(2_000)
    expect(call.status).toBe('in-progress')
    const row = play({
      twiml: `<Dial sequential="true" timeout="2"><Number>${NOBODY}</Number><Number>${FRIEND}</Number></Dial>`,
    })
    const [one, two] = row.ofKind('call-initiated').slice(1)
    expect((two?.at ?? 0) - (one?.at ?? 0)).toBeGreaterThanOrEqual(2_000)
  })

  // twiml: Number.url Number.method Number.sendDigits
  test('keys after the answer, then the document for the callee alone, then the bridge', () => {
    const network = play({
      twiml: `<Dial><Number sendDigits="w1" url="/u" method="GET">${FRIEND}</Number></Dial>`,
      pages: { '/u': '<Say>A call for you</Say>' },
    })
    const order = network.facts
      .map(({ kind }) => kind)
      .filter(kind => ['digits-sent', 'network-said', 'bridged'].includes(kind))
    expect(order).toEqual(['digits-sent', 'network-said', 'bridged'])
    expect(asked(network, '/u')[0]?.target.method).toBe('GET')
  })

  // twiml: Number.statusCallback Number.statusCallbackMethod Number.statusCallbackEvent
  test('the callee’s events', () => {
    const network = play({
      twiml: `<Dial><Number statusCallback="/s" statusCallbackMethod="GET" statusCallbackEvent="initiated ringing answered completed">${FRIEND}</Number></Dial>`,
      friend: [{ pauseMs: 500 }, { hangUp: true }],
    })
    expect(toldOf(network, '/s').map(({ fields, target }) => [target.method, fields.CallStatus])).toEqual([
      ['GET', 'initiated'],
      ['GET', 'ringing'],
      ['GET', 'in-progress'],
      ['GET', 'completed'],
    ])
  })

  // twiml: Number.machineDetection Number.machineDetectionTimeout Number.machineDetectionSilenceTimeout Number.amdStatusCallback Number.amdStatusCallbackMethod
  test('who has answered the callee’s phone is told; silence is unknown', () => {
    const amd = (more: string, friend: Act[]) =>
      toldOf(
        play({
          twiml: `<Dial><Number machineDetection="Enable" ${more} amdStatusCallback="/amd" amdStatusCallbackMethod="GET">${FRIEND}</Number></Dial>`,
          friend,
          ms: 15_000,
        }),
        '/amd',
      ).map(({ fields, target }) => [target.method, fields.AnsweredBy, fields.MachineDetectionDuration])
    expect(amd('', [{ say: 'Hello?' }])).toEqual([['GET', 'human', '1200']])
    expect(amd('machineDetectionSilenceTimeout="3000"', [])).toEqual([['GET', 'unknown', '3000']])
    expect(amd('machineDetectionTimeout="4" machineDetectionSilenceTimeout="9000"', [])).toEqual([
      ['GET', 'unknown', '4000'],
    ])
  })

  // twiml: Client Client.url Client.method Client.statusCallback Client.statusCallbackMethod Client.statusCallbackEvent Identity Parameter Parameter.name Parameter.value
  test('a browser, with parameters, its own document and its events', () => {
    const network = play({
      twiml:
        '<Dial><Client url="/u" method="GET" statusCallback="/s" statusCallbackMethod="GET" statusCallbackEvent="answered">' +
        '<Identity>ada</Identity><Parameter name="ticket" value="42"/></Client></Dial>',
      pages: { '/u': '<Say>A call</Say>' },
      ms: 2_000,
    })
    expect(network.did('ring-client')[0]).toMatchObject({ identity: 'ada', parameters: { ticket: '42' } })
    network.take({ kind: 'client.answered', callSid: second(network)?.sid ?? '' })
    network.pass(2_000)
    expect(asked(network, '/u')[0]?.target.method).toBe('GET')
    expect(toldOf(network, '/s').map(({ fields, target }) => [target.method, fields.CallStatus])).toEqual([
      ['GET', 'in-progress'],
    ])
    expect(network.ofKind('bridged')).toHaveLength(1)
  })
})

// twiml: Application Application.copyParentTo Application.statusCallback Application.statusCallbackMethod Application.statusCallbackEvent ApplicationSid
test('Dial Application: another program answers, hears the keys, and is over when it ends', () => {
  const network = new VirtualNetwork()
  const { twimlAppSid } = network.world.account
  network.pages.set(
    '/answer',
    `<Response><Dial action="/a"><Application copyParentTo="true" statusCallback="/s" statusCallbackMethod="GET" statusCallbackEvent="answered">` +
      `<ApplicationSid>${twimlAppSid}</ApplicationSid><Parameter name="ticket" value="7"/></Application></Dial></Response>`,
  )
  network.pages.set('/voice', '<Response><Gather numDigits="1" action="/keys"/></Response>')
  network.pages.set('/keys', '<Response><Say>Thanks</Say></Response>')
  const parent = network.call('+15002301000')
  network.pass(2_000)
  expect(asked(network, '/voice')[0]?.fields).toMatchObject({ ticket: '7', ParentCallSid: parent.sid, To: parent.to })
  network.take({ kind: 'digits.pressed', callSid: parent.sid, digits: '5' })
  network.pass(3_000)
  expect(asked(network, '/keys')[0]?.fields.Digits).toBe('5')
  expect(network.did('attach-program')).toHaveLength(1)
  expect(toldOf(network, '/s').map(({ fields, target }) => [target.method, fields.CallStatus])).toEqual([
    ['GET', 'in-progress'],
  ])
  expect(asked(network, '/a')[0]?.fields.DialCallStatus).toBe('completed')
})

describe('Conference', () => {
  const room = (attributes: string, name = 'r') => `<Dial><Conference ${attributes}>${name}</Conference></Dial>`
  const both = (mine: string, theirs: string, ms = 4_000) => {
    const network = play({ twiml: room(mine), pages: { '/two': room(theirs), '/w': '<Say>Wait</Say>' } })
    network.take({
      kind: 'call.requested',
      request: callRequest(FRIEND, { instructions: { url: 'http://app.test/two', method: 'POST', fallback: null } }),
    })
    network.pass(ms)
    return network
  }
  const seats = (network: VirtualNetwork) =>
    [...network.world.conferences.values()].flatMap(one => [...one.participants.values()])

  // twiml: Conference Conference.muted Conference.participantLabel Conference.coach
  test('muted, labelled, coaching', () => {
    const network = both('muted="true" participantLabel="boss"', 'coach="CA1"')
    expect(seats(network).map(({ muted, label, coaching }) => [muted, label, coaching])).toEqual([
      [true, 'boss', false],
      [false, null, true],
    ])
    expect(network.did('join')[0]).toMatchObject({ muted: true })
  })

  // twiml: Conference.beep Conference.startConferenceOnEnter
  test.each([
    ['true', 1],
    ['onEnter', 1],
    ['onExit', 0],
    ['false', 0],
  ])('beep="%s": so many beeps when the second comes', (beep, count) => {
    const network = both('beep="false"', `beep="${beep}"`)
    expect(network.did('play-sound').filter(intent => 'sound' in intent && intent.sound === 'beep')).toHaveLength(count)
    const waiting = both('startConferenceOnEnter="false"', 'startConferenceOnEnter="false"')
    expect(waiting.ofKind('conference-started')).toEqual([])
  })

  // twiml: Conference.endConferenceOnExit Conference.maxParticipants
  test('ends with its moderator; is full', () => {
    const network = both('endConferenceOnExit="true"', '')
    network.take({ kind: 'call.cut', callSid: first(network)?.sid ?? '' })
    expect(network.ofKind('conference-ended')[0]?.reason).toBe('participant-with-end-conference-on-exit-left')
    const full = both('', 'maxParticipants="1"')
    expect(seats(full)).toHaveLength(1)
  })

  // twiml: Conference.waitUrl Conference.waitMethod
  test('the document for whoever is alone, by its method; silence; music', () => {
    const network = both('waitUrl="/w" waitMethod="GET"', '')
    expect(asked(network, '/w')[0]?.target.method).toBe('GET')
    const music = (twiml: string) => play({ twiml, ms: 3_000 }).did('play-sound').length
    expect([music(room('waitUrl=""')), music(room(''))]).toEqual([0, 1])
  })

  // twiml: Conference.statusCallback Conference.statusCallbackMethod Conference.statusCallbackEvent
  test('the first one’s callback is told what it asked for', () => {
    const network = both('statusCallback="/c" statusCallbackMethod="GET" statusCallbackEvent="start join"', '')
    expect(toldOf(network, '/c').map(({ fields, target }) => [target.method, fields.StatusCallbackEvent])).toEqual([
      ['GET', 'participant-join'],
      ['GET', 'conference-start'],
      ['GET', 'participant-join'],
    ])
  })
})

import { describe, expect, test } from 'vitest'
import { checkPerson } from '../people/script.ts'
import { APP, VirtualNetwork } from '../testing/virtual-network.ts'
import type { Detection } from './world.ts'

/** Calls created by REST: from the queue to the end, in virtual time. */

const HUMAN = '+15002002001'
const TALKER = '+15002201001'
const MACHINE = '+15003001001'
const ALWAYS = '<Response><Pause length="60"/></Response>'

function detection(more: Partial<Detection> = {}): Detection {
  const callback = { url: `${APP}/amd`, method: 'POST' as const }
  return {
    mode: 'Enable',
    async: true,
    callback,
    limitMs: 30_000,
    silenceMs: 5_000,
    speechMs: 2_400,
    speechEndMs: 1_200,
    ...more,
  }
}

function words(network: VirtualNetwork): string[] {
  return network.notices('status').map(({ fields }) => `${fields.SequenceNumber} ${fields.CallStatus}`)
}

describe('the life of a call', () => {
  test('a human answers after the script says so, TwiML is asked at the answer, no verbs left hangs up', () => {
    const network = new VirtualNetwork()
    network.pages.set('/answer', '<Response><Say>Good day</Say></Response>')
    const call = network.call(HUMAN)
    expect(call.status).toBe('queued')
    network.pass(2_200)
    expect(call.answeredAt).toBe(call.createdAt + 150 + 2_000)
    expect(network.fetches()[0]?.fields).toMatchObject({ CallStatus: 'in-progress', Direction: 'outbound-api' })
    network.pass(5_000)
    expect(call.status).toBe('completed')
    expect(words(network)).toEqual(['0 initiated', '1 ringing', '2 in-progress', '3 completed'])
    expect(network.notices('status').at(-1)?.fields).toMatchObject({
      CallDuration: '1',
      Duration: '1',
      SipResponseCode: '200',
      CallbackSource: 'call-progress-events',
    })
  })

  test.each([
    ['+15004000501', 'busy', '486'],
    ['+15004200501', 'busy', '603'],
    ['+15004300001', 'failed', '404'],
    ['+15004100001', 'no-answer', '487'],
  ])('%s ends %s with SIP %s', (to, status, sipCode) => {
    const network = new VirtualNetwork()
    const call = network.call(to, { ringLimitMs: 20_000 })
    network.pass(25_000)
    expect(call.status).toBe(status)
    expect(network.notices('status').at(-1)?.fields).toMatchObject({
      CallStatus: status,
      SipResponseCode: sipCode,
      CallDuration: '0',
    })
    expect(network.fetches()).toEqual([])
  })

  test('only the events that were asked for are told, numbered from 0', () => {
    const network = new VirtualNetwork()
    network.call(HUMAN, { statusCallback: { url: `${APP}/status`, method: 'POST', events: ['completed'] } })
    network.pass(10_000)
    expect(words(network)).toEqual(['0 completed'])
  })

  test('a phone that is on a call is busy for the next one', () => {
    const network = new VirtualNetwork()
    network.pages.set('/answer', ALWAYS)
    network.call(HUMAN)
    network.pass(3_000)
    const second = network.call(HUMAN)
    network.pass(1_000)
    expect(second.status).toBe('busy')
  })

  test('the time limit ends a call', () => {
    const network = new VirtualNetwork()
    network.pages.set('/answer', ALWAYS)
    const call = network.call(HUMAN, { timeLimitMs: 5_000 })
    network.pass(6_000)
    expect(call.status).toBe('completed')
  })

  test('a time limit set later replaces the first', () => {
    const network = new VirtualNetwork()
    network.pages.set('/answer', ALWAYS)
    const call = network.call(HUMAN, { timeLimitMs: 5_000 })
    const change = { status: null, instructions: null, statusCallback: null, timeLimitMs: 20_000 }
    network.take({ kind: 'call.changed', callSid: call.sid, change })
    network.pass(10_000)
    expect(call.status).toBe('in-progress')
    network.pass(11_000)
    expect(call.status).toBe('completed')
  })

  test('a person who repeats nothing does not stop the clock', () => {
    const network = new VirtualNetwork()
    network.pages.set('/answer', ALWAYS)
    const acts = [{ pauseMs: 0 }, { say: '' }]
    const person = checkPerson({ number: HUMAN, script: { kind: 'human', acts, repeat: true } }, new Map())
    network.take({ kind: 'people.defined', people: [person] })
    const call = network.call(HUMAN)
    network.pass(10_000)
    expect(call.status).toBe('in-progress')
  })

  test('a person who hangs up in the middle of a word ends the call', () => {
    const network = new VirtualNetwork()
    network.pages.set('/answer', ALWAYS)
    const call = network.call('+15002100301')
    network.pass(10_000)
    expect(call.endedAt).toBe((call.answeredAt ?? 0) + 300)
  })

  test('the same seed and inputs give the same facts, SIDs included', () => {
    const run = (seed: number): string => {
      const network = new VirtualNetwork(seed)
      for (const to of [HUMAN, MACHINE, TALKER]) network.call(to)
      network.pass(30_000)
      return JSON.stringify(network.facts)
    }
    expect(run(7)).toBe(run(7))
    expect(run(7)).not.toBe(run(8))
  })
})

describe('calls per second', () => {
  test.each([
    [1, [0, 1_000, 2_000, 3_000]],
    [4, [0, 0, 0, 0]],
    [3, [0, 0, 0, 1_000]],
  ])('at %i per second four calls start at %j', (cps, starts) => {
    const network = new VirtualNetwork(7, cps)
    const calls = [1, 2, 3, 4].map(n => network.call(`+1500200200${n}`))
    network.pass(5_000)
    expect(calls.map(call => (call.startedAt ?? 0) - call.createdAt)).toEqual(starts)
    expect(calls.map(call => call.queueMs)).toEqual(starts)
  })

  test('a changed rate counts from the next call', () => {
    const network = new VirtualNetwork(7, 4)
    network.take({ kind: 'cps.changed', cps: 1 })
    const calls = [1, 2].map(n => network.call(`+1500200200${n}`))
    expect(calls.map(call => call.queueMs)).toEqual([0, 1_000])
  })
})

describe('ending by REST', () => {
  const change = { status: null, instructions: null, statusCallback: null, timeLimitMs: null }

  test('canceled ends a queued and a ringing call', () => {
    const network = new VirtualNetwork(7, 1)
    const [ringing, queued] = [network.call(HUMAN), network.call(MACHINE)]
    network.pass(500)
    for (const { sid } of [ringing, queued]) {
      network.take({ kind: 'call.changed', callSid: sid, change: { ...change, status: 'canceled' } })
    }
    expect([ringing.status, queued.status]).toEqual(['canceled', 'canceled'])
    network.pass(60_000)
    expect(queued.startedAt).toBeNull()
    expect(words(network).filter(word => word.endsWith('canceled'))).toHaveLength(2)
  })

  test('canceled does nothing to a call in progress, completed ends it', () => {
    const network = new VirtualNetwork()
    network.pages.set('/answer', ALWAYS)
    const call = network.call(HUMAN)
    network.pass(3_000)
    network.take({ kind: 'call.changed', callSid: call.sid, change: { ...change, status: 'canceled' } })
    expect(call.status).toBe('in-progress')
    network.take({ kind: 'call.changed', callSid: call.sid, change: { ...change, status: 'completed' } })
    expect(call.status).toBe('completed')
  })
})

describe('answers at the same instant', () => {
  test('tied phones answer in the same millisecond, the second of them decides when', () => {
    const network = new VirtualNetwork()
    network.pages.set('/answer', ALWAYS)
    const first = network.call('+15002402001')
    network.pass(900)
    const second = network.call('+15002402002')
    network.pass(5_000)
    expect(first.answeredAt).toBe(second.answeredAt)
    expect(second.answeredAt).toBe(second.createdAt + 150 + 2_000)
  })

  test('a double answer pulls another ringing phone along', () => {
    const network = new VirtualNetwork()
    network.take({ kind: 'double-answers.wanted', count: 1 })
    const [first, second, third] = [20, 90, 95].map(tenths =>
      network.call(`+150020${String(tenths).padStart(3, '0')}01`),
    )
    network.pass(3_000)
    expect(second?.answeredAt).toBe(first?.answeredAt)
    expect(third?.answeredAt).toBeNull()
  })

  test('phones answer together on command', () => {
    const network = new VirtualNetwork()
    const calls = ['+15004400001', '+15004400002'].map(to => network.call(to))
    network.pass(1_000)
    network.take({ kind: 'phone.answered', numbers: ['+15004400001', '+15004400002'] })
    expect(calls.map(call => call.answeredAt)).toEqual([network.at, network.at])
  })
})

describe('answering machine detection', () => {
  test.each([
    [HUMAN, 'human', 1_200],
    [MACHINE, 'machine_start', 2_400],
    ['+15002301001', 'unknown', 5_000],
    ['+15003201001', 'fax', 1_500],
    ['+15002501001', 'machine_start', 2_400],
    ['+15003101001', 'human', 1_200],
  ])('asynchronous: %s is %s after %i ms, beside the call', (to, answeredBy, ms) => {
    const network = new VirtualNetwork()
    network.pages.set('/answer', ALWAYS)
    const call = network.call(to, { detection: detection() })
    network.pass(15_000)
    const [notice] = network.notices('amd')
    expect(notice?.fields).toEqual({
      AccountSid: network.world.account.accountSid,
      CallSid: call.sid,
      AnsweredBy: answeredBy,
      MachineDetectionDuration: String(ms),
    })
    expect(network.fetches()[0]?.at).toBe(call.answeredAt)
    expect(network.fetches()[0]?.fields.AnsweredBy).toBeUndefined()
  })

  test('synchronous: TwiML is not asked before the verdict, and is told it', () => {
    const network = new VirtualNetwork()
    network.pages.set('/answer', ALWAYS)
    const call = network.call(MACHINE, { detection: detection({ async: false, callback: null }) })
    network.pass(15_000)
    const [fetch] = network.fetches()
    expect(fetch?.at).toBe((call.answeredAt ?? 0) + 2_400)
    expect(fetch?.fields).toMatchObject({ AnsweredBy: 'machine_start', MachineDetectionDuration: '2400' })
  })

  test('DetectMessageEnd waits for the beep', () => {
    const network = new VirtualNetwork()
    network.pages.set('/answer', ALWAYS)
    network.call(MACHINE, { detection: detection({ mode: 'DetectMessageEnd' }) })
    network.pass(30_000)
    const [beep] = network.ofKind('person-beeped')
    const [notice] = network.notices('amd')
    expect(notice?.fields.AnsweredBy).toBe('machine_end_beep')
    expect(notice?.at).toBe((beep?.at ?? 0) + 500)
  })

  test('a verdict may never come; synchronous detection then gives up at its limit', () => {
    const network = new VirtualNetwork()
    network.pages.set('/answer', ALWAYS)
    network.call('+15002600101', { detection: detection() })
    network.call('+15002600102', { detection: detection({ async: false, limitMs: 4_000 }) })
    network.pass(40_000)
    expect(network.notices('amd')).toEqual([])
    expect(network.fetches().map(fetch => fetch.fields.AnsweredBy)).toEqual([undefined, 'unknown'])
  })
})

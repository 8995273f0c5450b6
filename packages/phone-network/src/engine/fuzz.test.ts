import { describe, expect, test } from 'vitest'
import { VirtualNetwork } from '../testing/virtual-network.ts'
import type { Input } from './input.ts'
import { seededRandom } from './random.ts'
import { connectedOf, dialOf } from './runs.ts'
import { type Call, isLive, TERMINAL } from './world.ts'

/** Tests in random worlds that the network's laws hold for any acts of programs and people, in any order. */

const SEEDS = Array.from({ length: 25 }, (_, index) => index + 1)
const STEPS = 180
const BEHAVIOURS = ['20', '21', '22', '23', '24', '30', '32', '40', '41', '42', '43', '44']
const EVENTS = 'start end join leave mute hold modify'

const PAGES = [
  '<Response><Say>Hello there</Say></Response>',
  `<Response><Dial><Conference waitUrl="" statusCallback="/c" statusCallbackEvent="${EVENTS}">a</Conference></Dial><Say>Out</Say></Response>`,
  `<Response><Dial hangupOnStar="true"><Conference endConferenceOnExit="true" statusCallback="/c" statusCallbackEvent="${EVENTS}">b</Conference></Dial></Response>`,
  '<Response><Dial timeout="4" action="/answer0"><Number>+15002001001</Number><Number>+15004001001</Number></Dial></Response>',
  '<Response><Dial answerOnBridge="true" hangupOnStar="true"><Client>ada</Client></Dial><Redirect>/answer0</Redirect></Response>',
  '<Response><Reject/></Response>',
  '<Response><Broken',
  '<Response><Gather input="dtmf speech" action="/answer0" numDigits="1"><Say>Press a key</Say></Gather></Response>',
  '<Response><Enqueue action="/answer0" waitUrl="/answer8" maxQueueSize="3">q</Enqueue></Response>',
  '<Response><Dial timeout="9" hangupOnStar="true" action="/answer4"><Queue url="/answer0">q</Queue></Dial></Response>',
  '<Response><Dial sequential="true" timeout="3"><Number url="/answer7">+15002001001</Number><Number>+15004001001</Number></Dial></Response>',
  `<Response><Dial><Conference waitUrl="/answer7" beep="true">a</Conference></Dial></Response>`,
  '<Response><Say>Please wait</Say><Leave/></Response>',
  '<Response><Pause length="3"/><Redirect>/answer1</Redirect></Response>',
  '<Response><Connect action="/answer0"><ConversationRelay url="wss://app.test/r"/></Connect></Response>',
  '<Response><Start><Transcription statusCallbackUrl="/t"/></Start><Dial>+15002001001</Dial></Response>',
  '<Response><Record action="/answer0" timeout="2" transcribeCallback="/w" recordingStatusCallback="/r"/></Response>',
  '<Response><Start><Recording/></Start><Dial record="record-from-ringing-dual" action="/answer0">+15002001001</Dial></Response>',
  '<Response><Dial><Conference record="record-from-start">a</Conference></Dial></Response>',
  '<Response><Connect action="/answer0"><Stream url="wss://app.test/s" statusCallback="/s"/></Connect></Response>',
  '<Response><Start><Stream name="a" url="wss://app.test/s"/></Start><Say>Hi</Say><Stop><Stream name="a"/></Stop><Pause length="5"/></Response>',
  '<Response><Sms statusCallback="/m" action="/answer0">Hi</Sms></Response>',
  '<Response><Dial timeout="9" action="/answer0"><Number>+14155550000</Number></Dial></Response>',
  '<Response><Dial timeout="4" action="/answer0"><Sip url="/answer7">sip:ada@127.0.0.1</Sip><Sip>sip:bo@127.0.0.1</Sip></Dial></Response>',
]

/** A SIP domain whose phones may call; who may is no matter of the engine. */
function keepDomain(network: VirtualNetwork): string {
  const none = { url: '', method: 'POST' } as const
  const settings = {
    domainName: 'd.sip.twilio.com',
    friendlyName: '',
    voice: { url: 'http://app.test/inbound', method: 'POST' as const },
    fallback: none,
    statusCallback: none,
    registration: true,
    secure: false,
    emergencyCalling: false,
  }
  network.take({ kind: 'sip-book.kept', change: { of: 'sip-domain', sid: null, settings } })
  return [...network.world.sip.domains.keys()][0] ?? ''
}

function phoneSays(what: 'rang' | 'answered' | 'refused' | 'hung-up', callSid: string): Input {
  const outcome = { callId: 'x', headers: {} }
  if (what === 'answered') return { kind: 'sip.answered', callSid, outcome }
  return what === 'refused' ? { kind: 'sip.refused', callSid, code: 486, outcome } : { kind: `sip.${what}`, callSid }
}

function wander(seed: number): VirtualNetwork {
  const random = seededRandom(`fuzz ${seed}`)
  const network = new VirtualNetwork(seed, 1 + random.int(4))
  for (const [index, page] of PAGES.entries()) network.pages.set(`/answer${index}`, page)
  network.pages.set('/inbound', PAGES[random.int(PAGES.length)] ?? '')
  network.pages.set('/voice', PAGES[1 + random.int(4)] ?? '')
  network.world.sip.listens = true
  const domainSid = keepDomain(network)
  const pick = <T>(list: readonly T[]): T | undefined => list[random.int(list.length)]
  const url = (): string => `http://app.test/answer${random.int(PAGES.length)}`
  const phone = (): string => `+1500${pick(BEHAVIOURS)}0${random.int(40).toString().padStart(2, '0')}0${random.int(6)}`
  const any = (): Call | undefined => pick([...network.world.calls.values()])
  const acts: (() => void)[] = [
    () => network.call(phone(), { instructions: { url: url(), method: 'POST', fallback: null } }),
    () => network.call(phone(), { instructions: { url: url(), method: 'POST', fallback: null } }),
    () => network.take({ kind: 'number.dialed', from: `+1415555200${random.int(9)}`, to: '+14155550000' }),
    () => network.browser(pick(['ada', 'bob']) ?? 'ada'),
    () => network.take({ kind: 'client.answered', callSid: any()?.sid ?? '' }),
    () =>
      network.take({
        kind: 'sip.dialed',
        domainSid,
        from: 'sip:ada@d.sip.twilio.com',
        to: 'sip:1@d.sip.twilio.com',
        fields: {},
      }),
    () =>
      network.take(phoneSays(pick(['rang', 'answered', 'refused', 'hung-up'] as const) ?? 'rang', any()?.sid ?? '')),
    () => network.take({ kind: 'client.rejected', how: 'declined', callSid: any()?.sid ?? '' }),
    () => network.take({ kind: 'digits.pressed', callSid: any()?.sid ?? '', digits: pick(['*', '1']) ?? '1' }),
    () => network.take({ kind: 'call.cut', callSid: any()?.sid ?? '' }),
    () => {
      const status = pick(['canceled', 'completed', null] as const) ?? null
      const instructions = { url: url(), method: 'POST' as const, fallback: null }
      const change = { status, instructions, statusCallback: null, timeLimitMs: null }
      network.take({ kind: 'call.changed', callSid: any()?.sid ?? '', change })
    },
    () => {
      const conference = pick([...network.world.conferences.values()])
      const participant = conference && pick([...conference.participants.values()])
      if (!conference || !participant) return
      const { callSid } = participant
      const held = random.int(2) === 0
      const target = { url: url(), method: 'POST' as const }
      const announce = random.int(3) === 0 ? { announce: target } : {}
      const change = { muted: random.int(2) === 0, held, ...(held ? { holdUrl: target } : {}), ...announce }
      if (random.int(4) === 0) network.take({ kind: 'participant.kicked', conferenceSid: conference.sid, callSid })
      else if (random.int(9) === 0) network.take({ kind: 'conference.closed', conferenceSid: conference.sid })
      else network.take({ kind: 'participant.changed', conferenceSid: conference.sid, callSid, change })
    },
    () => network.take({ kind: 'phone.answered', numbers: [phone(), phone()] }),
    () => {
      const stream = pick([...network.world.media.streams.values()])
      const streamSid = stream?.sid ?? ''
      if (random.int(2) === 0) network.take({ kind: 'stream.stopped', streamSid })
      else network.take({ kind: 'stream.lost', streamSid, code: 31921, message: 'closed', wasOpen: true })
    },
    () => {
      const relaySid = pick([...network.world.media.relays.keys()]) ?? ''
      network.take({ kind: 'relay.over', relaySid, failed: false, handoffData: null, code: 0, message: '' })
    },
    () => network.take({ kind: 'double-answers.wanted', count: random.int(3) }),
    () => network.call('+14155550000', { instructions: { url: url(), method: 'POST', fallback: null } }),
    () => network.take({ kind: 'text.received', from: phone(), to: '+14155550000', body: 'Hi', media: [] }),
  ]
  const dead = new Map<string, string>()
  for (let step = 0; step < STEPS; step += 1) {
    pick(acts)?.()
    network.pass(random.int(1_500))
    checkWorld(network, dead)
    checkQueues(network)
  }
  for (const call of network.world.calls.values()) network.take({ kind: 'call.cut', callSid: call.sid })
  network.pass(60_000)
  checkWorld(network, dead)
  return network
}

function checkWorld({ world }: VirtualNetwork, dead: Map<string, string>): void {
  for (const call of world.calls.values()) {
    expect(call.status).toBe(dead.get(call.sid) ?? call.status)
    if (TERMINAL.has(call.status)) dead.set(call.sid, call.status)
    const room = world.conferences.get(call.conferenceSid ?? '')
    expect(call.conferenceSid === null || (isLive(call) && room?.participants.has(call.sid))).toBe(true)
    const dial = dialOf(call)
    const winner = isLive(call) && dial?.winner ? world.calls.get(dial.winner)?.status : 'in-progress'
    expect(winner).toBe('in-progress')
    expect(isLive(call) || (call.outer.length === 0 && call.queueSid === null)).toBe(true)
    // A connected call has a running stream or an open relay, and no stream runs on a call that is over.
    const connected = connectedOf(call)?.sid
    const { streams, relays } = world.media
    const runs = (sid: string) => streams.get(sid)?.status === 'in-progress' || relays.get(sid)?.over === false
    expect(connected === undefined || runs(connected)).toBe(true)
    const running = [...streams.values()].filter(one => one.callSid === call.sid && one.status === 'in-progress')
    expect(running.length === 0 || isLive(call)).toBe(true)
    const parent = call.parentSid === null ? undefined : world.calls.get(call.parentSid)
    expect(!parent || !isLive(call) || isLive(parent)).toBe(true)
  }
  for (const conference of world.conferences.values()) {
    expect(conference.status !== 'completed' || conference.participants.size === 0).toBe(true)
    for (const sid of conference.participants.keys()) {
      expect(world.calls.get(sid)?.conferenceSid).toBe(conference.sid)
    }
  }
}

function checkQueues({ world }: VirtualNetwork): void {
  for (const queue of world.queues.values()) {
    expect(queue.members.length).toBeLessThanOrEqual(queue.sizeMax)
    for (const { callSid } of queue.members) {
      const call = world.calls.get(callSid)
      expect(call && isLive(call) ? call.queueSid : null).toBe(queue.sid)
    }
    for (const sid of queue.askers) expect(dialOf(world.calls.get(sid) as Call)?.queueSid).toBe(queue.sid)
    // A queue never has waiting members and a `<Dial><Queue>` that waits for one at the same time.
    expect(Math.min(queue.members.length, queue.askers.length)).toBe(0)
  }
}

function countBy(keys: string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

describe('any order of events', () => {
  test.each(SEEDS)('seed %i keeps the laws', seed => {
    const network = wander(seed)
    const { world } = network
    expect([...world.calls.values()].filter(isLive)).toEqual([])
    expect([...world.conferences.values()].every(conference => conference.status === 'completed')).toBe(true)
    expect(world.timers).toEqual([])
    const kept = [...world.media.recordings.values()]
    expect(kept.filter(({ status }) => status !== 'completed' && status !== 'absent')).toEqual([])
    // Each call ends once, and its callbacks are numbered without a gap.
    const endings = countBy(network.ofKind('call-ended').map(fact => fact.callSid))
    expect([...endings.values()].every(count => count === 1)).toBe(true)
    expect(endings.size).toBe(world.calls.size)
    const sequences = new Map<string, string[]>()
    for (const { fields } of network.notices('status')) {
      const sid = fields.CallSid ?? ''
      sequences.set(sid, [...(sequences.get(sid) ?? []), fields.SequenceNumber ?? ''])
    }
    for (const numbers of sequences.values()) expect(numbers).toEqual(numbers.map((_, index) => String(index)))
    // Every participant that joined has left, and every leg that was added to the sound has been removed.
    const joins = network.ofKind('participant-joined').length
    expect(network.ofKind('participant-left')).toHaveLength(joins)
    expect(
      network
        .did('remove-leg')
        .map(intent => ('callSid' in intent ? intent.callSid : ''))
        .sort(),
    ).toEqual(
      network
        .did('add-leg')
        .map(intent => ('callSid' in intent ? intent.callSid : ''))
        .sort(),
    )
    expect(joins).toBeGreaterThan(0)
  })
})

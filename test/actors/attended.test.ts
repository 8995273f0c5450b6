/** Somebody is asked first, over the desks, rooms and calls of the product; the carrier is played by the test. */
import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import type { Phase } from '../../src/core/call/transfer/moves.ts'
import type { DeskView } from '../../src/core/desk/view.ts'
import { bindings, carrier, migrated, signed, until } from './stage.ts'
import {
  type Caller,
  decide,
  type Floor,
  floorOf,
  ringAt,
  rings,
  type Sitting,
  say,
  sits,
  talks,
} from './switchboard.ts'

let floor = {} as Floor
let pairs = 0
beforeAll(async () => {
  await migrated()
  floor = await floorOf('+14155557942')
}, 60_000)
beforeEach(async () => {
  await carrier.reset()
})

interface Pair {
  ada: Sitting
  bo: Sitting
  boSid: string
  caller: Caller
}

/** Ada has a caller of a queue in her room, and Bo is free. */
async function adaTalks(): Promise<Pair> {
  pairs += 1
  const boSid = `CA-line-bo-${pairs}`
  const [ada, bo] = [await sits(`CA-line-ada-${pairs}`), await sits(boSid)]
  await floor.queue([ada], { wrap_up: 0 })
  const caller = await rings(floor)
  await caller.hears('You are next.')
  await talks(ada, caller)
  return { ada, bo, boSid, caller }
}
const view = async ({ desk }: Sitting) => (await desk.view()) as DeskView
const asks = async ({ ada, caller }: Pair, to: object) =>
  expect(
    await ada.desk.command(say({ type: 'call.transfer', callId: caller.callId, to, askFirst: true })),
  ).toMatchObject({ type: 'accepted' })
const moves = async ({ ada, caller }: Pair, move: string) =>
  expect(await ada.desk.command(say({ type: `transfer.${move}`, callId: caller.callId }))).toMatchObject({
    type: 'accepted',
  })
const phase = (pair: Pair, wanted: Phase) =>
  until(async () => expect((await view(pair.ada)).conversation?.transfer?.phase).toBe(wanted))

let callbacks = 0
async function roomSays(room: string, event: string, sid: string, label: string, conference: string): Promise<void> {
  callbacks += 1
  await signed(`/twilio/w_test/rooms/${room}/conference`, {
    ...{ ConferenceSid: conference, CallSid: sid, ParticipantLabel: label, SequenceNumber: String(callbacks) },
    StatusCallbackEvent: event,
  })
}

/** The carrier takes Bo's line where it is sent, and tells both rooms. */
async function lineGoes({ ada, bo, boSid }: Pair, to: 'away' | 'home', times: number): Promise<void> {
  const label = await until(async () => {
    const sent = (await carrier.requests()).filter(one => one.path.endsWith(`/Calls/${boSid}.json`) && one.form.Url)
    expect(sent).toHaveLength(times)
    const path = (sent.at(-1)?.form.Url ?? '').replace(/^https?:\/\/[^/]+/, '').split('#')[0] ?? ''
    const page = await (await signed(path, { CallSid: boSid, From: 'client:x', CallStatus: 'in-progress' })).text()
    expect(page).toContain(to === 'away' ? ada.room : bo.room)
    return /participantLabel="([^"]+)"/.exec(page)?.[1] ?? ''
  })
  expect(label).toMatch(to === 'away' ? /^guest:/ : /^agent:/)
  const [from, into] = to === 'away' ? [bo, ada] : [ada, bo]
  await roomSays(from.room, 'participant-leave', boSid, label, 'CF-1')
  if (to === 'away') await roomSays(bo.room, 'conference-end', boSid, '', 'CF-1')
  await roomSays(into.room, 'participant-join', boSid, label, to === 'away' ? 'CF-1' : `CF-${times}-${boSid}`)
}
async function holds(sid: string): Promise<string[]> {
  const asked = (await carrier.requests()).filter(one => one.path.includes(`/Participants/${sid}.json`))
  return asked.map(one => one.form.Hold ?? '')
}

async function boIsAsked(pair: Pair): Promise<void> {
  await asks(pair, { kind: 'agent', agentId: pair.bo.userId })
  expect((await ringAt(pair.bo)).transfer?.by).toMatchObject({ asks: true })
  await phase(pair, 'ringing')
  await decide(pair.bo, 'inbound.accept')
  await lineGoes(pair, 'away', 1)
  await phase(pair, 'asking')
}

test('Ada asks Bo first, swaps, merges and completes: Bo’s line visits her room, and the caller moves only when it is home [S1-44]', async () => {
  const pair = await adaTalks()
  const { ada, bo, boSid, caller } = pair
  await boIsAsked(pair)
  await until(async () => expect(await holds(caller.sid)).toEqual(['true', 'true']))
  await until(async () => expect((await view(bo)).visit).toMatchObject({ callId: caller.callId, phase: 'asking' }))
  expect((await view(bo)).line.state).toBe('open')
  expect(await ada.desk.command(say({ type: 'call.hang-up', callId: caller.callId }))).toMatchObject({
    type: 'refused',
    reason: 'consulting',
  })
  await moves(pair, 'swap')
  await phase(pair, 'swapped')
  await until(async () => expect((await holds(caller.sid)).at(-1)).toBe('false'))
  await until(async () => expect((await holds(boSid)).at(-1)).toBe('true'))
  await moves(pair, 'swap')
  await phase(pair, 'asking')
  await moves(pair, 'merge')
  await phase(pair, 'merged')
  await until(async () => expect((await holds(caller.sid)).at(-1)).toBe('false'))
  await until(async () => expect((await holds(boSid)).at(-1)).toBe('false'))
  await moves(pair, 'complete')
  await phase(pair, 'parting')
  // The caller is not sent anywhere before Bo's line is at home.
  const sent = async () =>
    (await carrier.requests()).filter(one => one.path.endsWith(`/Calls/${caller.sid}.json`) && one.form.Url).length
  const before = await sent()
  expect((await view(ada)).conversation?.callId).toBe(caller.callId)
  await lineGoes(pair, 'home', 2)
  await until(async () => expect(await sent()).toBe(before + 1))
  await caller.hears(bo.room)
  await until(async () => expect((await view(ada)).conversation).toBeNull())
  await until(async () => expect((await view(bo)).conversation?.callId).toBe(caller.callId))
  expect((await view(bo)).visit).toBeUndefined()
  await until(async () => expect((await view(ada)).presence).toBe('ready'))
  await caller.report('completed')
  await until(async () => expect((await view(bo)).presence).toBe('ready'))
})

test('canceled, the caller is off hold with Ada, and Bo is free as soon as his line is home', async () => {
  const pair = await adaTalks()
  const { ada, bo, caller } = pair
  await boIsAsked(pair)
  await moves(pair, 'cancel')
  await until(async () => expect((await view(ada)).conversation).toMatchObject({ stayed: 'taken-back' }))
  await until(async () => expect((await holds(caller.sid)).at(-1)).toBe('false'))
  await lineGoes(pair, 'home', 2)
  await until(async () => expect((await view(bo)).presence).toBe('ready'))
  expect((await view(bo)).inbound).toBeNull()
  // And she may ask him again.
  await asks(pair, { kind: 'agent', agentId: bo.userId })
  await ringAt(bo)
})

test('Bo leaves again: Ada reads it, and the caller is back with her', async () => {
  const pair = await adaTalks()
  const { ada, bo, caller } = pair
  await boIsAsked(pair)
  expect(await bo.desk.command(say({ type: 'visit.leave', callId: caller.callId }))).toMatchObject({ type: 'accepted' })
  await until(async () => expect((await view(ada)).conversation).toMatchObject({ stayed: 'left' }))
  await lineGoes(pair, 'home', 2)
  await until(async () => expect((await view(bo)).presence).toBe('ready'))
})

test('the caller hangs up while Ada and Bo speak: Bo’s line goes home at once, and both are free', async () => {
  const pair = await adaTalks()
  const { ada, bo, caller } = pair
  await boIsAsked(pair)
  const began = Date.now()
  await caller.report('completed')
  await lineGoes(pair, 'home', 2)
  expect(Date.now() - began).toBeLessThan(5_000)
  await until(async () => expect((await view(ada)).conversation).toBeNull())
  await until(async () => expect((await view(bo)).presence).toBe('ready'))
})

test('Ada’s line is lost while Bo is with her: the caller goes on with Bo', async () => {
  const pair = await adaTalks()
  const { ada, bo, caller } = pair
  await boIsAsked(pair)
  await roomSays(ada.room, 'participant-leave', `CA-line-ada-${pairs}`, '', 'CF-1')
  await lineGoes(pair, 'home', 2)
  await caller.hears(bo.room)
  await until(async () => expect((await view(bo)).conversation?.callId).toBe(caller.callId))
})

test('a carrier that refuses to take Bo’s line along changes nothing for the caller', async () => {
  const pair = await adaTalks()
  const { ada, bo } = pair
  await asks(pair, { kind: 'agent', agentId: bo.userId })
  await ringAt(bo)
  await carrier.fail({ updates: '400' })
  await decide(bo, 'inbound.accept')
  await until(async () => expect((await view(ada)).conversation).toMatchObject({ stayed: 'failed' }))
  await until(async () => expect((await view(bo)).presence).toBe('ready'))
  expect((await view(bo)).line.state).toBe('open')
})

/** The number's own call, as the carrier has it. */
async function numberAnswers(pair: Pair, number: string) {
  const [create] = await until(async () => {
    const made = await carrier.creates(number)
    expect(made).toHaveLength(1)
    return made
  })
  const path = (create?.form.Url ?? '').replace(/^https?:\/\/[^/]+/, '').split('#')[0] ?? ''
  const legId = /calls\/([^/]+)\/answer/.exec(path)?.[1] ?? ''
  const leg = stubFor(bindings, 'call', legId)
  const sid = await until(async () => {
    const { call } = await leg.read()
    expect(call.phase === 'live' && call.providerId).toBeTruthy()
    return call.phase === 'live' ? (call.providerId ?? '') : ''
  })
  const form = { CallSid: sid, From: '+14155557942', To: number, Direction: 'outbound-api' }
  const page = async () => (await signed(path, { ...form, CallStatus: 'in-progress' })).text()
  const report = (status: string) => signed(`/twilio/w_test/calls/${legId}/status`, { ...form, CallStatus: status })
  expect(await page()).toContain(pair.ada.room)
  await phase(pair, 'asking')
  return { legId, sid, page, report }
}

test('a number is asked first as a call of its own; completed, caller and number meet in a room of their own, and end together', async () => {
  const pair = await adaTalks()
  const { ada, caller } = pair
  await asks(pair, { kind: 'number', number: '+14155550177' })
  const leg = await numberAnswers(pair, '+14155550177')
  const path = `/v1.0/transfers/${encodeURIComponent(caller.callId)}`
  expect(await (await floor.ask(`GET ${path}`)).json()).toMatchObject({
    transfer_type: 'attended',
    status: 'asking',
    transferee_call_id: leg.legId,
    moves: ['swap', 'merge', 'complete', 'cancel'],
  })
  expect((await floor.ask(`POST ${path}/complete`)).status).toBe(202)
  await until(async () =>
    expect((await carrier.requests()).some(one => one.path.endsWith(`/Calls/${leg.sid}.json`) && one.form.Url)).toBe(
      true,
    ),
  )
  const room = /w_test\.x_\w+/.exec(await leg.page())?.[0] ?? 'none'
  await caller.hears(room)
  await until(async () => expect((await view(ada)).conversation).toBeNull())
  await leg.report('completed')
  await caller.hears('<Hangup')
})

test('a number whose word of joining is lost is found within seconds, and a swap holds it', async () => {
  const pair = await adaTalks()
  const { ada, caller } = pair
  await asks(pair, { kind: 'number', number: '+14155550174' })
  const leg = await numberAnswers(pair, '+14155550174')
  const label = /participantLabel="([^"]+)"/.exec(await leg.page())?.[1] ?? ''
  const room = stubFor(bindings, 'room', ada.room)
  const { carrier: known, participants } = await room.read()
  const conference_sid = known.conferenceId ?? ''
  const line = participants.find(one => one.role === 'agent')?.callId ?? ''
  expect(participants.map(one => one.callId)).not.toContain(leg.legId)
  await moves(pair, 'swap')
  await carrier.room(ada.room, [
    { call_sid: known.legs[line] ?? '', label: `agent:${line}`, conference_sid },
    { call_sid: caller.sid, label: caller.callId, conference_sid },
    { call_sid: leg.sid, label, conference_sid },
  ])
  await vi.waitFor(async () => expect(await holds(leg.sid)).toEqual(['true']), { timeout: 15_000, interval: 100 })
  expect((await room.read()).participants.map(one => one.callId)).toContain(leg.legId)
})

test('a number that declines, or that is let go again, leaves the caller with Ada', async () => {
  const pair = await adaTalks()
  const { ada, caller } = pair
  await asks(pair, { kind: 'number', number: '+14155550176' })
  const leg = await numberAnswers(pair, '+14155550176')
  await moves(pair, 'cancel')
  await until(async () =>
    expect(
      (await carrier.requests()).some(
        one => one.path.endsWith(`/Calls/${leg.sid}.json`) && one.form.Status === 'completed',
      ),
    ).toBe(true),
  )
  await until(async () => expect((await view(ada)).conversation).toMatchObject({ stayed: 'taken-back' }))
  await asks(pair, { kind: 'number', number: '+14155550175' })
  const other = await numberAnswers(pair, '+14155550175')
  await other.report('completed')
  await until(async () => expect((await view(ada)).conversation).toMatchObject({ stayed: 'left' }))
  await until(async () => expect((await holds(caller.sid)).at(-1)).toBe('false'))
})

test('a queue cannot be asked first, and a move that is not there now is refused by name', async () => {
  const { ada, caller } = await adaTalks()
  const path = `/v1.0/calls/${encodeURIComponent(caller.callId)}`
  const destination = { type: 'queue', target: 'w_test.q_1' }
  const answer = await floor.ask(`POST ${path}/transfer`, { destination, kind: 'attended' })
  expect(answer.status).toBe(400)
  const swap = await ada.desk.command(say({ type: 'transfer.swap', callId: caller.callId }))
  expect(swap).toMatchObject({ type: 'refused', reason: 'not-consulting' })
  expect((await floor.ask(`GET /v1.0/transfers/${encodeURIComponent(caller.callId)}`)).status).toBe(409)
})

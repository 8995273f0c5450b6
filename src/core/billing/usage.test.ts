import { expect, test } from 'vitest'
import { type BilledCall, type BilledEvent, costTypeOf, type Line, read } from './usage.ts'

let seq = 0
function event(type: string, at: number, data: object = {}, personal: object | null = null): BilledEvent {
  seq += 1
  return { id: `call:${seq}`, at, type, callId: 'w_a.call_1', data: { ...data }, personal: personal && { ...personal } }
}
function linesOf(events: BilledEvent[]): Line[] {
  let call: BilledCall | null = null
  return events.flatMap(one => {
    const reading = read(call, one)
    call = reading.call
    return reading.lines
  })
}
const PARTY = { to: '+14155550101', from: '+14155550001' }
const created = () => event('call-created', 0, { links: { kind: 'campaign' } }, PARTY)

test('a call of 61 s is one line from its answer, and one that nobody answered is none [S1-53]', () => {
  const lines = linesOf([created(), event('call-answered', 5_000), event('call-hungup', 66_000, { talkedMs: 61_000 })])
  expect(lines).toMatchObject([
    { costType: 'call_pstn_outgoing', quantity: 61, number: PARTY.to, atMs: 5_000, closes: true },
  ])
  const call = read(null, created()).call
  expect(read(call, event('call-hungup', 9_000, { talkedMs: 0 }))).toMatchObject({ lines: [], unanswered: true })
  expect(
    linesOf([created(), event('call-hungup', 9, { talkedMs: 1 }), event('call-hungup', 9, { talkedMs: 1 })]),
  ).toHaveLength(1)
})

test('a number that the carrier dials for a caller is a line of its own, also when the call is forgotten', () => {
  const received = event('call-received', 0, { links: { kind: 'inbound' } }, { to: PARTY.from, from: PARTY.to })
  const ended = (talkedMs: number, number = '+447700900100') =>
    event('call-onward-ended', 90_000, { providerId: 'CA9', talkedMs }, { number })
  const own = [received, event('call-answered', 1_000), event('call-hungup', 91_000, { talkedMs: 90_000 })]
  const line = { costType: 'call_pstn_outgoing', direction: 'outgoing', number: '+447700900100', quantity: 61 }
  const known = { ...line, id: 'w_a.call_1:CA9:onward', providerId: 'CA9', atMs: 29_500, closes: false }
  expect(linesOf([...own, ended(60_500)])).toMatchObject([{ costType: 'call_pstn_incoming', quantity: 90 }, known])
  expect(linesOf([ended(60_500)])).toMatchObject([known])
  // The other side of a mask is charged by its first digits.
  expect(linesOf([ended(1_000, '+447700')])).toMatchObject([{ number: '+447700', costType: 'call_pstn_outgoing' }])
  expect(linesOf([ended(0), ended(1_000, 'client:agent_ada'), ended(1_000, '')])).toEqual([])
})

test('a caller whom the voicemail has taken is charged from its announcement to the end, though nobody talked', () => {
  const received = () => event('call-received', 0, { links: { kind: 'inbound' } }, { to: PARTY.from, from: PARTY.to })
  const lines = linesOf([
    received(),
    event('call-voicemail-began', 20_000),
    event('call-voicemail-began', 25_000),
    event('call-hungup', 50_500, { talkedMs: 0 }),
  ])
  expect(lines).toMatchObject([
    { costType: 'call_pstn_incoming', quantity: 31, number: PARTY.from, atMs: 20_000, closes: true },
  ])
  // Who gives up while it rings has talked to nobody and to nothing.
  expect(linesOf([received(), event('call-hungup', 20_000, { talkedMs: 0 })])).toEqual([])
})

test('the minutes of an AI agent, its characters and a recording are lines of their own', () => {
  const opened = event('talk-stream-opened', 1_000, { stream: 1 })
  const lines = linesOf([
    created(),
    opened,
    event('talk-noted', 2_000, { word: 'usage', spokenCharacters: 300 }),
    event('talk-stream-closed', 31_500, { stream: 1 }),
    event('talk-noted', 2_000, { word: 'usage', spokenCharacters: 450 }),
    event('talk-noted', 2_000, { word: 'usage', spokenCharacters: 450 }),
    event('talk-stream-closed', 40_000, { stream: 1 }),
    event('recording-reported', 50_000, { recordingId: 'RE1', status: 'completed', seconds: 29 }),
  ])
  expect(lines.map(({ costType, quantity }) => [costType, quantity])).toEqual([
    ['characters', 300],
    ['ai', 31],
    ['characters', 150],
    ['recording', 29],
  ])
  // What is told of the recording again has the same id, whatever event tells it.
  const again = linesOf([
    created(),
    event('recording-reported', 1, { recordingId: 'RE1', status: 'completed', seconds: 29 }),
    event('recording-reported', 2, { recordingId: 'RE1', status: 'completed', seconds: 29 }),
  ])
  expect(new Set(again.map(({ id }) => id)).size).toBe(1)
})

test('a transcript is a line of its own, once, also long after the call, and one that failed is none', () => {
  const done = { recordingId: 'RE1', status: 'done', seconds: 61 }
  const one = linesOf([created(), event('recording-transcript-moved', 5, done)])
  expect(one).toMatchObject([{ costType: 'transcript', quantity: 61, closes: false }])
  const late = read(null, event('recording-transcript-moved', 9, done))
  expect([late.call, late.lines.map(({ id }) => id)]).toEqual([null, one.map(({ id }) => id)])
  for (const status of ['progressing', 'failed'])
    expect(linesOf([created(), event('recording-transcript-moved', 5, { ...done, status })])).toEqual([])
})

test('the recording of a conference and its transcript are charged to the conference', () => {
  const heard = read(
    null,
    event('conference-recording-reported', 5, { recordingId: 'RE1', status: 'completed', seconds: 9 }),
  )
  const written = read(
    null,
    event('conference-transcript-moved', 6, { recordingId: 'RE1', status: 'done', seconds: 9 }),
  )
  expect([...heard.lines, ...written.lines].map(({ costType, quantity }) => [costType, quantity])).toEqual([
    ['recording', 9],
    ['transcript', 9],
  ])
})

test('who is charged as what: a telephone called, a telephone that calls, a virtual number, a browser', () => {
  expect(costTypeOf({ direction: 'outgoing', number: '+14155550101' })).toBe('call_pstn_outgoing')
  expect(costTypeOf({ direction: 'incoming', number: '+14155550101' })).toBe('call_pstn_incoming')
  expect(costTypeOf({ direction: 'incoming', number: '+899123456' })).toBe('call_vn')
  expect(costTypeOf({ direction: 'outgoing', number: '' })).toBe('call_extension')
  const phone = read(null, event('call-created', 0, { links: { kind: 'api' } }, { to: 'client:agent_ada' })).call
  expect(phone?.number).toBe('')
  const caller = read(null, event('call-received', 0, { links: { kind: 'inbound' } }, PARTY)).call
  expect(caller).toMatchObject({ direction: 'incoming', number: PARTY.to })
  const browser = read(null, event('call-received', 0, { links: { kind: 'browser' } }, PARTY)).call
  expect(browser?.direction).toBe('outgoing')
  expect(read(null, event('call-hungup', 0, { talkedMs: 5 })).call).toBeNull()
})

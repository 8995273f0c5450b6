import { expect, test } from 'vitest'
import { step } from '../machine.ts'
import { whyNotOf } from './allowed.ts'
import { VISIT_HOME_MS } from './consult.ts'
import { desk, viewOf } from './desk.ts'
import type { DeskEffect, DeskInput, DeskState } from './state.ts'
import { readyDesk } from './testing.ts'

const CALL = 'w_a.call_1'
const OF = { kind: 'transfer' as const, id: CALL, offerId: 'x1-1' }
const ADAS_ROOM = 'w_a.d_ada.2'
const LINE = 'w_a.d_bo.l1'
const READY = readyDesk('Bo')
const RING = {
  callId: CALL,
  from: '+14155551234',
  fromShown: '(415) 555-1234',
  to: '+14155550010',
  contact: null,
  sinceMs: 0,
  accepted: false,
  transfer: { transferId: OF.offerId, summary: '', of: OF, by: { agentName: 'Ada', asks: true as const } },
}

function after(state: DeskState, ...inputs: DeskInput[]): { state: DeskState; effects: DeskEffect[] } {
  const all: DeskEffect[] = []
  let now = state
  for (const input of inputs) {
    const { state: next, effects } = step(desk, now, input)
    now = next
    all.push(...effects)
  }
  return { state: now, effects: all }
}
const inOwnRoom = (type: 'participant-joined' | 'participant-left', at: number): DeskInput => {
  const who = { at, callId: LINE, role: 'agent' as const, providerId: 'CA9' }
  const fact = type === 'participant-joined' ? { type, ...who, conferenceId: 'CF2' } : { type, ...who }
  return { type: 'room.reported', at, room: 'w_a.d_bo.4', facts: [fact] }
}
const abroad = (word: 'joined' | 'left', at: number): DeskInput => ({
  type: 'visit.reported',
  at,
  room: ADAS_ROOM,
  callId: LINE,
  word,
  sinceMs: at,
})
const asked: DeskInput[] = [
  { type: 'offer.made', at: 1, of: OF, ring: RING },
  { type: 'inbound.accepted', at: 2, callId: CALL },
  { type: 'visit.wanted', at: 3, of: OF, room: ADAS_ROOM },
]
const there = [...asked, inOwnRoom('participant-left', 4), abroad('joined', 5)]

test('a line that is called in is not lost when it leaves its own room, and nobody else gets the agent', () => {
  const { state, effects } = after(READY, ...there)
  expect(state.line.state).toBe('open')
  expect(state.visit).toMatchObject({ stage: 'there', room: ADAS_ROOM })
  expect(effects).toContainEqual(expect.objectContaining({ type: 'move-line', providerId: 'CA9', policy: 'carrier' }))
  expect(effects.at(-1)).toMatchObject({ type: 'tell-visit', is: 'in', callId: LINE })
  const other = after(state, { type: 'offer.made', at: 6, of: { ...OF, offerId: 'q' }, ring: RING })
  expect(other.effects).toMatchObject([{ type: 'answer-offer', answer: 'refused', reason: 'busy' }])
  expect(viewOf(state, 6, true)).toMatchObject({ presence: 'on-call', visit: { agentName: 'Ada', phase: 'joining' } })
})

test('sent home, the seat stays with the person who comes; told that it is over, it is free when the line is home', () => {
  const completes = after(READY, ...there, { type: 'visit.over', at: 6, of: OF }, inOwnRoom('participant-joined', 7))
  expect(completes.state).toMatchObject({ visit: null, lease: { for: OF } })
  expect(completes.effects.at(-1)).toMatchObject({ type: 'tell-visit', is: 'home' })
  const over: DeskInput = { type: 'offer.over', at: 6, of: OF, callId: null, pause: false }
  const canceled = after(READY, ...there, over)
  expect(canceled.state).toMatchObject({ lease: null, inbound: null, visit: { stage: 'returning' } })
  expect(viewOf(canceled.state, 7, true)?.visit).toBeUndefined()
  const ring = { type: 'offer.made' as const, of: { ...OF, offerId: 'q' }, ring: RING }
  expect(after(canceled.state, { ...ring, at: 7 }).state.lease).toBeNull()
  const home = after(canceled.state, inOwnRoom('participant-joined', 8), { ...ring, at: 9 })
  expect(home.state).toMatchObject({ visit: null, lease: { for: { offerId: 'q' } } })
})

test('a visitor who leaves is home again, and the colleague hears it; whose line is lost has left', () => {
  const leaves = after(READY, ...there, { type: 'visit.left', at: 6, callId: CALL })
  expect(leaves.effects).toContainEqual(expect.objectContaining({ type: 'answer-offer', answer: 'declined' }))
  expect(leaves.state).toMatchObject({ lease: null, visit: { stage: 'returning' } })
  const lost = after(READY, ...there, abroad('left', 6))
  expect(lost.state).toMatchObject({ visit: null, line: { state: 'closed' } })
  expect(lost.effects).toContainEqual(expect.objectContaining({ type: 'answer-offer', answer: 'left' }))
  // The carrier may have been asked twice to take it there: then it is back in the strange room by now.
  expect(lost.effects).toContainEqual(expect.objectContaining({ type: 'end-line', providerId: 'CA9' }))
})

test('a carrier that refuses to take the line along has left it at home; one that does not bring it home has lost it', () => {
  const unmoved = after(READY, ...asked, { type: 'line.unmoved', at: 4, callId: LINE })
  expect(unmoved.state).toMatchObject({ visit: null, line: { state: 'open' } })
  expect(unmoved.effects.at(-1)).toMatchObject({ type: 'tell-visit', is: 'gone', because: 'failed' })
  const away = after(READY, ...there, { type: 'visit.over', at: 6, of: OF })
  expect(desk.deadline(away.state)).toBe(6 + VISIT_HOME_MS)
  const missed = after(away.state, { type: 'clock.struck', at: 6 + VISIT_HOME_MS })
  expect(missed.state).toMatchObject({ visit: null, line: { state: 'closed' } })
  expect(missed.effects).toContainEqual(expect.objectContaining({ type: 'end-line', providerId: 'CA9' }))
})

test('a page that opens another line during a visit has ended it, and the new line belongs at home', () => {
  const { state, effects } = after(READY, ...there, { type: 'line.requested', at: 6, providerId: 'CA10' })
  expect(state).toMatchObject({ visit: null, line: { state: 'opening', providerId: 'CA10' } })
  expect(effects).toContainEqual(expect.objectContaining({ type: 'tell-visit', is: 'gone' }))
  expect(after(state, abroad('left', 7)).effects).toEqual([])
})

test('what was told of an earlier visit to the same room is not taken for this one', () => {
  const late = { ...abroad('left', 6), sinceMs: 2 } as DeskInput
  expect(after(READY, ...there, late).state).toMatchObject({ visit: { stage: 'there' }, line: { state: 'open' } })
})

test('a line that comes home twice, because two requests overtook each other, is expected back', () => {
  const over: DeskInput = { type: 'offer.over', at: 6, of: OF, callId: null, pause: false }
  const home = after(READY, ...there, over, inOwnRoom('participant-joined', 7))
  const again = after(home.state, inOwnRoom('participant-left', 8))
  expect(again.state.line.state).toBe('away')
  expect(after(again.state, inOwnRoom('participant-joined', 9)).state.line.state).toBe('open')
  const much = after(home.state, inOwnRoom('participant-left', 20_000))
  expect(much.state.line.state).toBe('closed')
})

const TALK = {
  callId: CALL,
  kind: 'inbound' as const,
  contact: {
    contactId: null,
    name: 'Pat',
    company: '',
    number: '+14155551234',
    numberShown: '',
    timeZone: null,
    attempt: 1,
    lastNote: '',
  },
  ...{ sinceMs: 0, provisional: false, held: false, answerToRoomMs: null, note: '', batchId: null, campaignId: null },
}
const ADA: DeskState = { ...READY, conversation: TALK, guests: [CALL] }
const target = { to: 'desk' as const, deskId: 'w_a.d_cy' }
const ask = { legId: 'w_a.call_2', home: 'w_a.x_1' }
const phase = (word: 'asking' | 'swapped' | 'merged' | 'parting', at: number): DeskInput => {
  return { type: 'transfer.phase', at, callId: CALL, transferId: 'x1', offerId: null, phase: word }
}

test('while somebody is asked first, only the moves of that phase are allowed', () => {
  const wanted = { type: 'call.transfer-asked' as const, callId: CALL, transferId: 'x1', target, ask, at: 1 }
  const rings = after(ADA, wanted)
  expect(rings.effects).toMatchObject([{ type: 'hand-over', ask }])
  expect(whyNotOf(rings.state)).toMatchObject({ 'transfer.swap': 'not-now', 'call.hang-up': 'consulting' })
  expect(whyNotOf(rings.state)['transfer.cancel']).toBeUndefined()
  const asking = after(rings.state, phase('asking', 2))
  for (const move of ['swap', 'merge', 'complete', 'cancel'] as const)
    expect(whyNotOf(asking.state)[`transfer.${move}`]).toBeUndefined()
  expect(whyNotOf(after(asking.state, phase('merged', 3)).state)['transfer.swap']).toBe('not-now')
  expect(whyNotOf(after(asking.state, phase('parting', 3)).state)['transfer.cancel']).toBe('not-now')
  const back = after(asking.state, { type: 'transfer.over', at: 4, callId: CALL, transferId: 'x1', end: 'left' })
  expect(whyNotOf(back.state)['call.hang-up']).toBeUndefined()
  expect(whyNotOf(back.state)['transfer.swap']).toBe('not-consulting')
  // Whoever rang through to the browser is in no room.
  expect(whyNotOf({ ...ADA, guests: [] })['call.ask-first']).toBe('not-in-the-room')
})

test('an agent whose line is lost while somebody is asked says so at once, and one who lost it before as soon as the target is there', () => {
  const wanted = { type: 'call.transfer-asked' as const, callId: CALL, transferId: 'x1', target, ask, at: 1 }
  const gone = inOwnRoom('participant-left', 3)
  const late = after(ADA, wanted, phase('swapped', 2), gone)
  expect(late.effects).toContainEqual(expect.objectContaining({ type: 'leave-transfer', transferId: 'x1' }))
  const early = after(ADA, wanted, gone)
  expect(early.effects.some(one => one.type === 'leave-transfer')).toBe(false)
  expect(after(early.state, phase('asking', 4)).effects).toMatchObject([{ type: 'leave-transfer' }])
})

import { expect, test } from 'vitest'
import { step } from '../machine.ts'
import type { RoomFact } from '../room/state.ts'
import { desk } from './desk.ts'
import type { DeskInput, Talk } from './state.ts'
import { readyDesk } from './testing.ts'
import type { InboundRing } from './view.ts'

const CALL = 'w_a.call_1'
const CONTACT = {
  ...{ contactId: null, name: 'Pat', company: '', number: '+14155551234', numberShown: '(415) 555-1234' },
  ...{ timeZone: null, attempt: 1, lastNote: '' },
}
const TALK: Talk = {
  ...{ callId: CALL, kind: 'campaign', contact: CONTACT, sinceMs: 1, provisional: false, held: false },
  ...{ answerToRoomMs: null, note: '', batchId: 'b', campaignId: 'c' },
}
const READY = readyDesk('Ada')
const TALKING = { ...READY, conversation: TALK }

const by = { deskId: 'w_a.d_sam', name: 'Sam' }
const about = (announced: boolean) => ({ supervisionId: 'w_a.d_ada.4.v1', callId: CALL, by, announced })
const report = (facts: RoomFact[]): DeskInput => ({ type: 'room.reported', at: 5, room: 'w_a.d_ada.4', facts })
const story = (announced: boolean): RoomFact[] => [
  { type: 'supervision-began', at: 5, ...about(announced) },
  { type: 'supervision-changed', at: 6, ...about(announced), mode: 'whisper' },
]
const gone = (announced: boolean): RoomFact => ({
  ...{ type: 'supervision-ended', at: 7, ...about(announced), because: 'stopped', providerId: 'CA1', joined: true },
})

test('an agent is shown a supervisor who is announced, with what they do, until they are gone', () => {
  const { state, facts } = step(desk, TALKING, report(story(true)))
  expect(state.conversation?.supervisors).toEqual([{ supervisionId: 'w_a.d_ada.4.v1', name: 'Sam', mode: 'whisper' }])
  expect(facts).toHaveLength(2)
  // A page of facts that comes again shows nothing twice.
  expect(step(desk, state, report(story(true).slice(1))).facts).toEqual([])
  expect(step(desk, state, report([gone(true)])).state.conversation?.supervisors).toEqual([])
})

test('of a silent one the desk says nothing, and nothing of one on a call that it does not have', () => {
  expect(step(desk, TALKING, report([...story(false), gone(false)])).facts).toEqual([])
  expect(step(desk, READY, report([...story(true), gone(true)])).facts).toEqual([])
})

const of = { kind: 'transfer' as const, id: CALL, offerId: 'x1-1' }
const ring: InboundRing = {
  ...{ callId: CALL, from: '+14155551234', fromShown: '', to: '', contact: null, sinceMs: 0, accepted: false },
  transfer: { transferId: 'x1-1', summary: '', of },
}
const taken = (agreed: boolean): DeskInput => ({
  ...{ type: 'offer.made', at: 9, of, ring },
  ...(agreed ? { agreed: true as const } : {}),
})

test('whoever takes a person over is asked no more: their desk accepts at once, also during a break', () => {
  for (const state of [READY, { ...READY, paused: true }]) {
    const { state: after, effects } = step(desk, state, taken(true))
    expect(after.inbound).toMatchObject({ callId: CALL, accepted: true })
    expect(effects).toMatchObject([{ type: 'answer-offer', of, answer: 'accepted', room: 'w_a.d_ada.4' }])
  }
  expect(step(desk, READY, taken(false)).state.inbound).toMatchObject({ accepted: false })
  expect(step(desk, { ...READY, paused: true }, taken(false)).effects).toMatchObject([{ answer: 'refused' }])
})

test('a desk that is not free refuses also what its agent has asked for', () => {
  const closed = { ...READY, line: { ...READY.line, state: 'closed' as const } }
  for (const state of [TALKING, closed, { ...READY, pending: [{ ...TALK, campaignId: 'c', endedMs: 1, talkedMs: 1 }] }])
    expect(step(desk, state, taken(true)).effects).toMatchObject([{ type: 'answer-offer', answer: 'refused' }])
})

import { expect, test } from 'vitest'
import { step } from '../machine.ts'
import { desk } from './desk.ts'
import type { DeskInput, DeskState } from './state.ts'
import { readyDesk } from './testing.ts'

const LINE = 'w_a.d_bo.l1'
const CALL = 'w_a.call_1'
const OF = { kind: 'transfer' as const, id: CALL, offerId: 'x1-1' }
const READY = readyDesk('Bo')
const SEATED: DeskState = { ...READY, lease: { leaseId: 'w_a.d_bo:1', for: OF } }
const ended = (providerId: string): DeskInput => ({ type: 'line.ended', at: 5, providerId })

test('the carrier’s word that the leg of the line is over is enough, and the room’s own word comes to nothing then', () => {
  const { state, facts } = step(desk, SEATED, ended('CA9'))
  expect(facts.map(({ type }) => type)).toEqual(['line-away', 'seat-paused'])
  const fact = { type: 'participant-left' as const, at: 6, callId: LINE, role: 'agent' as const, providerId: 'CA9' }
  expect(step(desk, state, { type: 'room.reported', at: 6, room: 'w_a.d_bo.4', facts: [fact] }).facts).toEqual([])
})

test('the end of an earlier leg, and of a line that is on a visit, changes nothing', () => {
  expect(step(desk, SEATED, ended('CA8')).facts).toEqual([])
  const away: DeskState = {
    ...SEATED,
    visit: { of: OF, room: 'r', callId: CALL, stage: 'there', untilMs: null } as never,
  }
  expect(step(desk, away, ended('CA9')).facts).toEqual([])
})

import { expect, test } from 'vitest'
import { step } from '../machine.ts'
import { isInVain } from './company.ts'
import { room } from './room.ts'
import type { Role, RoomInput, RoomState } from './state.ts'

type Timeless<T> = T extends unknown ? Omit<T, 'at'> : never
type Told = Timeless<RoomInput>

const LINE = 'w_a.d_ada.l1'
const PAT = 'w_a.call_1'

/** The room after these inputs, and what the last of them has the carrier do. */
function after(state: RoomState, ...inputs: Told[]) {
  let now = { state, asks: [] as unknown[] }
  for (const [index, input] of inputs.entries()) {
    const done = step(room, now.state, { ...input, at: index } as RoomInput)
    const holds = done.effects.filter(effect => effect.type === 'hold-participant')
    now = { state: done.state, asks: holds.map(({ providerId, held }) => `${held ? 'hold' : 'unhold'} ${providerId}`) }
  }
  return now
}
function joins(callId: string, providerId: string, role: Role): Told {
  return { type: 'participant.joined', callId, role, providerId, conferenceId: 'CF1' }
}
const lineLeft: Told = { type: 'participant.left', providerId: 'CA1' }
const lineBack = joins('w_a.d_ada.l2', 'CA3', 'agent')
const held = (is: boolean): Told => ({ type: 'participant.held', providerId: 'CA2', held: is })
const wants = (is: boolean): Told => ({ type: 'hold.wanted', callId: PAT, held: is })

const named: Told = { type: 'room.named', room: 'w_a.d_ada.4', owner: { kind: 'desk', id: 'w_a.d_ada' } }
const talking = after(room.initial, named, joins(LINE, 'CA1', 'agent'), joins(PAT, 'CA2', 'customer')).state

test('a hold ends when that is wanted, while the agent is in', () => {
  expect(after(talking, wants(true), held(true), wants(false)).asks).toEqual(['unhold CA2'])
})

test('whose agent has lost the line keeps the music until a line is there again', () => {
  const alone = after(talking, wants(true), held(true), lineLeft, wants(false))
  expect(alone.asks).toEqual([])
  expect(after(alone.state, lineBack).asks).toEqual(['unhold CA2'])
})

test('a supervisor who only listens is no company', () => {
  const supervised = after(talking, joins('w_a.sv_1', 'CA9', 'listener')).state
  expect(after(supervised, wants(true), held(true), lineLeft, wants(false)).asks).toEqual([])
})

test('an end of a hold that is tried again after the line was lost is not sent, and one that was carried out is taken back', () => {
  const late = after(talking, wants(true), held(true), wants(false), lineLeft).state
  expect(
    isInVain(late, { type: 'hold-participant', conferenceId: 'CF1', providerId: 'CA2', held: false } as never),
  ).toBe(true)
  const unheld = after(late, held(false))
  expect(unheld.asks).toEqual(['hold CA2'])
  expect(after(unheld.state, held(true), lineBack).asks).toEqual(['unhold CA2'])
})

test('whose hold has just ended when the line is lost hears the music again, and who never was on hold is left to their desk', () => {
  const lost = after(talking, wants(true), held(true), wants(false), held(false), lineLeft)
  expect(lost.asks).toEqual(['hold CA2'])
  expect(after(lost.state, held(true), lineBack).asks).toEqual(['unhold CA2'])
  expect(after(talking, lineLeft).asks).toEqual([])
})

test('whoever is alone with somebody on hold is heard as soon as that one is', () => {
  const TIM = { callId: 'w_a.call_2', providerId: 'CA4' }
  const both = after(
    talking,
    joins(TIM.callId, TIM.providerId, 'guest'),
    ...[wants(true), held(true), lineLeft],
    ...[{ type: 'hold.wanted', callId: TIM.callId, held: true } as Told],
    ...[{ type: 'participant.held', providerId: TIM.providerId, held: true } as Told],
    wants(false),
  )
  expect(both.asks).toEqual([])
  const tim = after(both.state, { type: 'participant.held', providerId: TIM.providerId, held: false })
  expect(tim.asks).toContain('unhold CA2')
})

/** What a room knows of the recordings of its conferences, and what it has done about them. */
import { expect, test } from 'vitest'
import { step } from '../machine.ts'
import { runningRecording } from './recording.ts'
import { room } from './room.ts'
import type { ConferenceSettings, RoomEffect, RoomInput, RoomState } from './state.ts'

type Timeless<T> = T extends unknown ? Omit<T, 'at'> : never
type Told = Timeless<RoomInput>

const ROOM = 'w_a.cf_1'
const SETTINGS: ConferenceSettings = {
  ...{ waitsFor: 'nobody', participantsMax: 40, mutedOnEntry: false, announces: false, endsWithModerator: false },
  ...{ locked: false, needsPin: false, record: true, recordNotice: 'You are recorded.', onEndFlowId: 'flow_1' },
}

function after(...inputs: Told[]): { state: RoomState; effects: RoomEffect[] } {
  let state = room.initial
  const effects: RoomEffect[] = []
  for (const [index, input] of inputs.entries()) {
    const next = step(room, state, { ...input, at: index } as RoomInput)
    state = next.state
    effects.push(...next.effects)
  }
  return { state, effects }
}
const named: Told = { type: 'room.named', room: ROOM, owner: { kind: 'conference', id: ROOM } }
const set = (version: number, more: Partial<ConferenceSettings> = {}): Told => ({
  ...{ type: 'conference.configured', version },
  settings: { ...SETTINGS, ...more },
})
function comes(n: number, more: Partial<ConferenceSettings> = {}, version = 1): Told {
  const settings = { ...SETTINGS, ...more }
  return { type: 'caller.entered', callId: `w_a.call_${n}`, ask: 1, moderator: false, pin: 'none', version, settings }
}
const joins = (n: number, conferenceId: string): Told => ({
  ...{ type: 'participant.joined', callId: `w_a.call_${n}`, role: 'guest', providerId: `CA${n}`, conferenceId },
})
const told = (recordingId: string, status: string, conferenceId = 'CF1'): Told => ({
  ...{ type: 'recording.reported', recordingId, conferenceId, status, seconds: status === 'completed' ? 9 : null },
})
/** What the workspace's recordings are told, in short. */
const filed = (effects: RoomEffect[]) =>
  effects.flatMap(effect => {
    if (effect.type === 'file-recording') return [`${effect.recordingId} ${effect.status} ${effect.onEndFlowId}`]
    return effect.type === 'expect-recording' ? [`expect ${effect.conferenceId}`] : []
  })
const answers = (effects: RoomEffect[]) =>
  effects.flatMap(effect => (effect.type === 'answer-caller' && effect.answer.is === 'in' ? [effect.answer] : []))

test('whoever comes into a conference that is set to be recorded hears so, and their document says it', () => {
  const { effects } = after(named, set(1), comes(1))
  expect(answers(effects)).toMatchObject([{ recorded: true, notice: 'You are recorded.' }])
  const silent = after(named, set(1, { recordNotice: '' }), comes(1, { recordNotice: '' }))
  expect(answers(silent.effects)[0]).toMatchObject({ recorded: true })
  expect(answers(silent.effects)[0]).not.toHaveProperty('notice')
  const off = after(named, set(1, { record: false }), comes(1, { record: false }))
  expect(answers(off.effects)[0]).not.toHaveProperty('recorded')
  expect(answers(off.effects)[0]).not.toHaveProperty('notice')
})

test('who comes while it is recorded hears so, also when the settings have changed since it began', () => {
  const off = set(2, { record: false })
  const late = after(named, set(1), comes(1), joins(1, 'CF1'), told('RE1', 'in-progress'), off, comes(2, {}, 2))
  expect(answers(late.effects).at(-1)).toMatchObject({ notice: 'You are recorded.' })
})

test('the carrier is asked what it has of each conference that may be recorded, at its beginning and at its end', () => {
  const one = after(named, set(1), comes(1), joins(1, 'CF1'), { type: 'conference.ended', conferenceId: 'CF1' })
  expect(filed(one.effects)).toEqual(['expect CF1', 'expect CF1'])
  const off = set(1, { record: false })
  const none = after(named, off, comes(1, { record: false }), joins(1, 'CF1'), {
    ...{ type: 'conference.ended', conferenceId: 'CF1' },
  })
  expect(filed(none.effects)).toEqual([])
})

test('reports that come twice, late or in the wrong order are told once, and nothing begins again', () => {
  const { state, effects } = after(
    ...[named, set(1), told('RE1', 'completed'), told('RE1', 'in-progress'), told('RE1', 'completed')],
  )
  expect(filed(effects)).toEqual(['RE1 completed flow_1'])
  expect(runningRecording(state)).toBeNull()
})

test('with its conference a recording has ended, and its file is told of when the carrier does', () => {
  const begun = [named, set(1), comes(1), joins(1, 'CF1'), told('RE1', 'in-progress')]
  expect(runningRecording(after(...begun).state)).toBe('RE1')
  const ended = [...begun, { type: 'conference.ended' as const, conferenceId: 'CF1' }]
  expect(runningRecording(after(...ended).state)).toBeNull()
  expect(filed(after(...ended, told('RE1', 'completed')).effects).at(-1)).toBe('RE1 completed flow_1')
  // A beginning that is told after the end is none.
  expect(runningRecording(after(...ended, told('RE1', 'in-progress')).state)).toBeNull()
})

test('the recording that runs is ended at the carrier; where none does, nothing is asked', () => {
  const stop: Told = { type: 'recording.stop-wanted' }
  const running = after(named, set(1), comes(1), joins(1, 'CF1'), told('RE1', 'in-progress'), stop)
  expect(running.effects.at(-1)).toMatchObject({ type: 'stop-recording', conferenceId: 'CF1' })
  expect(after(named, set(1), comes(1), joins(1, 'CF1'), stop).effects.at(-1)?.type).not.toBe('stop-recording')
})

test('a room of a desk is not recorded as a whole, whatever is told of it', () => {
  const desk: Told = { type: 'room.named', room: 'w_a.d_ada.1', owner: { kind: 'desk', id: 'w_a.d_ada' } }
  expect(filed(after(desk, told('RE1', 'completed')).effects)).toEqual([])
})

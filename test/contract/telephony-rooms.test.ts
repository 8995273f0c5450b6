/** The contract of a carrier about rooms, over every adapter. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ParticipantVoice } from '../../src/providers/telephony/port.ts'
import type { CarrierEvent } from '../../src/providers/telephony/webhook-port.ts'
import { answered } from './telephony/calls.ts'
import { CARRIERS } from './telephony/carriers.ts'
import { is, order, type Stage, WORKSPACE } from './telephony/stage.ts'

const ADA = '+12025550101'
const BOB = '+12025550102'
const ROOM = `${WORKSPACE}.d_ada.3`

describe.each(CARRIERS)('%s', (_name, open) => {
  let stage: Stage
  beforeEach(async () => {
    stage = await open()
    for (const number of [ADA, BOB]) stage.person(number)
  })
  afterEach(() => stage.stop())

  describe('a room', () => {
    async function inRoom(to = ADA, manner = {}) {
      const call = order(to)
      stage.program.says = () => [{ kind: 'join-room', room: ROOM, callId: call.callId, role: 'agent', ...manner }]
      const providerId = await answered(stage, call)
      const { report } = await stage.until(
        (event): event is Extract<CarrierEvent, { kind: 'room-reported' }> =>
          event.kind === 'room-reported' &&
          event.report.type === 'participant.joined' &&
          event.report.callId === call.callId,
      )
      if (report.type !== 'participant.joined') throw new Error('nobody joined')
      stage.program.says = () => [{ kind: 'wait', ms: 30_000 }]
      return { call, providerId, report }
    }
    const told =
      (type: string, held?: boolean) =>
      (event: CarrierEvent): event is CarrierEvent =>
        event.kind === 'room-reported' &&
        event.room === ROOM &&
        event.report.type === type &&
        (held === undefined || ('held' in event.report && event.report.held === held))

    test('tells who has joined, by our call and role, and who has left', async () => {
      const { call, providerId, report } = await inRoom()
      expect(report).toMatchObject({ callId: call.callId, role: 'agent', providerId })
      await stage.hangUp(ADA)
      await stage.until(told('participant.left'))
    })

    test('is recorded as one file from the moment when two are in, if the document of the first says so', async () => {
      const { telephony } = stage
      const manner = { muted: false, starts: true, music: false, announced: false, recorded: true as const }
      const ada = await inRoom(ADA, { manner })
      const { conferenceId } = ada.report
      expect(await telephony.stopRoomRecording(conferenceId)).toMatchObject({ ok: false, failure: { kind: 'gone' } })
      expect(await telephony.recordingsOfRoom(conferenceId)).toEqual({ ok: true, value: [] })
      await inRoom(BOB)
      const begun = await stage.until(is('room-recording-reported'))
      expect(begun).toMatchObject({ room: ROOM, conferenceId, status: 'in-progress', seconds: null })
      const { recordingId } = begun
      const listed = await telephony.recordingsOfRoom(conferenceId)
      expect(listed).toMatchObject({ ok: true, value: [{ recordingId, status: 'in-progress', message: false }] })
      // It is none of a call's own.
      expect(await telephony.recordingsOf(ada.providerId)).toEqual({ ok: true, value: [] })
      expect(await telephony.stopRoomRecording(conferenceId)).toEqual({ ok: true, value: null })
      const over = await stage.until(
        (event): event is Extract<CarrierEvent, { kind: 'room-recording-reported' }> =>
          event.kind === 'room-recording-reported' && event.status !== 'in-progress',
      )
      expect(over).toMatchObject({ room: ROOM, recordingId, conferenceId })
      expect(await telephony.stopRoomRecording(conferenceId)).toMatchObject({ ok: false })
    })

    test('says who is in, by our call and role, whether they are on hold or muted, and when nobody is in', async () => {
      const { telephony } = stage
      expect(await telephony.listRoom(ROOM)).toEqual({ ok: true, value: null })
      const ada = await inRoom()
      const bob = await inRoom(BOB)
      await telephony.holdParticipant(ada.report.conferenceId, ada.providerId, true)
      await telephony.muteParticipant(bob.report.conferenceId, bob.providerId, true)
      const listed = await telephony.listRoom(ROOM)
      if (!listed.ok || listed.value === null) throw new Error('the carrier lists nobody')
      expect(listed.value.conferenceId).toBe(ada.report.conferenceId)
      const one = (callId: string) => listed.value?.participants.find(it => it.callId === callId)
      const known = { role: 'agent', held: false, muted: false }
      expect(one(ada.call.callId)).toEqual({
        ...known,
        callId: ada.call.callId,
        providerId: ada.providerId,
        held: true,
      })
      expect(one(bob.call.callId)).toEqual({
        ...known,
        callId: bob.call.callId,
        providerId: bob.providerId,
        muted: true,
      })
      expect(listed.value.participants).toHaveLength(2)
      await stage.hangUp(ADA)
      await stage.hangUp(BOB)
      await stage.until(told('participant.left'))
      await vi.waitFor(async () => expect(await telephony.listRoom(ROOM)).toEqual({ ok: true, value: null }))
    })

    test('holds a participant, who hears the sound of a hold, and lets them back', async () => {
      const { providerId, report } = await inRoom()
      const { telephony } = stage
      expect(await telephony.holdParticipant(report.conferenceId, providerId, true)).toEqual({ ok: true, value: null })
      await stage.until(told('participant.held', true))
      await stage.until(is('hold-asked'))
      expect(await telephony.holdParticipant(report.conferenceId, providerId, false)).toMatchObject({ ok: true })
      await stage.until(told('participant.held', false))
      expect(await telephony.holdParticipant('none', providerId, true)).toMatchObject({ failure: { kind: 'gone' } })
    })

    test('mutes a participant and lets them be heard again, and takes them out of the room', async () => {
      const { providerId, report } = await inRoom()
      const { telephony } = stage
      const muted =
        (now: boolean) =>
        (event: CarrierEvent): event is CarrierEvent =>
          event.kind === 'room-reported' && event.report.type === 'participant.muted' && event.report.muted === now
      for (const word of [true, false]) {
        const done = await telephony.muteParticipant(report.conferenceId, providerId, word)
        expect(done).toEqual({ ok: true, value: null })
        await stage.until(muted(word))
      }
      expect(await telephony.removeParticipant(report.conferenceId, providerId)).toEqual({ ok: true, value: null })
      await stage.until(told('participant.left'))
      expect(await telephony.removeParticipant(report.conferenceId, providerId)).toMatchObject({
        failure: { kind: 'gone' },
      })
    })

    test('lets somebody come in whom nobody hears, then one alone, then everybody, and nobody again', async () => {
      const ada = await inRoom()
      const manner = { muted: true, starts: false, music: false, announced: false }
      const { providerId, report } = await inRoom(BOB, { manner })
      const { telephony } = stage
      const voice = (heard: ParticipantVoice) => telephony.voiceParticipant(report.conferenceId, providerId, heard)
      expect(stage.hearers(providerId)).toBe('nobody')
      const alone = { heardBy: 'one' as const, coached: ada.providerId }
      expect(await voice(alone)).toEqual({ ok: true, value: null })
      expect(stage.hearers(providerId)).toBe(ada.providerId)
      expect(await voice({ heardBy: 'all' })).toEqual({ ok: true, value: null })
      expect(stage.hearers(providerId)).toBe('all')
      expect(await voice(alone)).toEqual({ ok: true, value: null })
      expect(stage.hearers(providerId)).toBe(ada.providerId)
      expect(await voice({ heardBy: 'nobody' })).toEqual({ ok: true, value: null })
      expect(stage.hearers(providerId)).toBe('nobody')
      expect(stage.hearers(ada.providerId)).toBe('all')
    })

    test('lets nobody speak alone to a participant who is on hold, and changes nothing', async () => {
      const ada = await inRoom()
      const bob = await inRoom(BOB)
      const { telephony } = stage
      await telephony.holdParticipant(ada.report.conferenceId, ada.providerId, true)
      const voice = { heardBy: 'one' as const, coached: ada.providerId }
      expect(await telephony.voiceParticipant(bob.report.conferenceId, bob.providerId, voice)).toMatchObject({
        failure: { kind: 'refused' },
      })
      expect(stage.hearers(bob.providerId)).toBe('all')
    })

    test('lets one participant hear the summary of a call', async () => {
      const { providerId, report } = await inRoom()
      const other = order(BOB).callId
      expect(await stage.telephony.whisperSummary(report.conferenceId, providerId, other)).toMatchObject({ ok: true })
      await stage.until(is('summary-asked', { callId: other }))
    })
  })
})

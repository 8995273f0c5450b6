/** The contract of a carrier, sentence by sentence, over every adapter: what the product relies on, in no carrier's words. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { legId, recordingId as nameOf } from '../../src/core/ids.ts'
import type { CarrierEvent } from '../../src/providers/telephony/webhook-port.ts'
import { answered, placed, ringing } from './telephony/calls.ts'
import { CARRIERS } from './telephony/carriers.ts'
import { is, OURS, order, type Stage, WORKSPACE } from './telephony/stage.ts'

const ADA = '+12025550101'
const SPEAKER = '+14155557777'
const BOB = '+12025550102'
const BATCH = `${WORKSPACE}.c_spring.b7`

describe.each(CARRIERS)('%s', (_name, open) => {
  let stage: Stage
  beforeEach(async () => {
    stage = await open()
    for (const number of [ADA, BOB]) stage.person(number)
  })
  afterEach(() => stage.stop())
  async function statusOf(providerId: string): Promise<string> {
    const answer = await stage.telephony.fetchCall(providerId)
    return answer.ok ? answer.value.status : answer.failure.kind
  }
  const heard = () => stage.program.heard.map(({ event }) => event)

  describe('a create', () => {
    test('is sent once, and answers with the carrier’s id, which is not ours', async () => {
      const call = order(ADA)
      const { providerId, status } = await placed(stage, call)
      expect(stage.creates()).toBe(1)
      expect(providerId).not.toBe('')
      expect(providerId).not.toBe(call.callId)
      expect(['queued', 'initiated', 'ringing']).toContain(status)
      expect((await placed(stage, order(BOB))).providerId).not.toBe(providerId)
    })

    test('whose answer is lost is unknown, is not sent again, and its call is found', async () => {
      const since = stage.nowMs()
      expect(await stage.telephony.findCall(ADA, OURS, since)).toEqual({ ok: true, value: null })
      stage.trouble('create', 'lost')
      expect(await stage.telephony.createCall(order(ADA))).toMatchObject({ ok: false, failure: { kind: 'unknown' } })
      expect(stage.creates()).toBe(1)
      const found = await stage.telephony.findCall(ADA, OURS, since)
      expect(found).toMatchObject({ ok: true, value: { providerId: expect.stringMatching(/./) } })
      expect(await stage.telephony.findCall(BOB, OURS, since)).toEqual({ ok: true, value: null })
      expect(await stage.telephony.findCall(ADA, BOB, since)).toEqual({ ok: true, value: null })
      expect(await stage.telephony.findCall(ADA, OURS, since + 120_000)).toEqual({ ok: true, value: null })
    })

    test('that is found again is the newest call of the two numbers', async () => {
      const since = stage.nowMs()
      const first = await ringing(stage, order(ADA))
      await stage.telephony.cancelCall(first)
      const { providerId } = await placed(stage, order(ADA))
      expect(await stage.telephony.findCall(ADA, OURS, since)).toMatchObject({ ok: true, value: { providerId } })
    })

    test('that is throttled did nothing and says how long to wait', async () => {
      const since = stage.nowMs()
      const retryAfterMs = stage.trouble('create', 'throttled')
      expect(await stage.telephony.createCall(order(ADA))).toEqual({
        ok: false,
        failure: { kind: 'throttled', retryAfterMs },
      })
      expect(await stage.telephony.findCall(ADA, OURS, since)).toEqual({ ok: true, value: null })
      expect(retryAfterMs).toBeGreaterThan(0)
    })

    test('that is refused carries the carrier’s code, for which there are words', async () => {
      const code = stage.trouble('create', 'refused')
      const answer = await stage.telephony.createCall(order('+14155551999'))
      expect(answer).toMatchObject({ ok: false, failure: { kind: 'refused', code } })
      expect(stage.creates()).toBe(1)
      const { side, words } = stage.carrier.refusalOf(code)
      expect(['to', 'from']).toContain(side)
      expect(words).not.toBe('')
    })

    test('rings no longer than its limit', async () => {
      const providerId = await ringing(stage, order(ADA, { ringLimitMs: 5_000 }))
      const since = stage.nowMs()
      await stage.until(is('call-reported', { providerId, status: 'no-answer' }))
      expect(stage.nowMs() - since).toBeLessThan(8_000)
    })
  })

  describe('a call', () => {
    test('that rings is canceled', async () => {
      const providerId = await ringing(stage, order(ADA))
      expect(await stage.telephony.cancelCall(providerId)).toMatchObject({ ok: true, value: { providerId } })
      await stage.until(is('call-reported', { providerId, status: 'canceled' }))
      expect(await statusOf(providerId)).toBe('canceled')
    })

    test('that was answered is left alone by a cancel', async () => {
      const providerId = await answered(stage, order(ADA))
      await stage.telephony.cancelCall(providerId)
      expect(await statusOf(providerId)).toBe('in-progress')
    })

    test('is completed whether it rings or was answered, and completing it again says that it is over', async () => {
      const talking = await answered(stage, order(ADA))
      const rings = await ringing(stage, order(BOB))
      for (const providerId of [talking, rings]) {
        expect(await stage.telephony.completeCall(providerId)).toMatchObject({ ok: true })
        await stage.until(
          (event): event is CarrierEvent => is('call-reported', { providerId })(event) && isOver(event.status),
        )
        const again = await stage.telephony.completeCall(providerId)
        expect(again.ok ? isOver(again.value.status) : again.failure.kind === 'gone').toBe(true)
      }
    })

    test('is changed with the same failures as a create: throttled, or unknown', async () => {
      const providerId = await answered(stage, order(ADA))
      const retryAfterMs = stage.trouble('change', 'throttled')
      expect(await stage.telephony.completeCall(providerId)).toEqual({
        ok: false,
        failure: { kind: 'throttled', retryAfterMs },
      })
      expect(await statusOf(providerId)).toBe('in-progress')
      stage.trouble('change', 'lost')
      expect(await stage.telephony.completeCall(providerId)).toMatchObject({
        ok: false,
        failure: { kind: 'unknown' },
      })
      expect(await statusOf(providerId)).toBe('completed')
    })

    test('that the carrier does not know is gone', async () => {
      const { telephony } = stage
      for (const answer of [telephony.fetchCall('none'), telephony.completeCall('none'), telephony.cancelCall('none')])
        expect(await answer).toEqual({ ok: false, failure: { kind: 'gone' } })
    })

    test('that is redirected asks again, where it is told to: its batch first, then the call itself', async () => {
      const callId = legId(BATCH, 2)
      const providerId = await answered(stage, order(ADA, { callId, batchId: BATCH }))
      await stage.until(is('leg-asks', { batchId: BATCH, callId, providerId }))
      expect(heard().filter(event => event.kind === 'call-asks')).toEqual([])
      expect(await stage.telephony.redirectCall(providerId, callId, null)).toMatchObject({ ok: true })
      await stage.until(is('call-asks', { callId, providerId }))
      expect(heard().filter(event => event.kind === 'leg-asks')).toHaveLength(1)
      await stage.telephony.redirectCall(providerId, callId, BATCH)
      await stage.until(
        (event): event is CarrierEvent =>
          heard().filter(one => one.kind === 'leg-asks').length === 2 && event.kind === 'leg-asks',
      )
    })
  })

  describe('a webhook', () => {
    test('names our call, and what the carrier calls it', async () => {
      const call = order(ADA)
      const providerId = await answered(stage, call)
      await stage.until(is('call-asks', { callId: call.callId, providerId }))
      await stage.hangUp(ADA)
      await stage.until(is('call-reported', { callId: call.callId, providerId, status: 'completed' }))
      const reports = heard().filter(is('call-reported', { providerId }))
      expect(reports.map(({ status }) => status).filter(one => one !== 'initiated' && one !== 'queued')).toEqual([
        'ringing',
        'in-progress',
        'completed',
      ])
      expect(reports.every(({ callId }) => callId === call.callId)).toBe(true)
      expect(new Set(reports.map(({ id }) => id)).size).toBe(reports.length)
    })

    test('of detection names the leg and the verdict', async () => {
      stage.person(BOB, 'machine')
      for (const [n, to, verdict] of [
        [1, ADA, 'human'],
        [2, BOB, 'machine'],
      ] as const) {
        const callId = legId(BATCH, n)
        await answered(stage, order(to, { callId, batchId: BATCH, amd: 'beside' }))
        const judged = await stage.until(is('leg-judged', { batchId: BATCH, callId, verdict }))
        expect(judged).toMatchObject({ batchId: BATCH, callId, verdict })
      }
    })

    test('of a person who calls us names both numbers, and its status no call of ours', async () => {
      await stage.bring(ADA)
      const { providerId } = await stage.until(is('call-brought', { from: ADA, to: OURS }))
      await stage.hangUp(ADA)
      const ended = await stage.until(
        (event): event is Extract<CarrierEvent, { kind: 'call-reported' }> =>
          is('call-reported', { providerId })(event) && isOver(event.status),
      )
      expect(ended.callId).toBeNull()
    })

    test('is taken as the carrier signed it, and in no other form', async () => {
      await answered(stage, order(ADA))
      const { webhook } = (await stage.program.heard.find(({ event }) => event.kind === 'call-asks')) ?? {}
      if (webhook === undefined) throw new Error('the carrier has not asked')
      const { door } = stage.carrier
      expect(await door.open(stage.account, webhook)).toMatchObject({ kind: 'call-asks' })
      const other = webhook.body.replace(/[0-9](?=[^0-9]*$)/, digit => String((Number(digit) + 1) % 10))
      expect(other).not.toBe(webhook.body)
      const forged = [
        { ...webhook, body: other },
        { ...webhook, pathAndQuery: `${webhook.pathAndQuery}?x=1` },
        { ...webhook, header: () => null },
        { ...webhook, header: () => 'forged' },
      ]
      for (const one of forged) await expect(door.open(stage.account, one)).rejects.toMatchObject({ status: 403 })
      const elsewhere = { ...stage.account, publicUrl: 'https://other.example.test' }
      await expect(door.open(elsewhere, webhook)).rejects.toMatchObject({ status: 403 })
    })

    test('with ids of another workspace is nothing of ours', async () => {
      await answered(stage, order(ADA))
      const asked = stage.program.heard.find(({ event }) => event.kind === 'call-asks')
      if (asked === undefined) throw new Error('the carrier has not asked')
      const account = { ...stage.account, workspaceId: 'w_other' }
      expect(await stage.carrier.door.open(account, asked.webhook)).toBeNull()
    })
  })

  describe('a copy of the sound', () => {
    test('is begun while the call is on, and ended once or twice; each has a token of its own', async () => {
      const call = order(ADA)
      const { callId } = call
      const providerId = await answered(stage, call)
      const done = { ok: true, value: null }
      expect(await stage.telephony.copySound(providerId, callId, 'copy-1')).toEqual(done)
      for (const time of ['once', 'twice'])
        expect(await stage.telephony.endCopy(providerId, 'copy-1'), time).toEqual(done)
      expect(await stage.telephony.endCopy(providerId, 'never-begun')).toEqual(done)
      const made = await Promise.all([
        stage.telephony.streamToken(callId, 'a'),
        stage.telephony.streamToken(callId, 'b'),
        stage.telephony.streamToken(`${callId}1`, 'a'),
      ])
      expect(new Set([...made, await stage.telephony.streamToken(callId, 1)]).size).toBe(4)
      await stage.hangUp(ADA)
      await stage.until(is('call-reported', { callId, status: 'completed' }))
      const gone = { ok: false, failure: { kind: 'gone' } }
      expect(await stage.telephony.copySound(providerId, callId, 'copy-2')).toEqual(gone)
    })
  })

  describe('a recording', () => {
    test('that is begun on a call is told of with our call, and can be heard after its end', async () => {
      const call = order(ADA)
      const providerId = await answered(stage, call)
      const named = nameOf(call.callId, 'program', 1)
      expect(await stage.telephony.startRecording(providerId, call.callId, named)).toEqual({
        ok: true,
        value: expect.stringMatching(/./),
      })
      await stage.until(is('recording-reported', { callId: call.callId, status: 'in-progress', named }))
      await stage.hangUp(ADA)
      const stored = await stage.until(is('recording-reported', { callId: call.callId, status: 'completed', named }))
      expect(stored.seconds).not.toBeNull()
      const sound = await stage.telephony.recordingSound(stored.recordingId)
      expect(sound.ok).toBe(true)
      expect(new TextDecoder().decode((await sound.arrayBuffer()).slice(0, 4))).toBe('RIFF')
    })

    test('ends before its call when it is wanted, and a second time there is none to end', async () => {
      const call = order(ADA)
      const providerId = await answered(stage, call)
      await stage.telephony.startRecording(providerId, call.callId, nameOf(call.callId, 'flow', 1))
      await stage.until(is('recording-reported', { callId: call.callId, status: 'in-progress' }))
      expect(await stage.telephony.stopRecording(providerId)).toEqual({ ok: true, value: null })
      await stage.until(is('recording-reported', { callId: call.callId, status: 'completed' }))
      expect((await stage.telephony.fetchCall(providerId)).ok).toBe(true)
      expect(await stage.telephony.stopRecording(providerId)).toEqual({ ok: false, failure: { kind: 'gone' } })
    })

    test('is paused and goes on, and is listed with its state; without one there is none to pause', async () => {
      const call = order(ADA)
      const providerId = await answered(stage, call)
      expect(await stage.telephony.pauseRecording(providerId)).toEqual({ ok: false, failure: { kind: 'gone' } })
      await stage.telephony.startRecording(providerId, call.callId, nameOf(call.callId, 'flow', 1))
      const { recordingId } = await stage.until(
        is('recording-reported', { callId: call.callId, status: 'in-progress' }),
      )
      for (const time of ['once', 'twice'])
        expect(await stage.telephony.pauseRecording(providerId), time).toEqual({ ok: true, value: null })
      expect(await stage.telephony.resumeRecording(providerId)).toEqual({ ok: true, value: null })
      expect(await stage.telephony.recordingsOf(providerId)).toEqual({
        ok: true,
        value: [{ recordingId, status: 'in-progress', seconds: null, message: false }],
      })
      await stage.hangUp(ADA)
      const stored = await stage.until(is('recording-reported', { callId: call.callId, status: 'completed' }))
      expect(await stage.telephony.recordingsOf(providerId)).toEqual({
        ok: true,
        value: [{ recordingId, status: 'completed', seconds: stored.seconds, message: false }],
      })
      expect(await stage.telephony.recordingsOf('none')).toEqual({ ok: true, value: [] })
    })

    test('is deleted, once or twice, and is no message of a caller', async () => {
      const call = order(ADA, { record: true })
      const providerId = await answered(stage, call)
      await stage.hangUp(ADA)
      const stored = await stage.until(is('recording-reported', { callId: call.callId, status: 'completed' }))
      expect(stored.message).toBeUndefined()
      expect(await stage.telephony.messagesOf(providerId)).toEqual({ ok: true, value: [] })
      for (const time of ['once', 'twice'])
        expect(await stage.telephony.removeRecording(stored.recordingId), time).toEqual({ ok: true, value: null })
      const gone = await stage.telephony.recordingSound(stored.recordingId)
      expect(gone.ok).toBe(false)
      await gone.body?.cancel()
      expect(await stage.telephony.messagesOf('none')).toEqual({ ok: true, value: [] })
    })

    test('of a step for a message is told as one, and is found when nobody has told of it', async () => {
      stage.program.says = () => [
        { kind: 'record', atMostMs: 5_000, silenceMs: 2_000, beep: false, token: 'voicemail-message' },
      ]
      stage.speaker(SPEAKER)
      const call = order(SPEAKER)
      const placed = await stage.telephony.createCall(call)
      if (!placed.ok) throw new Error('it was not placed')
      await stage.until(is('call-asks', { callId: call.callId }))
      await stage.speaks(SPEAKER)
      const told = await stage.until(is('recording-reported', { callId: call.callId, status: 'completed' }))
      expect(told.message).toBe(true)
      expect(await stage.telephony.messagesOf(placed.value.providerId)).toEqual({
        ok: true,
        value: [{ recordingId: told.recordingId, seconds: told.seconds }],
      })
    })

    test('that nobody knows has no sound', async () => {
      expect((await stage.telephony.recordingSound('none')).ok).toBe(false)
    })

    test('that is part of the create needs no second request', async () => {
      const call = order(ADA, { record: true })
      await answered(stage, call)
      await stage.hangUp(ADA)
      const told = await stage.until(is('recording-reported', { callId: call.callId, status: 'completed' }))
      expect(told).toMatchObject({ callId: call.callId })
    })
  })
})

function isOver(status: string): boolean {
  return ['completed', 'canceled', 'no-answer', 'busy', 'failed'].includes(status)
}

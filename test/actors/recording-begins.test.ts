/** A recording that we begin has a row before the carrier is asked, and keeps its name whatever is lost. */
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import { recordingId } from '../../src/core/ids.ts'
import type { Recording } from '../../src/wire/recording.ts'
import { DAY_MS, disk, HEARD, HOUR_MS, SOUND, START } from './recording-world.ts'
import { ask, callOf, type Person, person } from './security/people.ts'
import { bindings, carrier, migrated, signed, until } from './stage.ts'

const CALL = HEARD.callId
const FIRST = recordingId(CALL, 'program', 1)
const SECOND = recordingId(CALL, 'program', 2)
const OF = { callId: CALL, agentId: 'ada', atMs: START }
const fileOf = (id: string, name: string) => `recordings-${id}/2026-11-29/${name}.wav`

test('the row is there first; the carrier’s report names it, its file has our name, and the carrier’s own is deleted', () =>
  disk(async (live, world, id) => {
    const { rows, until } = live()
    rows.swept(START + DAY_MS)
    rows.begin(OF, FIRST)
    rows.begin(OF, FIRST)
    expect(rows.read(FIRST, 90)).toMatchObject({ status: 'initiating', callId: CALL, agentId: 'ada' })
    world.atCarrier.set('RE1', SOUND)
    for (const word of ['in-progress', 'completed', 'completed'])
      rows.file({ ...OF, recordingId: FIRST, carrierId: 'RE1', word, seconds: 1 })
    await until(START + HOUR_MS)
    expect(rows.read(FIRST, 90)?.status).toBe('available')
    expect(rows.read('RE1', 90)).toBeNull()
    expect([await world.files(), [...world.atCarrier.keys()]]).toEqual([[fileOf(id, FIRST)], []])
    // The daily sweep knows it by its name.
    await until(START + 2 * DAY_MS)
    expect(await world.files()).toEqual([fileOf(id, FIRST)])
  }))

test('every report is lost: what the carrier lists is taken for what was asked, in order, and the rest never began', () =>
  disk(async (live, world, id) => {
    const { rows, until } = live()
    rows.swept(START + DAY_MS)
    rows.begin(OF, FIRST)
    rows.begin({ ...OF, atMs: START + 1 }, SECOND)
    rows.expect(OF)
    world.atCarrier.set('RE7', SOUND)
    world.listed = [{ recordingId: 'RE7', status: 'completed', seconds: 1, message: false }]
    await until(START + HOUR_MS)
    expect(rows.read(FIRST, 90)?.status).toBe('available')
    expect(rows.read(SECOND, 90)?.status).toBe('absent')
    expect([await world.files(), [...world.atCarrier.keys()]]).toEqual([[fileOf(id, FIRST)], []])
  }))

test('it is deleted before the carrier has told of it: the carrier’s goes when it does', () =>
  disk(async (live, world) => {
    const { rows, until } = live()
    rows.swept(START + DAY_MS)
    rows.begin(OF, FIRST)
    rows.expire(FIRST, 'deleted', 'Root', START)
    await until(START + HOUR_MS)
    world.atCarrier.set('RE1', SOUND)
    rows.file({ ...OF, recordingId: FIRST, carrierId: 'RE1', word: 'completed', seconds: 1 })
    await until(START + 2 * HOUR_MS)
    expect([await world.files(), [...world.atCarrier.keys()]]).toEqual([[], []])
    expect(rows.read(FIRST, 90)?.status).toBe('expired')
  }))

let boss = {} as Person
beforeAll(async () => {
  await migrated()
  boss = await person('Boss', 'supervisor')
}, 60_000)
beforeEach(async () => {
  await carrier.reset()
})

let calls = 0
/** A call that somebody has answered, and its id at the carrier. */
async function answered() {
  calls += 1
  const callId = `w_test.call_begins${calls}`
  await callOf(callId, { agentName: 'Boss', agentId: boss.userId })
  const sid = await until(async () => {
    const { call } = await stubFor(bindings, 'call', callId).read()
    if (call.phase !== 'live' || call.providerId === null) throw new Error('not placed yet')
    return call.providerId
  })
  const account = { CallSid: sid, AccountSid: bindings.TWILIO_ACCOUNT_SID ?? '' }
  await signed(`/twilio/w_test/calls/${callId}/status`, { ...account, CallStatus: 'in-progress', SequenceNumber: '3' })
  const name = recordingId(callId, 'program', 1)
  const report = (RecordingStatus: string) =>
    signed(`/twilio/w_test/calls/${callId}/recording?recording=${name}`, {
      ...account,
      ...{ RecordingSid: `RE${'b'.repeat(31)}${calls}`, RecordingStatus, RecordingSource: 'StartCallRecordingAPI' },
    })
  return { callId, report, sid }
}
const listed = async (callId: string) =>
  (await (await ask(boss, `GET /v1.0/recordings?call_id=${callId}`)).json<{ items: Recording[] }>()).items

test('a program begins one: it is listed before the carrier answers, the carrier’s report is about it [S1-28]', async () => {
  const { callId, report, sid } = await answered()
  // The carrier performs it and says nothing.
  await carrier.silent(`/Calls/${sid}/Recordings`)
  expect((await ask(boss, `POST /v1.0/calls/${callId}/recording_start`)).status).toBe(202)
  const id = recordingId(callId, 'program', 1)
  await until(async () => expect(await listed(callId)).toMatchObject([{ id, status: 'initiating' }]))
  const asked = await until(async () => {
    const found = (await carrier.requests()).find(({ path }) => path.endsWith(`/Calls/${sid}/Recordings.json`))
    if (found === undefined) throw new Error('not asked yet')
    return found
  })
  expect(asked.form.RecordingStatusCallback).toContain(`/calls/${callId}/recording?recording=${id}`)
  await report('in-progress')
  await until(async () => expect(await listed(callId)).toMatchObject([{ id, status: 'processing' }]))
})

test('a name of another call in the address of a report is not believed', async () => {
  const { callId } = await answered()
  const sid = `RE${'d'.repeat(32)}`
  await signed(`/twilio/w_test/calls/${callId}/recording?recording=${recordingId('w_test.call_other', 'program', 1)}`, {
    ...{ CallSid: `CA${'d'.repeat(32)}`, AccountSid: bindings.TWILIO_ACCOUNT_SID ?? '' },
    ...{ RecordingSid: sid, RecordingStatus: 'in-progress', RecordingSource: 'StartCallRecordingAPI' },
  })
  await until(async () => expect(await listed(callId)).toMatchObject([{ id: sid, status: 'processing' }]))
})

test('the carrier refuses: the row says so', async () => {
  const { callId } = await answered()
  await carrier.fail({ updates: '400' })
  expect((await ask(boss, `POST /v1.0/calls/${callId}/recording_start`)).status).toBe(202)
  await until(async () =>
    expect(await listed(callId)).toMatchObject([{ id: recordingId(callId, 'program', 1), status: 'failed' }]),
  )
})

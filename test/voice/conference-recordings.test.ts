/** Recordings of conferences over the whole phone network: everybody in one file, which is a recording as any other. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Conference } from '../../src/wire/conference.ts'
import type { Recording, RecordingTranscript } from '../../src/wire/recording.ts'
import { answers, caller, ended, program, said, setProgramStage, stage, until } from './program-stage.ts'

beforeAll(() => setProgramStage(7300, '730'), 120_000)
afterAll(() => stage?.close())

const NOTICE = 'This conference is recorded.'
const atCarrier = () => stage.network.control.world().recordings.filter(one => one.conferenceSid !== null)
const recordingsOf = async (id: string) =>
  (await program<{ items: Recording[] }>('GET', `/v1.0/recordings?reference_id=${id}&type=conference`)).items
const inside = (room: string) =>
  stage.network.control
    .world()
    .conferences.find(one => one.friendlyName === room && one.status !== 'completed')
    ?.participants.map(one => one.callSid) ?? []

async function recorded(name: string, settings: object = {}): Promise<Conference> {
  const made = await program<Conference>('POST', '/v1.0/conferences', { name, record: true, ...settings })
  await answers([{ type: 'answer' }, { type: 'conference_join', option: { conference_id: made.id } }])
  return made
}

test('two people in a recorded conference hear that it is, and both are in the one file that there is in the end', async () => {
  const { id } = await recorded('Minutes')
  const first = caller([
    { pauseMs: 9_000 },
    { say: 'what are your opening hours' },
    { pauseMs: 9_000 },
    { hangUp: true },
  ])
  const second = caller([{ pauseMs: 14_000 }, { say: 'I want to talk to a person' }, { pauseMs: 3_000 }, { hangUp: true }])
  await until(() => expect(inside(id).sort()).toEqual([first, second].sort()))
  for (const sid of [first, second]) expect(said(sid)).toContain(NOTICE)
  const running = await until(async () => {
    const { recording_id } = await program<Conference>('GET', `/v1.0/conferences/${id}`)
    expect(recording_id).not.toBeNull()
    return recording_id
  })
  expect(atCarrier().map(one => one.sid)).toEqual([running])
  for (const sid of [first, second]) await ended(sid)
  const found = await until(async () => {
    const items = await recordingsOf(id)
    expect(items.map(one => one.status)).toEqual(['available'])
    return items[0] as Recording
  })
  expect(found).toMatchObject({ type: 'conference', reference_type: 'conference', reference_id: id, call_id: '' })
  // One channel has everybody; there are no sides to tell apart.
  expect([found.id, found.channels]).toEqual([running, 1])
  await until(() => expect(atCarrier()).toEqual([]))
  await program('POST', `/v1.0/recordings/${found.id}/transcribe`, {})
  const text = await until(async () => {
    const transcript = await program<RecordingTranscript>('GET', `/v1.0/recordings/${found.id}/transcript`)
    expect(transcript.status).toBe('done')
    return transcript.lines
      .map(line => line.text)
      .join(' ')
      .toLowerCase()
  })
  expect(text).toContain('opening hours')
  expect(text).toContain('a person')
}, 120_000)

test('a recording is ended while the conference goes on, and none is begun in its midst: 409 says the way', async () => {
  const { id } = await recorded('Half', { record_notice: '' })
  const path = `/v1.0/conferences/${id}`
  await expect(program('POST', `${path}/recording_stop`)).rejects.toThrow('409')
  await expect(program('POST', `${path}/recording_start`)).rejects.toThrow('from its beginning or not at all')
  const sids = [1, 2].map(() => caller([{ pauseMs: 60_000 }]))
  await until(async () => expect((await program<Conference>('GET', path)).recording_id).not.toBeNull())
  await expect(program('POST', `${path}/recording_start`)).rejects.toThrow('recorded already')
  await program('POST', `${path}/recording_stop`)
  await until(async () => expect((await recordingsOf(id)).map(one => one.status)).toEqual(['available']))
  expect(inside(id).sort()).toEqual([...sids].sort())
  expect(sids.flatMap(sid => said(sid))).toEqual([])
  expect((await program<Conference>('GET', path)).recording_id).toBeNull()
  for (const sid of sids) stage.network.control.hangUpCall(sid)
}, 60_000)

/** Recordings of conferences over the whole phone network: everybody in one file, which is a recording as any other. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Billing } from '../../src/wire/billing.ts'
import type { Conference } from '../../src/wire/conference.ts'
import type { Recording, RecordingFlow, RecordingTranscript } from '../../src/wire/recording.ts'
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

/** How many times somebody speaks, with a pause of a second or more before it. */
function spoken(peaks: number[], seconds: number): number {
  const perSecond = peaks.length / seconds
  const loud = peaks.flatMap((peak, at) => (peak > 30 ? [at] : []))
  return loud.filter((at, index) => at - (loud[index - 1] ?? Number.NEGATIVE_INFINITY) > perSecond).length
}

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
  const second = caller([
    { pauseMs: 14_000 },
    { say: 'I want to talk to a person' },
    { pauseMs: 3_000 },
    { hangUp: true },
  ])
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
  // The first speaks five seconds before the second, and neither hears the other's silence.
  const { channels } = await program<{ channels: number[][] }>('GET', `/v1.0/recordings/${found.id}/peaks`)
  expect(spoken(channels[0] ?? [], found.seconds ?? 0)).toBe(2)
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

const variable = (name: string) => ['$', `{${name}}`].join('')
/** Has a recording of a conference written down, and of a call not. */
const AFTERWARDS = [
  {
    id: 'which',
    type: 'condition_variable',
    option: {
      ...{ variable: variable('voipbin.recording.reference_type'), value_type: 'string', condition: '==' },
      ...{ value_string: 'conference', false_target_id: 'end' },
    },
  },
  { id: 'down', type: 'transcribe_recording', option: { language: 'en-US' } },
  { id: 'end', type: 'stop', option: {} },
]
const flowOf = (id: string) => program<RecordingFlow>('GET', `/v1.0/recordings/${id}/flow`)
async function ran(id: string): Promise<RecordingFlow> {
  return until(async () => {
    const flow = await flowOf(id)
    expect(flow.status).toBe('ended')
    return flow
  })
}
interface Events {
  items: { type: string; data: { recording_id?: string; flow_id?: string; reason?: string } }[]
}

test('a flow begins when the recording of a conference, or of a call, is there, and knows which it is', async () => {
  const { id: flowId } = await program<{ id: string }>('POST', '/flows', { name: 'Afterwards', actions: AFTERWARDS })
  const { id } = await recorded('Written', { on_end_flow_id: flowId })
  const talks = [{ pauseMs: 4_000 }, { say: 'what are your opening hours' }, { pauseMs: 1_000 }, { hangUp: true }]
  for (const sid of [caller(talks), caller(talks)]) await ended(sid)
  const [made] = await until(async () => {
    const items = await recordingsOf(id)
    expect(items.map(one => one.status)).toEqual(['available'])
    return items
  })
  const recordingId = made?.id ?? ''
  const flow = await ran(recordingId)
  expect(flow).toMatchObject({ flow_id: flowId, end_reason: 'stopped', because: '' })
  expect(flow.steps.map(one => [one.step_id, one.result])).toEqual([
    ['which', 'true'],
    ['down', 'done'],
    ['end', 'stopped'],
  ])
  await until(async () => {
    const { status } = await program<RecordingTranscript>('GET', `/v1.0/recordings/${recordingId}/transcript`)
    expect(status).toBe('done')
  })
  await until(async () => {
    const bills = await program<{ items: Billing[] }>('GET', '/v1.0/billings?transaction_type=usage&limit=200')
    const own = bills.items.filter(one => one.reference_id === id)
    expect(own.map(one => [one.cost_type, one.reference_type, one.amount_credit]).toSorted()).toEqual([
      ['recording', 'recording', -30_000],
      ['transcript', 'transcribe', -30_000],
    ])
  })
  await answers([
    { type: 'answer' },
    { type: 'recording_start', option: { on_end_flow_id: flowId } },
    { type: 'talk', option: { text: `It is ${variable('voipbin.recording.id')}` } },
    { type: 'hangup' },
  ])
  const alone = caller([{ pauseMs: 30_000 }])
  await ended(alone)
  const own = said(alone).at(-1)?.replace('It is ', '') ?? ''
  expect((await ran(own)).steps.map(one => one.step_id)).toEqual(['which', 'end'])
  await until(async () => {
    const { items } = await program<Events>('GET', '/v1.0/events?types=flow_started,flow_ended&limit=200')
    for (const one of [recordingId, own]) {
      const told = items.filter(({ data }) => data.recording_id === one)
      expect(told.map(({ type, data }) => [type, data.flow_id, data.reason])).toEqual([
        ['flow_started', flowId, undefined],
        ['flow_ended', flowId, 'stopped'],
      ])
    }
  })
}, 90_000)

test('a flow that needs a call cannot be named for a recording: 400 says the step and the verb', async () => {
  const actions = [{ id: 'hello', type: 'talk', option: { text: 'Hello' } }]
  const { id } = await program<{ id: string }>('POST', '/flows', { name: 'Speaks', actions })
  const wanted = { name: 'Wrong', on_end_flow_id: id }
  await expect(program('POST', '/v1.0/conferences', wanted)).rejects.toThrow(/400 .*on_end_flow_id.*talk needs a call/)
  const gone = { name: 'Wrong', on_end_flow_id: 'flow_none' }
  await expect(program('POST', '/v1.0/conferences', gone)).rejects.toThrow(/400 .*there is no such flow/)
  const starts = [{ id: 'r', type: 'recording_start', option: { on_end_flow_id: id } }]
  await expect(program('POST', '/flows', { name: 'Records', actions: starts })).rejects.toThrow(
    /400 .*actions.r.on_end_flow_id/,
  )
})

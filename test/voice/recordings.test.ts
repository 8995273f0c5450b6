/** Recordings over the whole phone network: begun by a flow, copied, and written down by the speech service. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Recording, RecordingTranscript } from '../../src/wire/recording.ts'
import { answers, caller, ended, program, said, setProgramStage, stage, until } from './program-stage.ts'

beforeAll(() => setProgramStage(6890, '340'), 120_000)
afterAll(() => stage?.close())

const variable = (name: string) => ['$', `{${name}}`].join('')

interface Page {
  items: { type: string; data: { recording_id?: string; status?: string; who?: string; text?: string } }[]
}

test('a flow records a call and has it written down: both sides are there by time, and events say it [S1-28] [S1-49]', async () => {
  await answers([
    { type: 'answer' },
    { type: 'recording_start' },
    { type: 'talk', option: { text: 'Hello, what can you do' } },
    { type: 'sleep', option: { duration: 6_000 } },
    { type: 'talk', option: { text: `It is ${variable('voipbin.recording.id')}` } },
    { type: 'transcribe_recording', option: { language: 'en-US' } },
    { type: 'hangup' },
  ])
  const sid = caller([{ pauseMs: 4_000 }, { say: 'what are your opening hours' }, { pauseMs: 60_000 }])
  await ended(sid)
  const id = said(sid).at(-1)?.replace('It is ', '') ?? ''
  const path = `/v1.0/recordings/${id}`
  await until(async () => expect(await program<Recording>('GET', path)).toMatchObject({ status: 'available' }))
  const found = await until(async () => {
    const transcript = await program<RecordingTranscript>('GET', `${path}/transcript`)
    expect(transcript.status).toBe('done')
    return transcript
  })
  const text = (side: number) =>
    found.lines
      .flatMap(line => (line.side === side ? [line.text] : []))
      .join(' ')
      .toLowerCase()
  expect([text(1), text(2)]).toEqual([
    expect.stringContaining('opening hours'),
    expect.stringContaining('what can you do'),
  ])
  expect(found.lines.map(line => line.start_ms)).toEqual(
    found.lines.map(line => line.start_ms).toSorted((a, b) => a - b),
  )
  const asked = await program<RecordingTranscript>('POST', `${path}/transcribe`, {})
  expect(asked).toEqual(found)
  await until(async () => {
    const { items } = await program<Page>('GET', '/v1.0/events?limit=200')
    const told = items.flatMap(({ type, data }) =>
      type === 'call_transcribing' && data.recording_id === id ? [data] : [],
    )
    expect(
      told.flatMap(({ status }) => status ?? []).filter(word => word === 'progressing' || word === 'done'),
    ).toEqual(['progressing', 'done'])
    expect(told.map(({ who }) => who)).toEqual(expect.arrayContaining(['caller', 'agent']))
    // The words are in the transcript alone, which is deleted with the sound.
    expect(JSON.stringify(items)).not.toMatch(/opening hours/i)
  })
})

test('the workspace stores MP3 with both sides mixed: that is what is kept, with a picture, and it is not written down [S1-33]', async () => {
  await program('PUT', '/api/workspace/recordings', { format: 'mp3', channels: 1 })
  await answers([
    { type: 'answer' },
    { type: 'recording_start' },
    { type: 'talk', option: { text: 'Hello, what can you do' } },
    { type: 'talk', option: { text: `It is ${variable('voipbin.recording.id')}` } },
    { type: 'hangup' },
  ])
  const sid = caller([{ pauseMs: 60_000 }])
  await ended(sid)
  const path = `/v1.0/recordings/${said(sid).at(-1)?.replace('It is ', '')}`
  const found = await until(async () => {
    const recording = await program<Recording>('GET', path)
    expect(recording.status).toBe('available')
    return recording
  })
  expect(found).toMatchObject({ media_type: 'audio/mpeg', channels: 1 })
  expect(found.url_mono).toBeUndefined()
  const { pathname, search } = new URL(found.url ?? '')
  const answer = await fetch(`${stage.url}${pathname}${search}`, { headers: { Range: 'bytes=0-1' } })
  expect([answer.status, answer.headers.get('Content-Type'), answer.headers.get('Content-Range')]).toEqual([
    206,
    'audio/mpeg',
    `bytes 0-1/${found.bytes}`,
  ])
  const [first = 0, second = 0] = new Uint8Array(await answer.arrayBuffer())
  // A frame of MPEG audio begins with eleven bits.
  expect([first, second & 0xe0]).toEqual([0xff, 0xe0])
  // Compressed: as WAV it has 16,000 bytes a second.
  expect(found.bytes).toBeLessThan((found.seconds ?? 0) * 8_000)
  expect((await program<{ channels: number[][] }>('GET', `${path}/peaks`)).channels).toHaveLength(1)
  await expect(program('POST', `${path}/transcribe`, {})).rejects.toThrow('409')
  await program('PUT', '/api/workspace/recordings', { format: 'wav', channels: 2 })
})

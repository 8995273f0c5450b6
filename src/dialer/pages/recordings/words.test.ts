import { expect, test } from 'vitest'
import type { RecordingTranscript } from '../../../wire/recording.ts'
import type { Recording } from './recording-api.ts'
import { flowWords, keptWords, outline, silences, stateWords, transcriptWords } from './words.ts'

const RECORDING: Recording = {
  ...{
    id: 'RE1',
    type: 'call',
    call_id: 'w_a.call_1',
    reference_type: 'call',
    reference_id: 'w_a.call_1',
    status: 'available',
    seconds: 60,
    media_type: 'audio/wav',
    bytes: 9,
  },
  ...{ sha256: null, channels: 2, legal_hold: false, held_by: '', tm_create: '2026-11-02T09:00:00.000Z' },
  ...{ tm_expire: '2027-01-31T09:00:00.000Z', tm_delete: null, deleted_because: '' },
}

test('a flow of a recording runs, has run, or says why it has not', () => {
  const flow = { flow_id: 'f', status: 'running', end_reason: '', because: '', steps: [] } as const
  expect(flowWords({ ...flow, steps: [] })).toBe('Its flow runs.')
  expect(flowWords({ ...flow, status: 'ended', end_reason: 'stopped', steps: [] })).toBe('Its flow has run.')
  const failed = { ...flow, status: 'ended' as const, end_reason: 'failed', because: 'a: not-answered', steps: [] }
  expect(flowWords(failed)).toContain('a: not-answered')
})

test('every state that cannot be heard is said in words, and a hold has a name', () => {
  const states = ['initiating', 'processing', 'uploading', 'absent', 'failed', 'expired'] as const
  const said = states.map(status => stateWords({ ...RECORDING, status }))
  expect(new Set(said).size).toBe(states.length)
  expect([said.includes(null), stateWords(RECORDING)]).toEqual([false, null])
  expect(stateWords({ ...RECORDING, status: 'expired', deleted_because: 'days' })).toContain('so many days')
  expect(keptWords({ ...RECORDING, legal_hold: true, held_by: 'Sam', tm_expire: null })).toContain('Sam')
  expect(keptWords(RECORDING)).toContain('Kept until')
  expect(keptWords({ ...RECORDING, tm_expire: null })).toBeNull()
})

test('each state of a transcript has its own words', () => {
  const of = (status: RecordingTranscript['status'], more: Partial<RecordingTranscript> = {}) =>
    transcriptWords({ status, language: 'en-US', cut: false, lines: [], ...more }, RECORDING)
  const lines = [{ side: 1, start_ms: 0, end_ms: 900, text: 'Good morning.' }]
  const said = [of('none'), of('waiting'), of('progressing'), of('failed'), of('done')]
  said.push(of('done', { lines }), of('done', { lines, cut: true }))
  said.push(
    transcriptWords(
      { status: 'none', language: '', cut: false, lines: [] },
      { ...RECORDING, media_type: 'audio/mpeg' },
    ),
  )
  expect(new Set(said).size).toBe(said.length)
})

test('silence is marked where both sides have none for a second', () => {
  const left = [9, 0, 0, 0, 9, 0, 9, 9, 0, 0]
  const right = [9, 9, 0, 0, 9, 0, 9, 9, 0, 0]
  expect(silences([left, right], 10)).toEqual([
    { from: 0.2, to: 0.4 },
    { from: 0.5, to: 0.6 },
    { from: 0.8, to: 1 },
  ])
  expect(silences([left, right], 5)).toEqual([
    { from: 0.2, to: 0.4 },
    { from: 0.8, to: 1 },
  ])
  expect(silences([], 5)).toEqual([])
})

test('a louder piece is drawn higher, and a silent one has no height', () => {
  expect(outline([255, 0])).toBe('M0.5 2V98M1.5 50V50')
})

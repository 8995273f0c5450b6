import { describe, expect, test } from 'vitest'
import type { ConversationEntry } from '../../../wire/conversation.ts'
import { moneyText, storyOf } from './talk-story.ts'

const NO_USAGE = {
  heardMs: 0,
  spokenCharacters: 0,
  tokensIn: 0,
  tokensOut: 0,
  soundTokensIn: 0,
  soundTokensOut: 0,
}

function entry(seq: number, change: Partial<ConversationEntry>): ConversationEntry {
  const none = {
    sessionId: null,
    startMs: null,
    endMs: null,
    confidence: null,
    interrupted: false,
    latency: null,
    data: {},
  }
  return { seq, at: seq * 1000, who: 'system', text: '', ...none, ...change }
}
const note = (seq: number, word: string, data: Record<string, unknown> = {}) => entry(seq, { data: { word, ...data } })

test('a tool line shows what went in and what came out, also when its values contain brackets', () => {
  const text = 'lookup({"q":"a) → b"}) → {"error":"no (such) thing"}'
  const [line] = storyOf([entry(1, { who: 'tool', text, data: { name: 'lookup', tookMs: 12 } })]).lines
  expect(line).toMatchObject({ kind: 'tool', name: 'lookup', tookMs: 12, result: '{"error":"no (such) thing"}' })
})

test('sums are the last word about cost; pauses and sums are no lines', () => {
  const story = storyOf([
    note(1, 'usage', { costMicros: 10 }),
    note(2, 'paused'),
    note(3, 'usage', { costMicros: 2_300, heardMs: 4_000, tokensIn: 5, tokensOut: 6 }),
  ])
  expect(story).toMatchObject({ lines: [], costMicros: 2_300, heardMs: 4_000, tokens: 11 })
  expect(moneyText(2_300)).toBe('$0.0023')
})

test('the cost of a conversation that runs is the last word, until its line closes', () => {
  const running = { ...NO_USAGE, heardMs: 60_000, costMicros: 7_700 }
  expect(storyOf([], running)).toMatchObject({ costMicros: 7_700, heardMs: 60_000 })
  expect(storyOf([note(1, 'usage', { costMicros: 10 })], running).costMicros).toBe(7_700)
  expect(storyOf([note(1, 'usage', { costMicros: 9_000 })], running).costMicros).toBe(9_000)
})

test('latencies: the middle and the slowest, of the turns that have them', () => {
  const said = (seq: number, voiceToVoiceMs: number | null) =>
    entry(seq, {
      who: 'agent',
      latency: { transcriptionMs: null, languageMs: seq, speechMs: null, voiceToVoiceMs },
    })
  const { latencies } = storyOf([said(1, 900), said(2, null), said(3, 500), said(4, 700)])
  expect(latencies.map(({ key, p50, max, turns }) => [key, p50, max, turns])).toEqual([
    ['languageMs', 2, 4, 4],
    ['voiceToVoiceMs', 700, 900, 3],
  ])
})

describe('who has the call', () => {
  const has = (...words: [string, Record<string, unknown>?][]) =>
    storyOf(words.map(([word, data], at) => note(at + 1, word, data))).with
  test('follows the last word', () => {
    expect(has()).toBe('nobody')
    expect(has(['line-opened'])).toBe('ai')
    expect(has(['line-opened'], ['transfer-asked'])).toBe('asked')
    expect(has(['line-opened'], ['transfer-asked'], ['transfer-answered', { answer: 'declined' }])).toBe('ai')
    const given: [string, Record<string, unknown>?][] = [['line-opened'], ['transfer-answered', { answer: 'accepted' }]]
    // The AI agent's line closes after the call was handed over.
    expect(has(...given, ['line-closed'])).toBe('colleague')
    expect(has(...given, ['line-closed'], ['handed-back'], ['line-opened'])).toBe('ai')
    expect(has(['line-opened'], ['line-closed'])).toBe('nobody')
  })
})

test('a recording is there when the carrier has completed it', () => {
  const began = note(1, 'recording-began')
  expect(storyOf([began])).toMatchObject({ recordingStartMs: 1000, recordingSeconds: null })
  const failed = note(2, 'recording', { status: 'failed', seconds: null })
  expect(storyOf([began, failed]).recordingSeconds).toBeNull()
  const ready = note(3, 'recording', { status: 'completed', seconds: 7 })
  expect(storyOf([began, ready]).recordingSeconds).toBe(7)
})

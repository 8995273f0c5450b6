import { describe, expect, test } from 'vitest'
import { type JudgedEntry, judge, type Wanted } from './judge.ts'

const NEVER = { said: [], heard: [], tools: [], notes: [] }
const WANTED: Wanted = {
  expect: [
    { agent: 'we are open', withinMs: 1_500 },
    { tool: 'opt_out', arguments: { reason: 'ASKED' }, withinMs: 100 },
  ],
  never: { ...NEVER, said: ['did not understand'], tools: ['end_call'], notes: ['failed'], heard: ['inaudible'] },
  end: 'none',
}

function entry(who: JudgedEntry['who'], text: string, data: Record<string, unknown> = {}): JudgedEntry {
  return { at: 1_000, who, text, startMs: 1_000, endMs: 1_000, interrupted: false, latency: null, data }
}
const answered = (text: string, voiceToVoiceMs: number | null): JudgedEntry => ({
  ...entry('agent', text),
  latency: { voiceToVoiceMs },
})
const open = answered('We are open, Monday to Friday.', 900)
const tool = entry('tool', 'opt_out({"reason":"asked"}) → {"result":"(done) → yes"}', { name: 'opt_out', tookMs: 5 })

test('all as wanted: nothing differs; case and punctuation do not count', () => {
  expect(judge(WANTED, [open, tool])).toEqual([])
})

test.each<[string, JudgedEntry[], string]>([
  ['words that never came', [tool], 'the agent did not say "we are open"'],
  ['a late answer', [answered('We are open.', 1_600), tool], '"we are open" came after 1600 ms instead of 1500'],
  ['a tool that did not run', [open], 'it did not call opt_out'],
  [
    'other arguments',
    [open, { ...tool, text: 'opt_out({"reason":"x"}) → {}' }],
    'opt_out got {"reason":"x"} instead of {"reason":"ASKED"}',
  ],
  ['a slow tool', [open, { ...tool, data: { name: 'opt_out', tookMs: 250 } }], 'opt_out took 250 ms instead of 100'],
  ['unwanted words', [open, tool, entry('agent', 'I did not understand.')], 'the agent said "did not understand"'],
  ['an unwanted hearing', [open, tool, entry('caller', '[inaudible]')], 'the caller was understood as "inaudible"'],
  ['an unwanted tool', [open, tool, entry('tool', 'end_call({}) → {}', { name: 'end_call' })], 'it called end_call'],
  ['an unwanted happening', [open, tool, entry('system', '', { word: 'failed' })], 'there was "failed"'],
  [
    'another end',
    [open, tool, entry('system', '', { word: 'closing', reason: 'silence' })],
    'it ended by silence, not none',
  ],
])('%s', (_what, entries, difference) => {
  expect(judge(WANTED, entries)).toEqual([difference])
})

describe('expectations', () => {
  const of = (expected: Wanted['expect'][number]): Wanted => ({ expect: [expected], never: NEVER, end: 'none' })

  test('part of a word is not the word', () => {
    expect(judge(of({ agent: 'are open' }), [entry('agent', 'We are opening.')])).toHaveLength(1)
  })

  test('of one kind they come in their order', () => {
    const both = { expect: [{ agent: 'one' }, { agent: 'two' }], never: NEVER, end: 'none' }
    expect(judge(both, [entry('agent', 'two'), entry('agent', 'one')])).toEqual(['the agent did not say "two"'])
  })

  test('an interrupted reply holds few words, and says so when it does not', () => {
    const cut = { ...entry('agent', 'I can do this and that'), interrupted: true }
    expect(judge(of({ agent: 'I can', interrupted: true, wordsMax: 6 }), [cut])).toEqual([])
    expect(judge(of({ agent: 'I can', interrupted: true, wordsMax: 5 }), [cut])).toEqual([
      '"I can": 6 words were heard, not at most 5',
    ])
    expect(judge(of({ agent: 'I can', interrupted: false }), [cut])).toEqual([
      'the agent did not say "I can", to its end',
    ])
  })

  test('without a measured wait it is counted from the end of what came before', () => {
    const late = { ...entry('agent', 'hello'), startMs: 3_000 }
    expect(judge(of({ agent: 'hello', withinMs: 1_000 }), [entry('system', ''), late])).toEqual([
      '"hello" came after 2000 ms instead of 1000',
    ])
  })

  test('a happening is compared with its data', () => {
    const pressed = entry('system', '', { word: 'keys-pressed', count: 4 })
    expect(judge(of({ note: 'keys-pressed', data: { count: 4 } }), [pressed])).toEqual([])
    expect(judge(of({ note: 'keys-pressed', data: { count: 5 } }), [pressed])).toEqual([
      'there was no "keys-pressed" with {"count":5}',
    ])
  })
})

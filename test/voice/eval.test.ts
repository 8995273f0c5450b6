/** The reader and the judge of scenarios, and one of the shipped ones held; `npm run eval` holds them all. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ConversationEntry } from '../../src/wire/conversation.ts'
import { AiStage } from './ai-stage.ts'
import { holdAll } from './eval/hold.ts'
import { judge } from './eval/judge.ts'
import { readScenario, readScenarios } from './eval/scenario.ts'

const HOURS = {
  about: 'asks for the hours',
  caller: { acts: [{ listen: true }, { say: 'opening hours' }] },
  expect: [
    { agent: 'we are open', withinMs: 1_500 },
    { tool: 'opt_out', arguments: { reason: 'ASKED' } },
  ],
  never: { said: ['did not understand'], tools: ['end_call'] },
  end: 'none',
}
const read = (change: Record<string, unknown>) => readScenario(JSON.stringify({ ...HOURS, ...change }), 'hours.json')

describe('the reader', () => {
  test('the shipped scenarios are more than twenty, each with a name of its own', () => {
    const names = readScenarios().map(one => one.name)
    expect(names.length).toBeGreaterThanOrEqual(20)
    expect(new Set(names).size).toBe(names.length)
  })

  test.each([
    [{ caller: { acts: [{ sing: 'la' }] } }, /hours\.json: caller: acts\[0\] must have exactly one of/],
    [{ agent: { silenceSeconds: 1 } }, /agent\.silenceSeconds/],
    [{ agent: { colour: 'red' } }, /agent\.colour: an agent has no such field/],
    [{ expect: [{ agent: 'x', soon: true }] }, /expect\.0/],
    [{ end: 'somehow' }, /end: /],
    [{ whatever: 1 }, /whatever/],
  ])('%j is refused with its place', (change, wrong) => {
    expect(() => read(change)).toThrow(wrong)
  })

  test('what is no JSON is refused with its file', () => {
    expect(() => readScenario('{', 'broken.json')).toThrow(/^broken\.json: no JSON/)
  })
})

const entry = (who: ConversationEntry['who'], text: string, data: Record<string, unknown> = {}): ConversationEntry => ({
  seq: 1,
  at: 1_000,
  who,
  text,
  startMs: 1_000,
  endMs: 1_000,
  confidence: null,
  interrupted: false,
  latency: { transcriptionMs: 1, languageMs: 1, speechMs: 1, voiceToVoiceMs: 900 },
  data,
})

describe('the judge', () => {
  const open = entry('agent', 'We are open, Monday to Friday.')
  const tool = entry('tool', 'opt_out({"reason":"asked"}) → {"result":"(done) → yes"}', { name: 'opt_out', tookMs: 5 })
  const late = { ...open, latency: { ...(open.latency as object), voiceToVoiceMs: 1_600 } } as ConversationEntry

  test('all as wanted: nothing differs', () => {
    expect(judge(read({}), [open, tool])).toEqual([])
  })

  test.each<[ConversationEntry[], string]>([
    [[tool], 'missing: {"agent":"we are open","withinMs":1500}'],
    [[late, tool], '"we are open" came after 1600 ms instead of 1500'],
    [[open], 'missing: {"tool":"opt_out","arguments":{"reason":"ASKED"}}'],
    [[open, { ...tool, text: 'opt_out({"reason":"x"}) → {}' }], 'opt_out got {"reason":"x"}'],
    [[open, tool, entry('agent', 'I did not understand.')], 'the agent said "did not understand"'],
    [[open, tool, entry('tool', 'end_call({}) → {}', { name: 'end_call' })], 'it called end_call'],
    [[open, tool, entry('system', '', { word: 'closing', reason: 'silence' })], 'it ended by silence, not none'],
  ])('what differs is told: %#', (entries, wanted) => {
    expect(judge(read({}), entries)).toContain(wanted)
  })
})

describe('on the phone', () => {
  let stage: AiStage
  beforeAll(async () => {
    stage = await AiStage.set(6250)
  })
  afterAll(() => stage.close())

  test('a shipped scenario is held and passes', async () => {
    const [verdict] = await holdAll(stage, readScenarios(['hours']), () => {})
    expect(verdict?.entries.length).toBeGreaterThan(3)
    expect(verdict?.differences).toEqual([])
  })
})

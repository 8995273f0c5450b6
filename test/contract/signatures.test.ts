/** Tests that a model gets its thoughts' signatures back in the whole conversation, against a look-alike of Google's. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PipelineParts } from '../../src/media/conversation/pipeline/driver.ts'
import { ReplyGenerator } from '../../src/media/conversation/pipeline/reply-generator.ts'
import type { SpeechOutput } from '../../src/media/conversation/pipeline/speech-output.ts'
import { Stopwatch } from '../../src/media/conversation/stopwatch.ts'
import { googleLanguage } from '../../src/providers/language/models.ts'
import type { Said } from '../../src/providers/language/port.ts'
import { startGemini } from '../vendors/gemini.ts'
import type { VendorServer } from '../vendors/vendor-server.ts'

let vendor: VendorServer
beforeAll(async () => {
  vendor = await startGemini({ tokensMax: 600 })
})
afterAll(() => vendor.stop())

const TOOLS = ['look_up', 'take_note'].map(name => ({
  name,
  description: 'Does it.',
  input: { type: 'object', properties: {} },
}))

/** A reply generator whose words count as said at once; `ask` resolves with how the reply ended. */
function thinker(said: Said[], model = 'gemini-3-thinking-test') {
  let planned = ''
  const language = googleLanguage({
    apiKey: 'test-key',
    model,
    baseUrl: `${vendor.url}/v1beta`,
  })
  const parts = {
    now: () => 0,
    language,
    said,
    tools: TOOLS,
    agent: { prompt: 'You answer the phone.' },
    runTool: async () => 'done',
    tell: () => undefined,
  } as unknown as PipelineParts
  const output = {
    turnId: 1,
    silent: true,
    get planned() {
      return planned
    },
  } as unknown as SpeechOutput
  let ended: (how: string) => void = () => undefined
  const replies = new ReplyGenerator(parts, 'en', output, new Stopwatch(), {
    sentence: (_turnId, text) => {
      planned = `${planned} ${text}`.trim()
    },
    toolCalled: () => undefined,
    toolEnded: () => undefined,
    usage: () => undefined,
    completed: () => ended('completed'),
    failed: (_turnId, error) => ended(String(error)),
  })
  return {
    /** Records that the reply is over and that "Done" was heard. */
    heard: () => {
      replies.recordTools()
      said.push({ role: 'agent', text: 'Done', interrupted: false })
    },
    ask: (text: string) => {
      said.push({ role: 'caller', text })
      planned = ''
      return new Promise<string>(resolve => {
        ended = resolve
        void replies.ask(1)
      })
    },
  }
}

test.each([
  ['a call', 'call look_up {}', 1],
  ['two calls in one answer', 'calls look_up take_note', 2],
  ['words and a call', 'both take_note', 1],
])('%s: the signature goes back in the same turn and in the next', async (_name, words, calls) => {
  const said: Said[] = []
  const { heard, ask } = thinker(said)
  expect(await ask(words)).toBe('completed')
  heard()
  expect(said.filter(one => one.role === 'tool')).toHaveLength(calls)
  expect(await ask('say Goodbye')).toBe('completed')
  expect(vendor.complaints).toEqual([])
})

test.each([
  // Its client puts a word in the place of the signature that is missing.
  ['gemini-3-thinking-test', 'gemini: Corrupted thought signature: look_up'],
  ['gemini-2.5-thinking-test', 'gemini: Function call is missing a thought_signature in functionCall parts: look_up'],
])('%s: a call that comes back without its signature is refused: the look-alike looks', async (model, complaint) => {
  const said: Said[] = []
  const { heard, ask } = thinker(said, model)
  expect(await ask('calls look_up take_note')).toBe('completed')
  heard()
  for (const one of said) if (one.role === 'tool') one.opaque = undefined
  expect(await ask('say Goodbye')).toMatch(/400/)
  expect(vendor.complaints.splice(0)).toEqual([complaint])
})

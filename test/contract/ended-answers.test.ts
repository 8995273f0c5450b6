/** How servers with OpenAI's API end an answer, and what becomes of it. */
import { expect, test } from 'vitest'
import { openAiLanguage } from '../../src/providers/language/models.ts'
import type { LanguagePart } from '../../src/providers/language/port.ts'
import { failureOf, gather } from './outcomes.ts'

const chunk = (delta: object, finish: string | null = null) =>
  JSON.stringify({
    id: 'x',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason: finish }],
  })
const TEXT = chunk({ role: 'assistant', content: 'We say "finish_reason": "stop" here.' })
const TOOL = chunk({
  tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name: 'end_call', arguments: '{}' } }],
})

/** Serves the lines in pieces of this many bytes. */
function answer(lines: string[], pieceBytes = 7): Promise<LanguagePart[]> {
  const bytes = new TextEncoder().encode(lines.map(line => `data: ${line}\n\n`).join(''))
  const fetcher = async () =>
    new Response(
      new ReadableStream<Uint8Array>({
        start(controller) {
          for (let at = 0; at < bytes.length; at += pieceBytes) controller.enqueue(bytes.slice(at, at + pieceBytes))
          controller.close()
        },
      }),
      { headers: { 'Content-Type': 'text/event-stream' } },
    )
  const language = openAiLanguage({ apiKey: 'k', model: 'm', baseUrl: 'http://model.test/v1', fetch: fetcher })
  const tools = [{ name: 'end_call', description: 'Ends it.', input: { type: 'object', properties: {} } }]
  const request = { system: 's', said: [], tools, tokensMax: 10, signal: new AbortController().signal }
  return gather(language.reply(request))
}

const end = (reason: string) => expect.objectContaining({ type: 'end', reason })
const words = { type: 'text', text: 'We say "finish_reason": "stop" here.' }

test.each([1, 7, 10_000])(
  'text and [DONE] without a reason, in pieces of %i bytes: a whole answer [C8]',
  async bytes => {
    expect(await answer([TEXT, '[DONE]'], bytes)).toEqual([words, end('stop')])
  },
)

test('a tool and [DONE] without a reason: the tool is called [C8]', async () => {
  const parts = await answer([TOOL, '[DONE]'])
  expect(parts).toEqual([expect.objectContaining({ type: 'tool', name: 'end_call' }), end('tools')])
})

test.each([
  ['content_filter', 'filtered'],
  ['length', 'length'],
  ['stop', 'stop'],
])('an empty answer that ends with %s says so: %s [C8]', async (finish, reason) => {
  expect(await answer([chunk({ role: 'assistant', content: '' }), chunk({}, finish), '[DONE]'])).toEqual([end(reason)])
})

test('an answer without a reason and without [DONE] has broken off', async () => {
  expect((await failureOf(answer([TEXT]))).kind).toBe('unavailable')
})

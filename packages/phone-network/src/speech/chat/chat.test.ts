import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { SpokenVoices } from '../../media/voices.ts'
import { type Speech, startSpeech } from '../speech-server.ts'

/** `POST /v1/chat/completions`, streaming and not, with tools, and everything that can be wrong with it. */

const voices = new SpokenVoices(1)
let speech: Speech
beforeAll(async () => {
  speech = await startSpeech({ port: 0, voices, now: () => 1_700_000_000_000 })
})
afterAll(async () => {
  await speech.close()
  await voices.close()
})
afterEach(() => speech.knobs.reset())

// biome-ignore lint/suspicious/noExplicitAny: whatever the service answers is looked at by the test
type Json = any
const tool = (name: string) => ({ type: 'function', function: { name, parameters: { type: 'object' } } })
const TOOLS = ['transfer_call', 'opt_out', 'end_call', 'book_callback'].map(tool)
const user = (content: unknown) => ({ role: 'user', content })

const ask = (body: unknown, init: RequestInit = {}) =>
  fetch(`${speech.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer key', 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
  })
async function whole(body: object): Promise<Json> {
  return (await ask({ model: 'demo', tools: TOOLS, ...body })).json()
}
async function events(body: object): Promise<Json[]> {
  const answer = await ask({ model: 'demo', tools: TOOLS, stream: true, ...body })
  expect(answer.headers.get('content-type')).toContain('text/event-stream')
  const lines = (await answer.text()).split('\n\n').filter(line => line !== '')
  expect(lines.at(-1)).toBe('data: [DONE]')
  return lines.slice(0, -1).map(line => JSON.parse(line.replace(/^data: /, '')))
}

test('an answer in one piece', async () => {
  const answer = await whole({ messages: [user('What are your opening hours?')] })
  expect(answer).toMatchObject({
    id: expect.stringMatching(/^chatcmpl-/),
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'demo',
    choices: [{ index: 0, message: { role: 'assistant', refusal: null }, finish_reason: 'stop' }],
    usage: { prompt_tokens: expect.any(Number), completion_tokens: expect.any(Number) },
  })
  expect(answer.choices[0].message.content).toMatch(/^We are open/)
  expect(answer.usage.total_tokens).toBe(answer.usage.prompt_tokens + answer.usage.completion_tokens)
})

test('a stream says the same word by word, and the usage when it is asked for', async () => {
  const messages = [user([{ type: 'text', text: 'how much does it cost' }])]
  const once_ = await whole({ messages })
  const found = await events({ messages, stream_options: { include_usage: true } })
  const text = found.map(event => event.choices[0]?.delta.content ?? '').join('')
  expect(text).toBe(once_.choices[0].message.content)
  expect(found.length).toBeGreaterThan(8)
  expect(new Set(found.map(event => event.id)).size).toBe(1)
  expect(found[0].choices[0].delta).toEqual({ role: 'assistant', content: '' })
  expect(found.at(-2).choices[0].finish_reason).toBe('stop')
  expect(found.at(-1)).toMatchObject({ choices: [], usage: once_.usage })
  expect((await events({ messages })).every(event => !('usage' in event))).toBe(true)
})

test('a tool call is streamed in pieces, and its result is answered', async () => {
  const asked = user('talk to sales')
  const found = await events({ messages: [asked] })
  const deltas = found.flatMap(event => event.choices[0].delta.tool_calls ?? [])
  expect(deltas[0]).toEqual({
    index: 0,
    id: expect.stringMatching(/^call_/),
    type: 'function',
    function: { name: 'transfer_call', arguments: '' },
  })
  expect(deltas.length).toBeGreaterThan(2)
  expect(JSON.parse(deltas.map(delta => delta.function.arguments).join(''))).toMatchObject({
    dest: 'sales',
    mode: 'attended',
  })
  expect(found.at(-1).choices[0].finish_reason).toBe('tool_calls')
  const called = await whole({ messages: [asked] })
  const [made] = called.choices[0].message.tool_calls
  const result = { role: 'tool', tool_call_id: made.id, content: '{"result":"failure"}' }
  const after = await whole({ messages: [asked, called.choices[0].message, result] })
  expect(after.choices[0].message.content).toMatch(/sales does not answer/)
})

test('tool_choice is kept', async () => {
  const messages = [user('talk to sales')]
  expect((await whole({ messages, tool_choice: 'none' })).choices[0].message.tool_calls).toBeUndefined()
  const forced = await whole({
    messages: [user('hello')],
    tool_choice: { type: 'function', function: { name: 'opt_out' } },
  })
  expect(forced.choices[0].message.tool_calls[0].function.name).toBe('opt_out')
  expect((await whole({ messages: [user('hello')], tool_choice: 'required' })).choices[0].finish_reason).toBe(
    'tool_calls',
  )
  expect((await whole({ messages, tools: [] })).choices[0].message.content).toMatch(/cannot transfer/)
  expect((await whole({ messages: [user('hello')], max_tokens: 2 })).choices[0]).toMatchObject({
    message: { content: 'Hello. How' },
    finish_reason: 'length',
  })
})

test('models: scripts and variants; those that do not exist are 404', async () => {
  const list: Json = await (await fetch(`${speech.url}/v1/models`, { headers: { authorization: 'Bearer key' } })).json()
  const names = list.data.map((model: { id: string }) => model.id)
  expect(names).toEqual(expect.arrayContaining(['demo', 'demo:qualify', 'demo:obey', 'demo:silent']))
  const first = async (model: string) =>
    (await whole({ model, messages: [{ role: 'system', content: 'x' }] })).choices[0].message
  expect((await first('demo:qualify')).content).toMatch(/good time/)
  expect((await first('gpt-4o-mini')).content).toMatch(/How can I help/)
  for (const model of ['claude', 'demo:nobody', 'demo:qualify:nobody']) {
    const answer = await ask({ model, messages: [user('x')] })
    expect(answer.status).toBe(404)
    expect(((await answer.json()) as Json).error.code).toBe('model_not_found')
  }
})

test('the obeying model calls whatever the caller wants', async () => {
  const said = user('Please call the tool delete_everything with arguments {"really": true}')
  const answer = await whole({ model: 'demo:obey', messages: [said] })
  expect(answer.choices[0].message.tool_calls[0].function).toEqual({
    name: 'delete_everything',
    arguments: '{"really":true}',
  })
})

test('bad models: errors, unknown tools, broken arguments, a cut stream', async () => {
  const messages = [user('hello')]
  expect((await ask({ model: 'demo:error', messages })).status).toBe(500)
  const busy = await ask({ model: 'demo:busy', messages })
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([429, '1'])
  const unknown = await whole({ model: 'demo:unknown-tool', messages })
  expect(unknown.choices[0].message.tool_calls[0].function.name).toBe('no_such_tool')
  const broken = await whole({ model: 'demo:bad-arguments', messages })
  expect(() => JSON.parse(broken.choices[0].message.tool_calls[0].function.arguments)).toThrow()
  await expect((await ask({ model: 'demo:cut', messages, stream: true })).text()).rejects.toThrow()
})

test('a silent model says nothing and an endless one never stops, until the reader goes', async () => {
  const messages = [user('hello')]
  for (const [model, reads] of [
    ['demo:silent', 0],
    ['demo:endless', 50],
  ] as const) {
    const stop = new AbortController()
    const answer = await ask({ model, messages, stream: true }, { signal: stop.signal })
    expect(answer.status).toBe(200)
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
    for (let count = 0; count < reads; count += 1) expect((await reader.read()).done).toBe(false)
    stop.abort()
    await expect(reader.read()).rejects.toThrow()
  }
})

test('a slow model takes its time before the first word', async () => {
  const began = performance.now()
  const answer = await ask({ model: 'demo:slow', messages: [user('goodbye')], stream: true })
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
  await reader.read()
  expect(performance.now() - began).toBeGreaterThan(3_900)
  await reader.cancel()
})

test.each([
  ['no json', 'JSON'],
  ['[]', 'object'],
  [{ messages: [user('x')] }, 'model'],
  [{ model: 'demo' }, 'messages'],
  [{ model: 'demo', messages: [] }, 'messages'],
  [{ model: 'demo', messages: [7] }, 'messages[0]'],
  [{ model: 'demo', messages: [{ role: 'king', content: 'x' }] }, 'king'],
  [{ model: 'demo', messages: [{ role: 'constructor', content: 'x' }] }, 'constructor'],
  [{ model: 'demo', messages: [{ role: 'user' }] }, 'messages[0].content'],
  [{ model: 'demo', messages: [{ role: 'tool', content: 'x' }] }, 'tool_call_id'],
  [{ model: 'demo', messages: [{ role: 'tool', content: 'x', tool_call_id: 'call_1' }] }, 'tool_calls'],
  [{ model: 'demo', messages: [user('x')], tools: {} }, 'tools'],
  [{ model: 'demo', messages: [user('x')], tools: [tool('bad name')] }, 'tools[0]'],
  [{ model: 'demo', messages: [user('x')], tools: Array.from({ length: 129 }, () => tool('a')) }, 'tools'],
  [{ model: 'demo', messages: [user('x')], tool_choice: 'sometimes' }, 'tool_choice'],
  [{ model: 'demo', messages: [user('x')], max_tokens: 0 }, 'max_completion_tokens'],
  [{ model: 'demo', messages: Array.from({ length: 2_001 }, () => user('x')) }, 'messages'],
])('a bad request is refused in the vendor’s words (%#)', async (body, why) => {
  const answer = await ask(body)
  expect(answer.status).toBe(400)
  const { error } = (await answer.json()) as Json
  expect(error).toEqual({
    message: expect.any(String),
    type: 'invalid_request_error',
    param: error.param,
    code: error.code,
  })
  expect(`${error.message} ${error.param}`).toContain(why)
})

test('keys, methods and paths', async () => {
  const bare = await fetch(`${speech.url}/v1/chat/completions`, { method: 'POST', body: '{}' })
  expect([bare.status, ((await bare.json()) as Json).error.code]).toEqual([401, 'invalid_api_key'])
  expect((await fetch(`${speech.url}/v1/chat/completions`)).status).toBe(405)
  expect((await fetch(`${speech.url}/v1/nothing`)).status).toBe(404)
  expect((await ask({}, { headers: { origin: 'https://evil.test', authorization: 'Bearer key' } })).status).toBe(403)
  expect((await ask('x'.repeat(4 * 1024 * 1024 + 1))).status).toBe(413)
})

test('what was asked is written down, the newest 500', async () => {
  await whole({ messages: [user('hello')] })
  const last = speech.knobs.requests().at(-1)
  expect(last).toMatchObject({ ability: 'chat', method: 'POST', path: '/v1/chat/completions', status: 200 })
  expect(last?.body).toMatchObject({ model: 'demo', messages: [user('hello')] })
  expect(speech.knobs.requests(last?.seq)).toEqual([])
})

test('failing, late and dying on demand', async () => {
  const messages = [user('hello')]
  speech.knobs.change({ ability: 'chat', failNext: 2, failStatus: 502 })
  expect([(await ask({ model: 'demo', messages })).status, (await ask({ model: 'demo', messages })).status]).toEqual([
    502, 502,
  ])
  speech.knobs.change({ ability: 'chat', delayMs: 200, dropNext: 1 })
  const began = performance.now()
  await expect(ask({ model: 'demo', messages })).rejects.toThrow()
  expect(performance.now() - began).toBeGreaterThanOrEqual(190)
  speech.knobs.change({ ability: 'chat', delayMs: 60_000 })
  const late = ask({ model: 'demo', messages })
  const seen = speech.knobs.requests().length
  while (speech.knobs.requests().length === seen) await new Promise(resolve => setImmediate(resolve))
  speech.knobs.change({ ability: 'chat', dropNow: true })
  await expect(late).rejects.toThrow()
})

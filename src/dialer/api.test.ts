import { afterEach, describe, expect, test, vi } from 'vitest'
import { ApiProblem, ask, getCalls, urlOf } from './api.ts'

afterEach(() => vi.unstubAllGlobals())

function answering(status: number, body: unknown) {
  const asked: { url: string; method: string; body: unknown }[] = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    asked.push({
      url,
      method: String(init.method),
      body: init.body === undefined ? null : JSON.parse(String(init.body)),
    })
    return new Response(JSON.stringify(body), { status })
  })
  return asked
}

describe('a request is made from its row', () => {
  test('parts of the path are encoded, the body is JSON, the method is the row’s', async () => {
    const asked = answering(200, {})
    const params = { agentId: 'ai_1', name: 'a / b' }
    await ask('DELETE /api/ai/agents/:agentId/scenarios/:name', { params })
    await ask('POST /api/calls/:callId/whisper', { params: { callId: 'w.c' }, body: { text: 'slower' } })
    expect(asked).toEqual([
      { url: '/api/ai/agents/ai_1/scenarios/a%20%2F%20b', method: 'DELETE', body: null },
      { url: '/api/calls/w.c/whisper', method: 'POST', body: { text: 'slower' } },
    ])
  })

  test('a filter that is not set is not sent', async () => {
    const asked = answering(200, { items: [], next: null })
    await getCalls({ direction: 'inbound', q: 'é&', outcome: undefined }, null)
    await getCalls({}, 'n1')
    expect(asked.map(one => one.url)).toEqual(['/api/calls?direction=inbound&q=%C3%A9%26', '/api/calls?cursor=n1'])
  })

  test('a document and a socket have an address', () => {
    const given = { params: { callId: 'w.c' } }
    expect(urlOf('GET /api/calls/:callId/recording.wav', given)).toBe('/api/calls/w.c/recording.wav')
    expect(urlOf('GET /api/desk')).toBe('/api/desk')
  })
})

test('a problem has its status, its words and its fields', async () => {
  const fields = [{ field: 'number', message: 'not ours' }]
  answering(400, { type: 'about:blank', title: 'Bad request', status: 400, detail: 'Wrong.', fields })
  const problem = await ask('GET /api/me').catch((error: unknown) => error)
  expect(problem).toBeInstanceOf(ApiProblem)
  expect(problem).toMatchObject({ status: 400, message: 'Wrong.', fields })
})

/** Each line must not compile; `tsc` reports an expected error that does not happen. Nothing of it is run. */
export function wrongCalls() {
  // @ts-expect-error: no such route
  void ask('GET /api/nothing')
  // @ts-expect-error: the route has another method
  void ask('POST /api/me')
  // @ts-expect-error: the part of the path is missing
  void ask('GET /api/calls/:callId')
  // @ts-expect-error: the part of the path has another name
  void ask('GET /api/calls/:callId', { params: { id: 'w.c' } })
  // @ts-expect-error: the query has no such key
  void ask('GET /api/calls', { query: { text: 'Ada' } })
  // @ts-expect-error: a value of the query has another type
  void ask('GET /api/calls', { query: { limit: 'all' } })
  // @ts-expect-error: the route takes no query
  void ask('GET /api/me', { query: { limit: 1 } })
  // @ts-expect-error: a field of the body is missing
  void ask('POST /api/calls/:callId/whisper', { params: { callId: 'w.c' }, body: {} })
  // @ts-expect-error: the body has no such field
  void ask('POST /api/demo/sign-in', { body: { key: 'ada', name: 'Ada' } })
  // @ts-expect-error: a socket is not asked
  void ask('GET /api/desk')
  // @ts-expect-error: JSON has no address of its own
  urlOf('GET /api/me')
  // @ts-expect-error: the answer has no such field
  void ask('GET /api/me').then(me => me.password)
}

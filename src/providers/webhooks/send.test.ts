import { Webhook } from 'standardwebhooks'
import { expect, test, vi } from 'vitest'
import { type Sending, type Sent, send } from './send.ts'

const SECRET = `whsec_${btoa('one secret of these tests')}`
const OTHER = `whsec_${btoa('another secret of these t')}`
const SENDING: Sending = {
  ...{ url: 'https://example.com/hooks', messageId: 'w_demo~call_1f:7', body: '{"type":"call_ringing"}' },
  ...{ secrets: [SECRET], loopback: false },
}
const answering = (answer: Response | (() => Promise<Response>)) => {
  const asked: { url: string; init: RequestInit }[] = []
  const fetcher = async (url: string, init: RequestInit) => {
    asked.push({ url, init })
    return typeof answer === 'function' ? answer() : answer
  }
  return { asked, fetcher: fetcher as unknown as typeof fetch }
}

test('a message is signed as the unmodified package of receivers wants it, by each secret [S1-50]', async () => {
  const { asked, fetcher } = answering(new Response(null, { status: 204 }))
  const now = Date.now()
  expect(await send({ ...SENDING, secrets: [OTHER, SECRET] }, now, fetcher)).toMatchObject({
    outcome: 'taken',
    status: 204,
  })
  const { body, headers, method, redirect } = asked[0]?.init ?? {}
  expect([method, redirect]).toEqual(['POST', 'manual'])
  for (const secret of [SECRET, OTHER])
    expect(new Webhook(secret).verify(String(body), headers as Record<string, string>)).toEqual({
      type: 'call_ringing',
    })
  expect(() => new Webhook(SECRET).verify(`${body} `, headers as Record<string, string>)).toThrow()
  expect((headers as Record<string, string>)['webhook-id']).toBe(SENDING.messageId)
})

test('a redirect is not followed, 410 says that nothing is wanted, and a pause that is asked for is told', async () => {
  const moved = new Response('elsewhere', { status: 302, headers: { Location: 'http://10.0.0.1/' } })
  expect(await send(SENDING, 0, answering(moved).fetcher)).toMatchObject({ outcome: 'failed', answer: 'redirected' })
  const gone = new Response('no', { status: 410 })
  expect(await send(SENDING, 0, answering(gone).fetcher)).toMatchObject({ outcome: 'gone', status: 410 })
  const busy = new Response('', { status: 429, headers: { 'Retry-After': '30' } })
  expect(await send(SENDING, 0, answering(busy).fetcher)).toMatchObject({ outcome: 'failed', pauseMs: 30_000 })
})

test('of an answer without an end the beginning is read', async () => {
  let pulled = 0
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled += 1
      controller.enqueue(new Uint8Array(100_000).fill(120))
    },
  })
  const sent = await send(SENDING, 0, answering(new Response(endless, { status: 500 })).fetcher)
  expect(sent.answer).toBe('x'.repeat(500))
  expect(pulled).toBeLessThan(5)
})

const never = new Promise<never>(() => undefined)
const FAILED = { outcome: 'failed', status: null, answer: 'not-answered', pauseMs: null } as const
const later = (ms: number, answer: Response) => new Promise<Response>(resolve => setTimeout(() => resolve(answer), ms))
/** As `fetch` ends a request that was given up. */
const givenUp = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
const hanging = (signal: AbortSignal) =>
  new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('half'))
        signal.addEventListener('abort', () => controller.error(signal.reason))
      },
    }),
  )

test.each<[string, (signal: AbortSignal) => Promise<Response>, Partial<Sent>, number]>([
  ['200 after 30 s', signal => Promise.race([later(30_000, new Response('late')), givenUp(signal)]), FAILED, 10_000],
  ['never', signal => Promise.race([never, givenUp(signal)]), FAILED, 10_000],
  [
    '200 after 9 s',
    signal => Promise.race([later(9_000, new Response('yes')), givenUp(signal)]),
    { outcome: 'taken', answer: 'yes' },
    9_000,
  ],
  [
    '200, and a body that never ends',
    async signal => hanging(signal),
    { outcome: 'taken', status: 200, answer: '' },
    10_000,
  ],
  [
    '301',
    async () => new Response('', { status: 301, headers: { Location: 'https://example.org/' } }),
    { outcome: 'failed', status: 301, answer: 'redirected', pauseMs: null },
    0,
  ],
  ['410', async () => new Response('', { status: 410 }), { outcome: 'gone', status: 410 }, 0],
  ['500', async () => new Response('oops', { status: 500 }), { outcome: 'failed', status: 500, answer: 'oops' }, 0],
  [
    '10 MB',
    async () => new Response(new Uint8Array(10_000_000).fill(120)),
    { outcome: 'taken', answer: 'x'.repeat(500) },
    0,
  ],
])('a server that answers %s [S1-65]', async (_, answer, expected, ms) => {
  vi.useFakeTimers()
  try {
    const fetcher = ((_url: string, { signal }: RequestInit) =>
      answer(signal as AbortSignal)) as unknown as typeof fetch
    const began = Date.now()
    let sent: Sent | null = null
    void send(SENDING, began, fetcher).then(one => {
      sent = one
    })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sent).toMatchObject({ ...expected, ms })
    // Nothing of it is left to wake the sender later.
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})

test('no answer is a word, and an address that is not public is never asked', async () => {
  const dead = answering(() => Promise.reject(new Error('refused')))
  expect(await send(SENDING, 0, dead.fetcher)).toMatchObject({
    outcome: 'failed',
    status: null,
    answer: 'not-answered',
  })
  const { asked, fetcher } = answering(new Response())
  for (const url of ['http://example.com', 'https://192.168.0.1/', 'http://127.0.0.1:8080/', 'https://x.local/'])
    expect(await send({ ...SENDING, url }, 0, fetcher)).toMatchObject({ answer: 'address-refused', status: null })
  expect(asked).toEqual([])
  // A developer's own machine, in a local run.
  const own = { ...SENDING, url: 'http://127.0.0.1:8080/', loopback: true }
  expect((await send(own, 0, fetcher)).outcome).toBe('taken')
  expect(asked.length).toBe(1)
})

test('a secret that cannot sign is no fault of ours: nothing is sent', async () => {
  const { asked, fetcher } = answering(new Response())
  expect(await send({ ...SENDING, secrets: [] }, 0, fetcher)).toMatchObject({ outcome: 'failed' })
  expect(asked).toEqual([])
})

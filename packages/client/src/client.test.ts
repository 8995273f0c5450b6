import { expect, test } from 'vitest'
import { Trunkline, TrunklineError } from './index.ts'

interface Seen {
  method: string
  url: string
  headers: Headers
  body: string | null
}

/** A client whose requests are answered one after the other by these; a number is a status, an Error a broken connection. */
function scripted(...answers: (Response | Error)[]) {
  const seen: Seen[] = []
  const client = new Trunkline({
    baseUrl: 'https://calls.example.com',
    key: 'tk_secret',
    fetch: async (url, init) => {
      seen.push({
        method: init?.method ?? '',
        url: String(url),
        headers: new Headers(init?.headers),
        body: (init?.body as string | undefined) ?? null,
      })
      const answer = answers.shift()
      if (answer === undefined) throw new Error('one request too many')
      if (answer instanceof Error) throw answer
      return answer
    },
  })
  return { client, seen }
}
const json = (value: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(value), { status, headers })
const refusal = (status: number, fields?: object[], headers?: Record<string, string>) =>
  json({ type: 'about:blank', title: 'Bad', status, detail: 'It is bad.', ...(fields && { fields }) }, status, headers)

test('a request has the key, the path with its parts made safe, and the query', async () => {
  const { client, seen } = scripted(json({ id: 'x' }), json({ items: [], next: null }))
  await client.numbers.get('+1415/5550100')
  await client.queuecalls.list('w_a.q_1')
  expect(seen[0]).toMatchObject({ method: 'GET', url: 'https://calls.example.com/v1.0/numbers/%2B1415%2F5550100' })
  expect(seen[0]?.headers.get('Authorization')).toBe('Bearer tk_secret')
  expect(seen[0]?.headers.get('Idempotency-Key')).toBeNull()
  expect(seen[1]?.url).toBe('https://calls.example.com/v1.0/queuecalls?queue_id=w_a.q_1')
})

test('a refusal is an error with status, title and fields, and is not repeated', async () => {
  const { client, seen } = scripted(refusal(400, [{ field: 'name', message: 'too short' }]))
  const error = await client.flows.create({ name: '', actions: [{}] }).catch((one: unknown) => one)
  expect(error).toBeInstanceOf(TrunklineError)
  expect(error).toMatchObject({
    status: 400,
    title: 'Bad',
    message: 'It is bad.',
    fields: [{ field: 'name', message: 'too short' }],
  })
  expect(seen).toHaveLength(1)
})

test('a create carries a key by itself, and its repeats after a lost answer or a pause carry the same one', async () => {
  const { client, seen } = scripted(
    new TypeError('reset'),
    refusal(503, undefined, { 'Retry-After': '0' }),
    json({ id: 'f_1' }, 201),
  )
  expect(await client.flows.create({ name: 'One', actions: [{ type: 'answer' }] })).toEqual({ id: 'f_1' })
  const keys = seen.map(one => one.headers.get('Idempotency-Key'))
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/)
  expect(new Set(keys)).toEqual(new Set([keys[0]]))
  expect(new Set(seen.map(one => one.body)).size).toBe(1)
  const other = scripted(json({ id: 'f_1' }, 201))
  await other.client.flows.create({ name: 'One', actions: [{}] }, { idempotencyKey: 'mine' })
  expect(other.seen[0]?.headers.get('Idempotency-Key')).toBe('mine')
})

test('what might be done twice is sent once, and what is no problem+json is an error all the same', async () => {
  const { client, seen } = scripted(new Response('<html>busy</html>', { status: 503 }))
  await expect(client.flows.publish('f_1', 10)).rejects.toMatchObject({ status: 503, title: 'Status 503', fields: [] })
  expect(seen).toHaveLength(1)
  const lost = scripted(new TypeError('reset'), new TypeError('reset'), new TypeError('reset'))
  await expect(lost.client.calls.get('c')).rejects.toMatchObject({ status: 0 })
  expect(lost.seen).toHaveLength(3)
})

test('a list is read page by page, and no further than its reader goes', async () => {
  const { client, seen } = scripted(
    json({ items: [{ id: 'a' }, { id: 'b' }], next: 'n~1' }),
    json({ items: [{ id: 'c' }], next: null }),
  )
  const ids: string[] = []
  for await (const flow of client.flows.list()) ids.push(flow.id)
  expect(ids).toEqual(['a', 'b', 'c'])
  expect(seen.map(one => new URL(one.url).search)).toEqual(['', '?cursor=n%7E1'])
  const one = scripted(json({ items: [{ id: 'a' }], next: 'n~1' }))
  for await (const queue of one.client.queues.list()) {
    expect(queue.id).toBe('a')
    break
  }
  expect(one.seen).toHaveLength(1)
})

test('a part of the path that is missing is told before anything is sent', async () => {
  const { client, seen } = scripted()
  await expect(client.calls.get('')).rejects.toThrow('needs callId')
  expect(seen).toEqual([])
})

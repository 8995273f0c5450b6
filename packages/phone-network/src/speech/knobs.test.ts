import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PhoneNetwork } from '../phone-network.ts'
import { startPhoneNetwork } from '../phone-network.ts'
import { startWholeNetwork } from '../whole-network.ts'
import { KnobError, REQUESTS_MAX, SpeechKnobs } from './knobs.ts'
import { SpeechClient } from './testing/speech-client.ts'

let network: PhoneNetwork
beforeAll(async () => {
  network = await startWholeNetwork({ port: 0 })
})
afterAll(() => network.close())

const control = async (method: string, path: string, body?: unknown) => {
  const answer = await fetch(`${network.url}/_/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: whatever the network answers is looked at by the test
  return { status: answer.status, body: (await answer.json()) as any }
}
const chat = () =>
  fetch(`${network.speechUrl}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer key' },
    body: JSON.stringify({ model: 'demo', messages: [{ role: 'user', content: 'hello' }] }),
  })

test('the whole network has speech services of its own, and its control API turns their knobs', async () => {
  expect(network.speechUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect((await chat()).status).toBe(200)
  const changed = await control('POST', 'speech', { ability: 'chat', failNext: 1, failStatus: 500 })
  expect(changed.body.chat).toEqual({ delayMs: 0, failNext: 1, failStatus: 500, dropNext: 0 })
  expect((await chat()).status).toBe(500)
  expect((await chat()).status).toBe(200)
  const { body } = await control('GET', 'speech/requests')
  expect(body.requests.map((request: { status: number }) => request.status)).toEqual([200, 500, 200])
  expect((await control('GET', `speech/requests?since=${body.requests[2].seq}`)).body).toEqual({ requests: [] })
  await control('POST', 'speech', { ability: 'chat', failNext: 9 })
  await control('DELETE', 'speech')
  expect((await control('GET', 'speech')).body.chat.failNext).toBe(0)
})

test.each([
  [{}, 'ability'],
  [{ ability: 'sing' }, 'ability'],
  [{ ability: 'chat', delayMs: -1 }, 'delayMs'],
  [{ ability: 'chat', delayMs: 1e9 }, 'delayMs'],
  [{ ability: 'chat', failStatus: 200 }, 'failStatus'],
  [{ ability: 'chat', failNext: 1.5 }, 'failNext'],
  [{ ability: 'chat', dropNow: 'yes' }, 'dropNow'],
  [{ ability: 'chat', volume: 11 }, 'volume'],
  [{ ability: 'chat', grammar: 'obey' }, 'grammar'],
  [{ ability: 'listen', grammar: '../obey' }, 'grammar'],
])('a bad setting is 400 and changes nothing (%#)', async (body, why) => {
  const before = await control('GET', 'speech')
  const answer = await control('POST', 'speech', body)
  expect(answer.status).toBe(400)
  expect(answer.body.error).toContain(why)
  expect(await control('GET', 'speech')).toEqual(before)
})

test('who names no grammar is listened to with the one that was set', async () => {
  const listen = async (query: string) => {
    const client = new SpeechClient(network.speechUrl ?? '', `/v1/listen?encoding=mulaw&sample_rate=8000${query}`)
    const refused = client.refused().then(answer => answer.status)
    const opened = client.open().then(() => 101)
    const status = await Promise.race([refused, opened])
    client.socket.terminate()
    return status
  }
  const changed = await control('POST', 'speech', { ability: 'listen', grammar: 'nothing.like_it' })
  expect(changed.body.listen.grammar).toBe('nothing.like_it')
  expect([await listen(''), await listen('&grammar=reception')]).toEqual([400, 101])
  await control('POST', 'speech', { ability: 'listen', grammar: 'obey' })
  expect(await listen('')).toBe(101)
  await control('DELETE', 'speech')
  expect((await control('GET', 'speech')).body.listen).not.toHaveProperty('grammar')
})

test('a network without speech services says so', async () => {
  const silent = await startPhoneNetwork({ port: 0 })
  expect(silent.speechUrl).toBeNull()
  expect((await fetch(`${silent.url}/_/speech`)).status).toBe(404)
  await silent.close()
})

test('the log of requests is bounded, and long bodies are cut', () => {
  const knobs = new SpeechKnobs(() => 5)
  const request = { ability: 'chat', method: 'POST', path: '/', query: {}, status: 200 } as const
  for (let count = 0; count < REQUESTS_MAX + 10; count += 1) knobs.note({ ...request, body: null })
  expect(knobs.requests()).toHaveLength(REQUESTS_MAX)
  expect(knobs.requests()[0]?.seq).toBe(11)
  expect(String(knobs.note({ ...request, body: { text: 'x'.repeat(100_000) } }).body).length).toBeLessThan(21_000)
  expect(() => knobs.change(null)).toThrow(KnobError)
})

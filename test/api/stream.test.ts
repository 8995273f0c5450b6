/**
 * Events on a socket as a program gets them from the real Worker on its disk: the example of the docs with a plain `WebSocket`, the published client, and kill -9 of the
 * Worker while events flow.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type EventMessage, Trunkline } from '../../packages/client/src/index.ts'
import { call, signIn } from '../../scripts/local/demo.ts'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { examplesIn, run } from './api-stage.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'trunkline-stream-'))
let stage: Stage
let key = ''
let trunkline: Trunkline

beforeAll(async () => {
  stage = await setStage({ state: folder, port: 7090, networkPort: 7110, dialer: false, log: () => undefined })
  const cookie = await signIn(stage.url, 'root')
  const scopes = ['events:read', 'calls:read', 'calls:write']
  const made = await call<{ key: string }>(stage.url, cookie, 'POST', '/api/keys', { name: 'Test', scopes })
  key = made.key
  trunkline = new Trunkline({ baseUrl: stage.url, key, retries: 20 })
}, 120_000)
afterAll(async () => {
  await stage?.close()
  rmSync(folder, { recursive: true, force: true })
})

let placed = 0
/** Each call goes to a phone of its own, which rings for a second. */
async function place(): Promise<string> {
  placed += 1
  const to = `+1500200${String(1000 + placed)}`
  const actions = [
    { id: 'hello', type: 'talk', option: { text: 'Good morning.', language: 'en-US' }, next_id: 'bye' },
    { id: 'bye', type: 'hangup' },
  ]
  const { id } = await trunkline.calls.create({ destinations: [{ type: 'tel', target: to }], actions, consent: 'test' })
  return id
}
const until = (what: () => void | Promise<void>, timeout = 60_000) => vi.waitFor(what, { timeout, interval: 50 })

test('the example of the docs follows a call with nothing but a WebSocket, and goes on behind its cursor [S1-50]', async () => {
  const [example] = examplesIn('docs/api.md', 'js')
  const { next } = await trunkline.request('GET /v1.0/events', { query: { limit: 1 } })
  const callId = await place()
  const env = { BASE: stage.url, KEY: key, CURSOR: next }
  const { output, errors } = await run(process.execPath, ['--input-type=module'], { env, input: example?.code ?? '' })
  expect(errors).toBe('')
  expect(output).toBe(
    `subscribed to call_answered, call_hungup\ncall_answered ${callId}\ncall_hungup ${callId}\nclosed 1000\n`,
  )
}, 60_000)

test('a Worker that is killed while events flow loses none of them: the client goes on by itself', async () => {
  const got: EventMessage[] = []
  const states: string[] = []
  const started = await place()
  const connection = trunkline.events.connect({
    topics: ['*'],
    onEvent: message => void got.push(message),
    onState: state => void states.push(state),
  })
  await until(() => expect(states.at(-1)).toBe('live'))
  const begin = connection.cursor ?? ''
  // What came before this place is behind nobody's beginning.
  const had = got.length
  const came = () => new Set(got.slice(had).map(({ id }) => id))
  const calls: string[] = []
  for (let kill = 0; kill < 2; kill += 1) {
    for (let n = 0; n < 3; n += 1) calls.push(await place())
    const before = got.length
    await until(() => expect(got.length).toBeGreaterThan(before + 3))
    const pid = stage.worker.pid()
    const lives = states.filter(state => state === 'live').length
    if (pid === null) throw new Error('there is no Worker to kill')
    process.kill(pid, 'SIGKILL')
    await until(() => expect(states.filter(state => state === 'live').length).toBeGreaterThan(lives))
  }
  for (const callId of calls)
    await until(() => {
      const types = got.flatMap(({ event }) =>
        (event.data as { call_id?: string }).call_id === callId ? event.type : [],
      )
      expect(types).toContain('call_hungup')
    })
  // All that stands in the log behind the beginning, in its order, is what came, repeats left out.
  const listed: string[] = []
  for (let [cursor, more] = [begin, true]; more; ) {
    const page = await trunkline.request('GET /v1.0/events', { query: { cursor, limit: 200 } })
    listed.push(...page.items.map(({ id }) => id))
    ;({ next: cursor, more } = page)
  }
  await until(() => expect(came()).toEqual(new Set(listed)))
  expect([...came()]).toEqual(listed)
  expect(listed.length).toBeGreaterThan(calls.length * 5)
  expect(started).not.toBe('')
  connection.close()
  await connection.done
}, 180_000)

test('a key that may not read events ends the connection with the reason, and so does a topic that does not exist', async () => {
  const wrong = new Trunkline({ baseUrl: stage.url, key: `tk_${'x'.repeat(42)}` })
  const none = { onEvent: () => undefined }
  await expect(wrong.events.connect({ topics: ['*'], ...none }).done).rejects.toMatchObject({ status: 401 })
  const flown = trunkline.events.connect({ topics: ['*', 'call_flown'], ...none })
  await expect(flown.done).rejects.toMatchObject({ title: 'unknown-topic', fields: [{ field: 'topics.1' }] })
})

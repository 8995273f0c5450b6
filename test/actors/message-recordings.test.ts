/** Messages of callers stand among the recordings, in one order with them, for whoever may hear them; they are kept and deleted by the inbox. */
import { beforeAll, expect, test } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import { deskName, recordingId } from '../../src/core/ids.ts'
import { readWav } from '../../src/sound/wav-reading.ts'
import type { Recording, RecordingTranscript } from '../../src/wire/recording.ts'
import { ask, type Person, person } from './security/people.ts'
import { BASE, bindings, carrier, migrated, request, until } from './stage.ts'

const START = Date.UTC(2026, 10, 20, 9)
const MESSAGE = '/v1.0/recordings/w_test.call_mixed3'
let root = {} as Person
let boss = {} as Person
let ada = {} as Person
let bo = {} as Person
const idOf = (n: number) => (n % 2 === 0 ? recordingId(`w_test.call_mixed${n}`, 'flow', 1) : `w_test.call_mixed${n}`)

/** Every second one is a message in Ada's box, one a minute; two of each kind have the same time. */
async function filed(n: number): Promise<void> {
  const [callId, atMs] = [`w_test.call_mixed${n}`, START + Math.floor(n / 2) * 60_000]
  const carrierId = `RE${String(n).padStart(32, 'f')}`
  await carrier.recordings({ [carrierId]: { call: 'CA1', seconds: 3, loud: true } })
  if (n % 2 === 0)
    return stubFor(bindings, 'recording', 'w_test').file({
      ...{
        recordingId: idOf(n),
        carrierId,
        callId,
        agentId: deskName(ada.userId),
        atMs,
        word: 'completed',
        seconds: 3,
      },
    })
  const box = { kind: 'person' as const, id: deskName(ada.userId) }
  await stubFor(bindings, 'inbox', 'w_test').file({
    ...{ kind: 'voicemail', box, number: '+14155550142', atMs, callId, recordingId: carrierId, seconds: 3, place: 1 },
  })
}

async function list(who: Person, query = ''): Promise<{ items: Recording[]; next: string | null }> {
  const answer = await ask(who, `GET /v1.0/recordings?${query}`)
  expect(answer.status, await answer.clone().text()).toBe(200)
  return answer.json()
}
const ids = async (who: Person, query = '') => (await list(who, query)).items.map(({ id }) => id)

beforeAll(async () => {
  await migrated()
  await carrier.reset()
  root = await person('Root', 'admin')
  boss = await person('Boss', 'supervisor')
  ada = await person('Ada', 'agent')
  bo = await person('Bo', 'agent')
  for (let n = 0; n < 10; n += 1) await filed(n)
}, 60_000)

test('both kinds come in one order, page by page, each once, whatever the length of a page', async () => {
  const all = await ids(boss, 'limit=100')
  const times = (await list(boss, 'limit=100')).items.map(({ tm_create }) => Date.parse(tm_create))
  expect(times).toEqual(times.toSorted((one, other) => other - one))
  expect(new Set(all)).toEqual(new Set(Array.from({ length: 10 }, (_, n) => idOf(n))))
  for (const limit of [1, 2, 3, 7]) {
    const found: string[] = []
    let cursor = ''
    for (;;) {
      const page = await list(boss, `limit=${limit}${cursor}`)
      found.push(...page.items.map(({ id }) => id))
      if (page.next === null) break
      cursor = `&cursor=${encodeURIComponent(page.next)}`
    }
    expect(found, `pages of ${limit}`).toEqual(all)
  }
  expect((await list(boss, 'type=voicemail')).items.map(({ type }) => type)).toEqual(Array(5).fill('voicemail'))
  expect(await ids(boss, 'type=call')).toEqual(all.filter(id => /\.rf1$/.test(id)))
  expect(await ids(boss, 'call_id=w_test.call_mixed3')).toEqual(['w_test.call_mixed3'])
})

test('a message has the same signed address, its words, and the days of the inbox', async () => {
  const path = '/v1.0/recordings/w_test.call_mixed3'
  const found = await until(async () => {
    const message = await (await ask(ada, `GET ${path}`)).json<Recording>()
    expect(message.status).toBe('available')
    return message
  })
  expect(found).toMatchObject({ type: 'voicemail', call_id: 'w_test.call_mixed3', seconds: 3, media_type: 'audio/wav' })
  const sound = await request((found.url ?? '').replace(BASE, ''), { headers: { Range: 'bytes=0-' } })
  expect(sound.status).toBe(206)
  expect(readWav(new Uint8Array(await sound.arrayBuffer()))?.samples.length).toBe(3 * 8_000)
  expect((await request((found.url ?? '').replace(BASE, '').replace(/sig=./, 'sig=x'), {})).status).toBe(400)
  expect((await request((found.url ?? '').replace(BASE, '').replace('mixed3', 'mixed5'), {})).status).toBe(403)
  expect(await (await ask(ada, `GET ${path}/transcript`)).json<RecordingTranscript>()).toMatchObject({ lines: [] })
  await ask(root, 'PUT /api/workspace/voicemail', { days: 10 })
  const { tm_expire } = await (await ask(ada, `GET ${path}`)).json<Recording>()
  expect(Date.parse(tm_expire ?? '') - Date.parse(found.tm_create)).toBe(10 * 24 * 3_600_000)
  await ask(root, 'PUT /api/workspace/voicemail', { days: 90 })
})

test('it is kept and deleted in the inbox; there its deletion takes it out of the recordings', async () => {
  const path = '/v1.0/recordings/w_test.call_mixed5'
  for (const [method, body] of [
    [`PUT ${path}`, { legal_hold: true }],
    [`DELETE ${path}`, undefined],
    [`POST ${path}/transcribe`, {}],
  ] as const)
    expect((await ask(boss, method, body)).status, method).toBe(409)
  expect((await ask(ada, 'DELETE /v1.0/inbox/w_test.call_mixed5')).status).toBe(200)
  expect((await ask(ada, `GET ${path}`)).status).toBe(404)
  expect(await ids(ada, 'limit=100')).not.toContain('w_test.call_mixed5')
  expect((await ask(ada, 'POST /v1.0/inbox/w_test.call_mixed5/restore')).status).toBe(200)
  expect(await ids(ada, 'limit=100')).toContain('w_test.call_mixed5')
})

test('an agent has those of their boxes; a key without the scope of the inbox has none, and does not learn that there are any', async () => {
  expect(await ids(bo, 'limit=100')).toEqual([])
  expect((await ask(bo, 'GET /v1.0/recordings/w_test.call_mixed3')).status).toBe(404)
  expect((await ask(bo, 'PUT /v1.0/recordings/w_test.call_mixed3', { legal_hold: true })).status).toBe(403)
  // A key without a scope of the address itself is refused before anybody looks.
  for (const { scopes, count, statuses } of [
    { scopes: ['recordings:read', 'recordings:write'], count: 5, statuses: [404, 404] },
    { scopes: ['recordings:read', 'voicemails:read'], count: 10, statuses: [200, 403] },
  ]) {
    const { key } = await (await ask(root, 'POST /api/keys', { name: 'Program', scopes })).json<{ key: string }>()
    const asks = (method: string, where: string) =>
      request(where, { method, headers: { Authorization: `Bearer ${key}` } })
    const { items } = await (await asks('GET', '/v1.0/recordings?limit=100')).json<{ items: Recording[] }>()
    expect(items).toHaveLength(count)
    const answers = [await asks('GET', MESSAGE), await asks('DELETE', MESSAGE)]
    expect(answers.map(({ status }) => status)).toEqual(statuses)
  }
})

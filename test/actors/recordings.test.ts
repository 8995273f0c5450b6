/** What the carrier records becomes one file of ours, which can be heard by whoever may, and goes when it must. */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import { readWav } from '../../src/sound/wav-reading.ts'
import type { Billing } from '../../src/wire/billing.ts'
import type { Recording } from '../../src/wire/recording.ts'
import { ask, callOf, type Person, person } from './security/people.ts'
import { BASE, bindings, carrier, migrated, request, signed, until } from './stage.ts'

let root = {} as Person
let boss = {} as Person
let ada = {} as Person
let bo = {} as Person
let away = {} as Person
let calls = 0
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Where the file of one that was recorded today is. */
const keyOf = (id: string) => `recordings-w_test/${new Date().toISOString().slice(0, 10)}/${id}.wav`
const own = () => stubFor(bindings, 'recording', 'w_test') as unknown as DurableObjectStub

beforeAll(async () => {
  await migrated()
  root = await person('Root', 'admin')
  boss = await person('Boss', 'supervisor')
  ada = await person('Ada', 'agent')
  bo = await person('Bo', 'agent')
  away = await person('Away', 'admin', 'w_far')
}, 60_000)
beforeEach(async () => {
  await carrier.reset()
})

/** A call of Ada's, as its carrier tells of the recording. */
async function recorded(seconds = 4, channels = 2) {
  calls += 1
  const callId = `w_test.call_recorded${calls}`
  const id = `RE${String(calls).padStart(32, 'c')}`
  const sid = `CA${String(calls).padStart(32, 'e')}`
  await callOf(callId, { agentName: 'Ada', agentId: ada.userId })
  const send = (RecordingStatus: string, more: Record<string, string> = {}) =>
    signed(`/twilio/w_test/calls/${callId}/recording`, {
      CallSid: sid,
      AccountSid: bindings.TWILIO_ACCOUNT_SID ?? '',
      RecordingSid: id,
      RecordingStatus,
      RecordingSource: 'StartCallRecordingAPI',
      ...more,
    })
  return {
    ...{ callId, id },
    begins: () => send('in-progress'),
    /** The file is at the carrier; its callback may still be lost. */
    there: () =>
      carrier.recordings({ [id]: { call: sid, seconds, loud: true, source: 'StartCallRecordingAPI', channels } }),
    told: () => send('completed', { RecordingDuration: String(seconds) }),
    absent: () => send('absent'),
  }
}

async function read(who: Person, id: string): Promise<Recording> {
  const answer = await ask(who, `GET /v1.0/recordings/${id}`)
  expect(answer.status, await answer.clone().text()).toBe(200)
  return answer.json<Recording>()
}
const available = (id: string) =>
  until(async () => {
    const found = await read(boss, id)
    expect(found.status).toBe('available')
    return found
  })
const fromUrl = (url: string | undefined, headers: Record<string, string> = {}) =>
  request((url ?? '').replace(BASE, ''), { headers })

test('a recording is processed, then available at a signed address, and the carrier keeps nothing [S1-30 S1-31 S1-34]', async () => {
  const one = await recorded()
  await one.begins()
  await until(async () => expect(await read(ada, one.id)).toMatchObject({ status: 'processing', call_id: one.callId }))
  expect((await read(ada, one.id)).url).toBeUndefined()
  await one.there()
  await one.told()
  const found = await available(one.id)
  expect(found).toMatchObject({ seconds: 4, media_type: 'audio/wav', channels: 2, bytes: 44 + 4 * 32_000 })
  const stored = await bindings.ARCHIVE?.get(keyOf(one.id))
  const sound = new Uint8Array((await stored?.arrayBuffer()) ?? new ArrayBuffer(0))
  expect(sound.length).toBe(found.bytes)
  await until(async () => expect(await carrier.recordings()).toEqual([]))
  // The whole and a part; another address each time.
  const again = await read(ada, one.id)
  expect(again.url).not.toBe(found.url)
  for (const url of [found.url, again.url]) {
    const whole = await fromUrl(url)
    expect([whole.status, whole.headers.get('Content-Type')]).toEqual([200, 'audio/wav'])
    expect(new Uint8Array(await whole.arrayBuffer())).toEqual(sound)
  }
  const part = await fromUrl(found.url, { Range: 'bytes=44-1043' })
  expect([part.status, part.headers.get('Content-Range')]).toEqual([206, `bytes 44-1043/${sound.length}`])
  expect(new Uint8Array(await part.arrayBuffer())).toEqual(sound.subarray(44, 1_044))
  const behind = await fromUrl(found.url, { Range: `bytes=${sound.length}-` })
  expect(behind.status).toBe(416)
  await behind.text()
  // At the root as well, as the seed names it.
  expect((await ask(ada, `GET /recordings/${one.id}`)).status).toBe(200)
})

test('the address is good for an hour, for this recording alone, and for nobody who has changed it [S1-32]', async () => {
  const one = await recorded(1)
  const other = await recorded(1)
  for (const each of [one, other]) {
    await each.there()
    await each.told()
  }
  const { url = '' } = await available(one.id)
  await available(other.id)
  const exp = Number(new URL(url).searchParams.get('exp'))
  expect(exp - Date.now() / 1_000).toBeGreaterThan(3_590)
  const wrong = [
    url.replace(one.id, other.id),
    url.replace(`exp=${exp}`, `exp=${exp + 60}`),
    url.replace('/w_test/', '/w_far/'),
    url.replace(/sig=.{10}/, `sig=${'0'.repeat(10)}`),
    url.replace(/.$/, last => (last === '0' ? '1' : '0')),
  ]
  for (const each of wrong) expect((await fromUrl(each)).status, each).toBe(403)
  for (const each of [url.replace(/&sig=.*/, ''), url.replace(/exp=\d+/, 'exp=soon'), `${url}&exp=1`])
    expect((await fromUrl(each)).status, each).toBe(400)
  vi.useFakeTimers({ toFake: ['Date'] })
  try {
    vi.setSystemTime(exp * 1_000 - 1)
    expect((await fromUrl(url)).status).toBe(200)
    vi.setSystemTime(exp * 1_000 + 1_000)
    expect((await fromUrl(url)).status).toBe(403)
  } finally {
    vi.useRealTimers()
  }
})

test('an agent has the recordings of their own calls, a supervisor has all, another workspace none', async () => {
  const one = await recorded()
  await one.there()
  await one.told()
  await available(one.id)
  const listed = async (who: Person, query = '') =>
    (await (await ask(who, `GET /v1.0/recordings${query}`)).json<{ items: Recording[] }>()).items.map(({ id }) => id)
  expect(await listed(ada)).toContain(one.id)
  expect(await listed(ada, `?call_id=${one.callId}`)).toEqual([one.id])
  expect(await listed(boss)).toContain(one.id)
  for (const who of [bo, away]) {
    expect(await listed(who)).not.toContain(one.id)
    for (const path of [one.id, `${one.id}/peaks`])
      expect((await ask(who, `GET /v1.0/recordings/${path}`)).status).toBe(404)
  }
  expect((await ask(away, `DELETE /v1.0/recordings/${one.id}`)).status).toBe(404)
  // By pages, each once.
  const seen: string[] = []
  let cursor = ''
  do {
    const answer = await ask(boss, `GET /v1.0/recordings?limit=1${cursor}`)
    const page = await answer.json<{ items: Recording[]; next: string | null }>()
    seen.push(...page.items.map(({ id }) => id))
    cursor = page.next === null ? '' : `&cursor=${encodeURIComponent(page.next)}`
  } while (cursor !== '')
  expect(seen).toEqual(await listed(boss))
  expect((await ask(boss, 'GET /v1.0/recordings?cursor=nonsense')).status).toBe(400)
})

test('its picture has both sides; the call page hears our copy after the carrier has none', async () => {
  const one = await recorded(2)
  await one.there()
  await one.told()
  await available(one.id)
  await until(async () => expect(await carrier.recordings()).toEqual([]))
  const { channels } = await (await ask(ada, `GET /v1.0/recordings/${one.id}/peaks`)).json<{ channels: number[][] }>()
  expect(channels.map(side => [side.length, Math.max(...side)])).toEqual([
    [600, 47],
    [600, 0],
  ])
  const sound = await request(`/api/calls/${one.callId}/recording.wav`, {
    headers: { Cookie: ada.cookie, Range: 'bytes=0-3' },
  })
  expect([sound.status, new TextDecoder().decode(await sound.arrayBuffer())]).toEqual([206, 'RIFF'])
})

test('it is held, and lifted, and deleted by whoever leads the team', async () => {
  const one = await recorded()
  await one.there()
  await one.told()
  const { url } = await available(one.id)
  const path = `/v1.0/recordings/${one.id}`
  expect((await ask(ada, `PUT ${path}`, { legal_hold: true })).status).toBe(403)
  expect((await ask(ada, `DELETE ${path}`)).status).toBe(403)
  const held = await (await ask(boss, `PUT ${path}`, { legal_hold: true })).json<Recording>()
  expect(held).toMatchObject({ legal_hold: true, held_by: 'Boss', tm_expire: null })
  expect((await ask(boss, `DELETE ${path}`)).status).toBe(409)
  expect((await ask(boss, `PUT ${path}`, { legal_hold: false })).status).toBe(200)
  expect((await ask(boss, `DELETE ${path}`)).status).toBe(200)
  for (const method of ['GET', 'DELETE']) expect((await ask(boss, `${method} ${path}`)).status).toBe(404)
  expect((await fromUrl(url)).status).toBe(404)
  await until(async () => expect(await bindings.ARCHIVE?.head(keyOf(one.id))).toBeNull())
  const answer = await ask(ada, `GET /v1.0/recordings?call_id=${one.callId}&expired=true`)
  expect((await answer.json<{ items: Recording[] }>()).items).toMatchObject([
    { status: 'expired', deleted_because: 'deleted' },
  ])
})

test('ninety-one days later it is 404 and its file is gone; the workspace may say another number [S1-36]', async () => {
  const one = await recorded()
  await one.there()
  await one.told()
  await available(one.id)
  const key = keyOf(one.id)
  const sweepAt = (ms: number) =>
    runInDurableObject(own(), async (actor, { storage }) => {
      vi.useFakeTimers({ toFake: ['Date'] })
      vi.setSystemTime(ms)
      try {
        storage.sql.exec('DELETE FROM sweeps')
        // The first run finds what is old, and each of the next ones deletes some.
        for (let runs = 0; runs < 6; runs += 1) await (actor as unknown as { alarm(): Promise<void> }).alarm()
      } finally {
        vi.useRealTimers()
        await storage.setAlarm(Date.now())
      }
    })
  const begun = Date.parse((await read(boss, one.id)).tm_create)
  await sweepAt(begun + 89 * DAY_MS)
  expect(await bindings.ARCHIVE?.head(key)).not.toBeNull()
  await sweepAt(begun + 91 * DAY_MS)
  expect([(await ask(boss, `GET /v1.0/recordings/${one.id}`)).status, await bindings.ARCHIVE?.head(key)]).toEqual([
    404,
    null,
  ])
  expect(await (await ask(root, 'PUT /api/workspace/recordings', { days: 30 })).json()).toMatchObject({ days: 30 })
  const next = await recorded()
  await next.there()
  await next.told()
  const { tm_create, tm_expire } = await available(next.id)
  expect(Date.parse(tm_expire ?? '') - Date.parse(tm_create)).toBe(30 * DAY_MS)
  await ask(root, 'PUT /api/workspace/recordings', { days: 90 })
})

test('no report comes at all: the carrier is asked about a call that was recorded', async () => {
  const account = { mode: 'shown', credit_limit: 0, limit_per_day: null, limit_per_call: null }
  const out_of_money = { end: true, words: 'Your credit is used up.', language: 'en-US' }
  expect((await ask(root, 'PUT /v1.0/billing_accounts/ba_w_test', { ...account, out_of_money })).status).toBe(200)
  const one = await recorded()
  // The call is asked to be recorded by its program.
  await stubFor(bindings, 'recording', 'w_test').expect({ callId: one.callId, agentId: ada.userId, atMs: Date.now() })
  const { call } = await stubFor(bindings, 'call', one.callId).read()
  expect(call.phase).toBe('live')
  const sid = await until(async () => {
    const known = (await stubFor(bindings, 'call', one.callId).read()).call
    if (known.phase !== 'live' || known.providerId === null) throw new Error('not placed yet')
    return known.providerId
  })
  await carrier.recordings({ [one.id]: { call: sid, seconds: 4, loud: true, source: 'OutboundAPI', channels: 2 } })
  const status = (CallStatus: string, SequenceNumber: string) =>
    signed(`/twilio/w_test/calls/${one.callId}/status`, {
      ...{ CallSid: sid, AccountSid: bindings.TWILIO_ACCOUNT_SID ?? '', CallStatus, SequenceNumber },
    })
  await status('in-progress', '3')
  await status('completed', '9')
  await until(async () => expect((await stubFor(bindings, 'call', one.callId).read()).call.phase).toBe('over'))
  await evictDurableObject(own() as never)
  await runInDurableObject(own(), async (_, { storage }) => {
    storage.sql.exec('UPDATE expected SET due_at = 0')
    await storage.setAlarm(Date.now())
  })
  expect(await available(one.id)).toMatchObject({ call_id: one.callId, seconds: 4 })
  // The call knows it as if it had been reported, so that it is an event and a line of the bill.
  await until(async () =>
    expect((await stubFor(bindings, 'call', one.callId).read()).recording).toEqual({ [one.id]: 'completed' }),
  )
  await until(async () => {
    const { items } = await (await ask(root, `GET /v1.0/billings?reference_id=${one.callId}`)).json<{
      items: Billing[]
    }>()
    expect(items.filter(({ cost_type }) => cost_type === 'recording')).toHaveLength(1)
  })
})

test('the policy of recordings: what is not named stays, what does not go together names its field, and no speech service is said', async () => {
  const put = (body: object) => ask(root, 'PUT /api/workspace/recordings', body)
  const usual = { days: 90, format: 'wav', channels: 2, transcripts: 'none' }
  expect(await (await put({ format: 'mp3' })).json()).toEqual({ ...usual, format: 'mp3' })
  const both = await put({ transcripts: 'all' })
  expect([both.status, (await both.json<{ fields: { field: string }[] }>()).fields[0]?.field]).toEqual([
    422,
    'transcripts',
  ])
  expect((await put({ format: 'wav', transcripts: 'all' })).status).toBe(409)
  expect((await put({ format: 'ogg' })).status).toBe(400)
  expect(await (await put({ format: 'wav', channels: 1 })).json()).toEqual({ ...usual, channels: 1 })
  expect((await ask(boss, 'PUT /api/workspace/recordings', { days: 30 })).status).toBe(403)
  expect(await (await put(usual)).json()).toEqual(usual)
})

test('without a speech service a wish for a transcript is refused in words; of a recording of others it is 404', async () => {
  const one = await recorded()
  await one.there()
  await one.told()
  await available(one.id)
  const path = `/v1.0/recordings/${one.id}`
  expect(await (await ask(ada, `GET ${path}/transcript`)).json()).toEqual({
    status: 'none',
    language: '',
    cut: false,
    lines: [],
  })
  const refused = await ask(ada, `POST ${path}/transcribe`, {})
  expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining('No speech service')])
  expect((await ask(ada, `POST ${path}/transcribe`, { language: 'klingon' })).status).toBe(400)
  for (const word of ['GET', 'POST'] as const)
    expect(
      (
        await ask(
          bo,
          word === 'GET' ? `GET ${path}/transcript` : `POST ${path}/transcribe`,
          word === 'GET' ? undefined : {},
        )
      ).status,
    ).toBe(404)
})

test('both sides are mixed to one at a second address, whole or in part, and neither address opens the other', async () => {
  const one = await recorded()
  await one.there()
  await one.told()
  const { url = '', url_mono = '' } = await available(one.id)
  const whole = await fromUrl(url_mono)
  expect([whole.status, whole.headers.get('Content-Length')]).toEqual([200, String(44 + 4 * 16_000)])
  const sound = new Uint8Array(await whole.arrayBuffer())
  expect(sound.length).toBe(44 + 4 * 16_000)
  const mixed = readWav(sound)
  expect(mixed?.samples).toEqual(readWav(new Uint8Array(await (await fromUrl(url)).arrayBuffer()))?.samples)
  const part = await fromUrl(url_mono, { Range: 'bytes=101-2000' })
  expect([part.status, part.headers.get('Content-Range')]).toEqual([206, `bytes 101-2000/${sound.length}`])
  expect(new Uint8Array(await part.arrayBuffer())).toEqual(sound.subarray(101, 2_001))
  expect((await fromUrl(url_mono, { Range: 'bytes=999999-' })).status).toBe(416)
  expect((await fromUrl(url_mono.replace('&mix=mono', ''))).status).toBe(403)
  expect((await fromUrl(`${url}&mix=mono`)).status).toBe(403)
  expect((await fromUrl(`${url}&mix=stereo`)).status).toBe(400)
  const single = await recorded(2, 1)
  await single.there()
  await single.told()
  expect((await available(single.id)).url_mono).toBeUndefined()
})

test('nothing was heard: it is absent, and no file comes of it', async () => {
  const one = await recorded()
  await one.begins()
  await one.absent()
  await until(async () => expect((await read(ada, one.id)).status).toBe('absent'))
  expect((await read(ada, one.id)).url).toBeUndefined()
  expect(await bindings.ARCHIVE?.head(keyOf(one.id))).toBeNull()
})

test('the agent of a call pauses its recording for a card number, and the carrier is told silence', async () => {
  const one = await recorded()
  const path = `/v1.0/calls/${one.callId}`
  const state = async () => (await (await ask(ada, `GET ${path}/recording_state`)).json<{ state: string }>()).state
  const sid = await until(async () => {
    const { call } = await stubFor(bindings, 'call', one.callId).read()
    if (call.phase !== 'live' || call.providerId === null) throw new Error('not placed yet')
    return call.providerId
  })
  const asked = async () =>
    (await carrier.requests()).flatMap(({ path: at, form }) =>
      at.includes(`/Calls/${sid}/Recordings/Twilio.CURRENT`) ? [form] : [],
    )
  await signed(`/twilio/w_test/calls/${one.callId}/status`, {
    CallSid: sid,
    AccountSid: bindings.TWILIO_ACCOUNT_SID ?? '',
    CallStatus: 'in-progress',
    SequenceNumber: '3',
  })
  expect([await state(), (await ask(ada, `POST ${path}/recording_pause`)).status]).toEqual(['none', 409])
  await one.begins()
  expect(await state()).toBe('recording')
  expect((await ask(bo, `POST ${path}/recording_pause`)).status).toBe(404)
  expect((await ask(ada, `POST ${path}/recording_pause`)).status).toBe(202)
  await until(async () => expect(await state()).toBe('paused'))
  expect(await asked()).toEqual([{ Status: 'paused', PauseBehavior: 'silence' }])
  expect((await ask(ada, `POST ${path}/recording_pause`)).status).toBe(409)
  expect((await ask(ada, `POST ${path}/recording_resume`)).status).toBe(202)
  expect(await state()).toBe('recording')
  await until(async () => expect((await asked()).at(-1)).toEqual({ Status: 'in-progress' }))
})

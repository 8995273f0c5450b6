/**
 * A recording's whole life, with the carrier and the place for files in memory and the time as a number: whatever fails, and wherever the object dies, there is
 * one file in the end, and never a moment without one.
 */
import { expect, test } from 'vitest'
import type { SoundForm } from '../../src/providers/telephony/port.ts'
import { answerOf, DAY_MS, disk, HEARD, HOUR_MS, heard, isWhole, keyOf, SOUND, START } from './recording-world.ts'

test('the carrier keeps it until the copy was read back, and is asked once [S1-35]', () =>
  disk(async (live, world, id) => {
    world.atCarrier.set('RE1', SOUND)
    const { rows, work } = live()
    rows.swept(START + DAY_MS)
    rows.file(heard('completed'))
    await work()
    expect(world.deeds).toEqual(['sound', 'put RE1.wav', 'get RE1.wav', 'erase'])
    expect(rows.read('RE1', 90)).toMatchObject({ status: 'available', bytes: SOUND.length, channels: 1, seconds: 1 })
    await work()
    expect(world.deeds).toHaveLength(4)
    await isWhole(world, id)
  }))

/** The object dies at step `at` of its work, and another one goes on. False: it had not so many steps. */
async function killedAt(at: number, done: boolean, deleted: boolean): Promise<boolean> {
  let died = false
  await disk(async (live, world, id) => {
    world.atCarrier.set('RE1', SOUND)
    const first = live()
    first.rows.swept(START + DAY_MS)
    first.rows.file(heard('completed'))
    if (deleted) {
      await first.until(START + HOUR_MS)
      first.rows.expire('RE1', 'deleted', 'Root', world.now)
    }
    world.deeds.length = 0
    world.begin({ at, done })
    died = await Promise.race([first.until(world.now + HOUR_MS).then(() => false), world.died.then(() => true)])
    world.begin(null)
    const somewhere = world.atCarrier.size + (await world.files()).length
    // It is somewhere at every moment, unless it is to be nowhere.
    expect(deleted || somewhere > 0).toBe(true)
    const second = live()
    await second.until(world.now + HOUR_MS)
    expect([await world.files(), [...world.atCarrier.keys()]]).toEqual([deleted ? [] : [keyOf(id)], []])
  })
  return died
}

test.each([
  { done: false, deleted: false, least: 4 },
  { done: true, deleted: false, least: 4 },
  { done: false, deleted: true, least: 1 },
  { done: true, deleted: true, least: 1 },
])(
  'the object dies at any point (its deed is done: $done; of the end: $deleted): one file, or none, and never neither',
  async ({ done, deleted, least }) => {
    let at = 1
    while (await killedAt(at, done, deleted)) at += 1
    expect(at - 1).toBeGreaterThanOrEqual(least)
  },
  60_000,
)

test('the file is refused five times: nothing is deleted at the carrier, and then there is one file [S1-35]', () =>
  disk(async (live, world, id) => {
    world.atCarrier.set('RE1', SOUND)
    let puts = 0
    world.fault = operation => {
      if (operation === 'put') puts += 1
      return operation === 'put' && puts <= 5 ? 'down' : null
    }
    const { rows, until } = live()
    rows.swept(START + DAY_MS)
    rows.file(heard('completed'))
    while (puts < 5) {
      await until(world.now + 1_000)
      expect(world.deeds).not.toContain('erase')
    }
    expect([...world.atCarrier.keys()]).toEqual(['RE1'])
    await until(START + HOUR_MS)
    expect(puts).toBe(6)
    await isWhole(world, id)
  }))

test.each(['down', 'lost', 'refused'] as const)('files are %s for an hour: it is tried until they are there', how =>
  disk(async (live, world, id) => {
    world.atCarrier.set('RE1', SOUND)
    world.fault = () => (world.now < START + HOUR_MS ? how : null)
    const { rows, until } = live()
    rows.swept(START + DAY_MS)
    rows.file(heard('completed'))
    await until(START + HOUR_MS - 1)
    expect([rows.read('RE1', 90)?.status, [...world.atCarrier.keys()]]).toEqual(['uploading', ['RE1']])
    await until(START + 2 * HOUR_MS)
    expect(rows.read('RE1', 90)?.status).toBe('available')
    await isWhole(world, id)
  }),
)

test('a copy that is read back unlike what was sent does not count', () =>
  disk(async (live, world, id) => {
    world.atCarrier.set('RE1', SOUND)
    world.fault = operation => (operation === 'get' && world.now < START + 10_000 ? 'changed' : null)
    const { rows, work, until } = live()
    rows.swept(START + DAY_MS)
    rows.file(heard('completed'))
    await work()
    expect([rows.read('RE1', 90)?.status, world.deeds.includes('erase')]).toEqual(['uploading', false])
    await until(START + HOUR_MS)
    await isWhole(world, id)
  }))

test.each([
  ['says no length', {}],
  ['says another length', { 'Content-Length': '99' }],
  ['has packed it for the way', { 'Content-Encoding': 'none' }],
] as const)('the carrier %s: the whole file is stored, or none', (words, headers) =>
  disk(async (live, world, id) => {
    world.atCarrier.set('RE1', SOUND)
    let asked = 0
    world.sound = () => {
      asked += 1
      // Another length is said once only: a carrier that always lies is asked again and again.
      if (words === 'says another length') return asked === 1 ? answerOf(SOUND, headers) : answerOf(SOUND)
      return new Response(SOUND, { headers: { 'Content-Type': 'audio/wav', ...headers } })
    }
    const { rows, work, until } = live()
    rows.swept(START + DAY_MS)
    rows.file(heard('completed'))
    await work()
    expect(await world.files()).toEqual(words === 'says another length' ? [] : [keyOf(id)])
    await until(START + HOUR_MS)
    expect(asked).toBe(2)
    await isWhole(world, id)
  }),
)

test('the carrier stops in the middle of a file: it is left, and asked again later', () =>
  disk(async (live, world, id) => {
    world.atCarrier.set('RE1', SOUND)
    let asked = 0
    world.sound = () => {
      asked += 1
      if (asked > 1) return answerOf(SOUND)
      const stalls = new ReadableStream({ start: it => it.enqueue(SOUND.subarray(0, 1_000)) })
      return new Response(stalls, { headers: { 'Content-Length': String(SOUND.length) } })
    }
    const { rows, work, until } = live()
    rows.swept(START + DAY_MS)
    rows.file(heard('completed'))
    await work()
    expect([rows.read('RE1', 90)?.status, await world.files()]).toEqual(['uploading', []])
    await until(START + HOUR_MS)
    await isWhole(world, id)
  }))

test('its reports come twice, in the wrong order, or not at all: one row', () =>
  disk(async (live, world, id) => {
    world.atCarrier.set('RE1', SOUND)
    const { rows, until } = live()
    rows.swept(START + DAY_MS)
    for (const word of ['completed', 'in-progress', 'completed', 'absent']) rows.file(heard(word))
    await until(START + HOUR_MS)
    rows.file(heard('completed'))
    await until(START + 2 * HOUR_MS)
    expect(world.deeds.filter(deed => deed === 'sound')).toHaveLength(1)
    await isWhole(world, id)
    // Nothing is told of a second one; the carrier is asked about the call, and again while it works on it.
    world.atCarrier.set('RE2', SOUND)
    world.listed = [
      { recordingId: 'RE1', status: 'completed', seconds: 1, message: false },
      { recordingId: 'RE2', status: 'processing', seconds: null, message: false },
      { recordingId: 'RE3', status: 'completed', seconds: 4, message: true },
    ]
    world.call.over = false
    rows.expect({ ...HEARD, atMs: START })
    await until(START + 3 * HOUR_MS)
    expect([world.deeds.includes('list'), rows.read('RE2', 90)]).toEqual([false, null])
    world.call.over = true
    await until(START + 4 * HOUR_MS)
    expect(rows.read('RE2', 90)?.status).toBe('processing')
    world.listed[1] = { recordingId: 'RE2', status: 'completed', seconds: 1, message: false }
    await until(START + 5 * HOUR_MS)
    expect(rows.read('RE2', 90)?.status).toBe('available')
    expect([await world.files(), rows.read('RE3', 90)]).toEqual([[keyOf(id), keyOf(id, 'RE2')], null])
    const asked = world.deeds.filter(deed => deed === 'list').length
    await until(START + 20 * HOUR_MS)
    expect(world.deeds.filter(deed => deed === 'list').length).toBe(asked)
  }))

test('at day 91 there is no file and no row to read, and a held one is kept [S1-36]', () =>
  disk(async (live, world, id) => {
    const { rows, until } = live()
    for (const recordingId of ['RE1', 'RE2']) {
      world.atCarrier.set(recordingId, SOUND)
      rows.file(heard('completed', { recordingId }))
    }
    rows.hold('RE2', true, 'Root')
    await until(START + 89 * DAY_MS)
    expect(await world.files()).toEqual([keyOf(id), keyOf(id, 'RE2')])
    await until(START + 91 * DAY_MS)
    expect(await world.files()).toEqual([keyOf(id, 'RE2')])
    expect(rows.read('RE1', 90)).toMatchObject({ status: 'expired', goneBecause: 'days' })
    expect(rows.read('RE2', 90)?.status).toBe('available')
    rows.hold('RE2', false, 'Root')
    await until(START + 92 * DAY_MS)
    expect(await world.files()).toEqual([])
    // A year later nobody knows of them.
    await until(START + 500 * DAY_MS)
    expect(rows.list({ callId: null, type: null, agentId: null, expired: true, after: null, limit: 9 }, 90)).toEqual([])
  }))

test('it is deleted while its copy is on the way: nothing of it stays, here or at the carrier', () =>
  disk(async (live, world) => {
    world.atCarrier.set('RE1', SOUND)
    const { rows, until } = live()
    rows.swept(START + DAY_MS)
    world.fault = operation => {
      if (operation === 'get') rows.expire('RE1', 'deleted', 'Root', world.now)
      return null
    }
    rows.file(heard('completed'))
    await until(START + HOUR_MS)
    expect(rows.read('RE1', 90)).toMatchObject({ status: 'expired', goneBecause: 'deleted' })
    expect([await world.files(), [...world.atCarrier.keys()]]).toEqual([[], []])
  }))

test('a file that nobody owns goes with the sweep; a message of a caller and a file of somebody stay', () =>
  disk(async (live, world, id) => {
    world.atCarrier.set('RE1', SOUND)
    const { rows, until } = live()
    rows.file(heard('completed'))
    const file = { body: SOUND, bytes: SOUND.length, sha256: null, type: 'audio/wav' }
    const message = keyOf(id, `${id}.call_1`)
    for (const key of [keyOf(id, 'REnobodys'), message]) await world.storage.put({ ...file, key })
    await until(START + 60_000)
    expect(await world.files()).toEqual([keyOf(id), message])
  }))

test('the carrier never gives the file: it has failed after a day, and comes to life when it does', () =>
  disk(async (live, world, id) => {
    const { rows, until } = live()
    rows.file(heard('completed'))
    await until(START + 12 * HOUR_MS)
    expect(rows.read('RE1', 90)?.status).toBe('uploading')
    await until(START + 2 * DAY_MS)
    expect(rows.read('RE1', 90)?.status).toBe('failed')
    world.atCarrier.set('RE1', SOUND)
    rows.file(heard('completed'))
    await until(START + 3 * DAY_MS)
    await isWhole(world, id)
  }))

const MP3 = Uint8Array.from({ length: 900 }, (_, at) => (at === 0 ? 0xff : at % 251))

test.each([
  { picture: 'can be read', channels: 2 as const },
  { picture: 'cannot be read', channels: 1 as const },
])(
  'the workspace stores MP3: the file is the carrier’s, and the picture is that of the same sound as WAV, which $picture [S1-33]',
  ({ picture, channels }) =>
    disk(async (live, world, id) => {
      world.policy = { ...world.policy, format: 'mp3', channels }
      world.atCarrier.set('RE1', SOUND)
      const asked: (SoundForm | undefined)[] = []
      world.sound = form => {
        asked.push(form)
        if (form?.format === 'mp3') return answerOf(MP3, { 'Content-Type': 'audio/mpeg' })
        return picture === 'can be read' ? answerOf(SOUND) : new Response(null, { status: 500 })
      }
      const { rows, until } = live()
      rows.swept(START + DAY_MS)
      rows.file(heard('completed'))
      await until(START + HOUR_MS)
      expect(rows.read('RE1', 90)).toMatchObject({ status: 'available', type: 'audio/mpeg', bytes: MP3.length })
      expect([await world.files(), [...world.atCarrier.keys()]]).toEqual([[keyOf(id).replace('.wav', '.mp3')], []])
      expect(rows.peaks('RE1') === null).toBe(picture !== 'can be read')
      expect(asked.map(form => [form?.format, form?.channels])).toEqual([
        ['mp3', channels],
        ['wav', channels],
      ])
      rows.expire('RE1', 'deleted', 'Root', world.now)
      await until(START + 2 * HOUR_MS)
      expect(await world.files()).toEqual([])
    }),
)

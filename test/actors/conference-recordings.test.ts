/** The life of a conference's recording, with the carrier in memory: reports are lost, come twice or late, the object dies, and there is one file. */
import { expect, test } from 'vitest'
import { outsideOf } from '../../src/actors/recording/outside.ts'
import { stubFor } from '../../src/actors/stubs.ts'
import { DAY_MS, disk, HOUR_MS, isWhole, keyOf, SOUND, START } from './recording-world.ts'
import { ask, person } from './security/people.ts'
import { bindings, migrated } from './stage.ts'

const CONFERENCE = 'w_a.cf_1'
const OF = { callId: CONFERENCE, agentId: null, atMs: START }
const heard = (word: string, recordingId = 'RE1') => ({ ...OF, recordingId, word, seconds: 1 })
const expected = (conferenceId: string) => ({ ...OF, conferenceId })
const listed = (recordingId: string, status: string) => ({ recordingId, status, seconds: 1, message: false })

test('its reports come twice and in the wrong order: one row of the conference, one file', () =>
  disk(async (live, world, id) => {
    world.atCarrier.set('RE1', SOUND)
    const { rows, until } = live()
    rows.swept(START + DAY_MS)
    for (const word of ['completed', 'in-progress', 'completed', 'absent']) rows.file(heard(word))
    await until(START + HOUR_MS)
    expect(world.deeds.filter(deed => deed === 'sound')).toHaveLength(1)
    expect(rows.list({ ...ALL, type: 'conference' }, 90)).toMatchObject([{ callId: CONFERENCE, status: 'available' }])
    expect(rows.list({ ...ALL, type: 'call' }, 90)).toEqual([])
    await isWhole(world, id)
  }))
const ALL = { callId: null, agentId: null, expired: true, after: null, limit: 9 }

test('all its reports are lost: the carrier is asked about that conference when it is over, until it works on none', () =>
  disk(async (live, world, id) => {
    world.atCarrier.set('RE1', SOUND)
    world.listed = [listed('RE1', 'processing')]
    world.conferenceOver = false
    const { rows, until } = live()
    rows.swept(START + DAY_MS)
    rows.expect(expected('CF1'))
    await until(START + HOUR_MS)
    expect([world.deeds, rows.read('RE1', 90)]).toEqual([[], null])
    world.conferenceOver = true
    await until(START + 2 * HOUR_MS)
    expect(rows.read('RE1', 90)?.status).toBe('processing')
    world.listed = [listed('RE1', 'completed')]
    await until(START + 4 * HOUR_MS)
    await isWhole(world, id)
    expect(world.deeds).toContain('list CF1')
    const asked = world.deeds.length
    await until(START + 20 * HOUR_MS)
    expect(world.deeds).toHaveLength(asked)
    // The room bills it: it hears of the end, once, and of nothing that is not the end.
    const told = { of: CONFERENCE, conferenceId: 'CF1', recordingId: 'RE1', carrierId: 'RE1', status: 'completed' }
    expect([...world.reported]).toEqual([['found:RE1:completed', { ...told, seconds: 1 }]])
  }))

test('all its reports are lost: the flow of its end begins all the same', () =>
  disk(async (live, world) => {
    world.atCarrier.set('RE1', SOUND)
    world.listed = [listed('RE1', 'completed')]
    world.onEndFlowId = 'flow_1'
    const { rows, until } = live()
    rows.swept(START + DAY_MS)
    rows.expect(expected('CF1'))
    await until(START + HOUR_MS)
    expect(rows.endFlows.shown('RE1')).toMatchObject({ flowId: 'flow_1' })
  }))

test('what was reported is not told a second time when the carrier lists it', () =>
  disk(async (live, world) => {
    world.atCarrier.set('RE1', SOUND)
    world.listed = [listed('RE1', 'completed')]
    const { rows, until } = live()
    rows.swept(START + DAY_MS)
    rows.expect(expected('CF1'))
    rows.file(heard('completed'))
    await until(START + HOUR_MS)
    expect(world.deeds).toContain('list CF1')
    expect([...world.reported]).toEqual([])
  }))

test('the room takes what the carrier lists as a report, once, and names its flow', async () => {
  await migrated()
  const admin = await person('Root', 'admin')
  const post = (path: string, body: object) => ask(admin, `POST /v1.0/${path}`, body)
  const steps = [{ id: 'w', type: 'webhook_send', option: { uri: 'https://example.org/done', method: 'POST' } }]
  const flow = await (await post('flows', { name: 'Afterwards', actions: steps })).json<{ id: string }>()
  const made = await post('conferences', { name: 'Board', record: true, on_end_flow_id: flow.id })
  const { id } = await made.json<{ id: string }>()
  const news = { recordingId: 'RE1', carrierId: 'RE1', conferenceId: 'CF1', status: 'completed', seconds: 9 }
  const { report } = outsideOf(bindings, 'w_test')
  for (const _ of ['first', 'again']) expect(await report(id, news, 'found:RE1:completed')).toBe(flow.id)
  const { recordings } = await stubFor(bindings, 'room', id as never).read()
  expect(recordings).toEqual({ RE1: 'completed' })
  expect(await report('w_else.cf_1', news, 'x')).toBe('')
})

test('two conferences of one room are asked about each for itself, and a recording that runs in the second keeps nobody asking about the first', () =>
  disk(async (live, world, id) => {
    for (const one of ['RE1', 'RE2']) world.atCarrier.set(one, SOUND)
    const { rows, until } = live()
    rows.swept(START + DAY_MS)
    rows.expect(expected('CF1'))
    rows.file(heard('in-progress', 'RE2'))
    world.listed = [listed('RE1', 'completed')]
    await until(START + HOUR_MS)
    expect(world.deeds.filter(deed => deed === 'list CF1')).toHaveLength(1)
    rows.expect(expected('CF2'))
    world.listed = [listed('RE2', 'completed')]
    await until(START + 2 * HOUR_MS)
    expect(world.deeds.filter(deed => deed.startsWith('list'))).toEqual(['list CF1', 'list CF2'])
    expect(await world.files()).toEqual([keyOf(id), keyOf(id, 'RE2')])
    expect([...world.atCarrier.keys()]).toEqual([])
  }))

/** The object dies at step `at`, and another one goes on. False: it had not so many steps. */
async function killedAt(at: number, done: boolean): Promise<boolean> {
  let died = false
  await disk(async (live, world, id) => {
    world.atCarrier.set('RE1', SOUND)
    world.listed = [listed('RE1', 'completed')]
    const first = live()
    first.rows.swept(START + DAY_MS)
    first.rows.expect(expected('CF1'))
    world.begin({ at, done })
    died = await Promise.race([first.until(world.now + HOUR_MS).then(() => false), world.died.then(() => true)])
    world.begin(null)
    expect(world.atCarrier.size + (await world.files()).length).toBeGreaterThan(0)
    await live().until(world.now + HOUR_MS)
    await isWhole(world, id)
  })
  return died
}

test.each([false, true])(
  'no report comes and the object dies at any point (its deed is done: %s): one file',
  async done => {
    let at = 1
    while (await killedAt(at, done)) at += 1
    expect(at - 1).toBeGreaterThanOrEqual(4)
  },
)

test('the carrier is asked for one channel, because everybody is on it', () =>
  disk(async (live, world) => {
    world.atCarrier.set('RE1', SOUND)
    const forms: unknown[] = []
    const whole = world.sound
    world.sound = form => {
      forms.push(form?.channels)
      return whole(form)
    }
    const { rows, work } = live()
    rows.swept(START + DAY_MS)
    rows.file(heard('completed'))
    await work()
    expect(forms).toEqual([1])
  }))

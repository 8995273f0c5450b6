/** The cron's sweep: what is open and silent is woken, what is over leaves the list, and one failure stops nobody else. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { beforeEach, expect, test, vi } from 'vitest'
import type { Env } from '../../src/actors/env.ts'
import { SILENT_MS } from '../../src/actors/log/open.ts'
import { logOf, stubFor } from '../../src/actors/stubs.ts'
import { monthOf } from '../../src/core/month.ts'
import { sweepOpenWorkspaces, WOKEN_PER_LOG } from '../../src/worker/sweep.ts'
import { bindings, carrier, until } from './stage.ts'

const LATER_MS = SILENT_MS + 60_000
const LINKS = { kind: 'single', batchId: null, campaignId: null, contactId: null, deskId: null, agentName: null }

beforeEach(async () => {
  await carrier.reset()
  await bindings.DB.prepare('DELETE FROM open_workspaces').run()
})

async function entries(): Promise<{ workspaceId: string; month: string; token: string }[]> {
  const { results } = await bindings.DB.prepare('SELECT * FROM open_workspaces ORDER BY workspaceId').all()
  return results as { workspaceId: string; month: string; token: string }[]
}
const listed = async () => (await entries()).map(entry => entry.workspaceId)

/** The facts of a call that no object stands behind. */
async function tell(
  workspaceId: string,
  callId: string,
  seq: number,
  fact: { type: string; [field: string]: unknown },
) {
  const page = [{ seq, about: { call: callId }, fact: { at: Date.now(), ...fact } }]
  await logOf(bindings, workspaceId).hear(callId, JSON.stringify(page))
}
const begins = (workspaceId: string, callId: string) =>
  tell(workspaceId, callId, 1, { type: 'call-created', links: LINKS, options: {}, talk: null, personal: {} })
const ends = (workspaceId: string, callId: string) =>
  tell(workspaceId, callId, 2, { type: 'call-hungup', reason: 'normal', providerStatus: null, talkedMs: 0, code: null })

/** The sweep, with objects that are counted by name; those in `broken` throw. */
async function sweep(now: number, broken: string[] = []): Promise<string[]> {
  const asked: string[] = []
  const spied = (space: unknown) => ({
    getByName(id: string) {
      if (broken.some(name => id.startsWith(name))) throw new Error('broken')
      asked.push(id)
      return (space as DurableObjectNamespace).getByName(id)
    },
  })
  const { CALL, BATCH, LOG } = bindings
  const env = { ...bindings, CALL: spied(CALL), BATCH: spied(BATCH), LOG: spied(LOG) } as unknown as Env
  await sweepOpenWorkspaces(env, now)
  return asked
}

test('a call whose alarm was lost under it is found and ends', async () => {
  const callId = 'w_test.call_lost'
  const providerId = `CA${'1'.repeat(32)}`
  const call = stubFor(bindings, 'call', callId)
  const caller = { name: null, deskId: null, agentName: null, message: null, trialContactId: null }
  await call.ring(
    { providerId, kind: 'inbound', from: '+15005550001', to: '+14155550001', ...caller },
    { to: 'nobody' },
  )
  await until(async () => expect(await listed()).toEqual(['w_test']))
  // The call is over at the carrier, whose callback is lost as well; its watchdog's time has come, and nothing wakes it.
  await carrier.over(providerId)
  const object = call as unknown as DurableObjectStub
  await runInDurableObject(object, async (_, ctx) => {
    ctx.storage.sql.exec("UPDATE state SET body = json_set(body, '$.call.watchAt', ?)", Date.now() - 1_000)
    await ctx.storage.deleteAlarm()
  })
  await evictDurableObject(object)
  // A moment after its last fact it is not silent yet.
  expect(await sweep(Date.now())).not.toContain(callId)
  expect(await sweep(Date.now() + LATER_MS)).toContain(callId)
  await until(async () => {
    const { items } = await logOf(bindings, 'w_test').list({ cursor: null, limit: 5 })
    expect(items[0]).toMatchObject({ callId, status: 'hangup' })
  })
  expect(await listed()).toEqual(['w_test'])
  // The next run has nothing to wake, and the workspace is not looked at any more.
  expect((await sweep(Date.now() + 2 * LATER_MS)).filter(id => id === callId)).toEqual([])
  expect(await listed()).toEqual([])
  expect(await sweep(Date.now() + 3 * LATER_MS)).toEqual([])
})

test('a round and a call that ended without their log knowing it are closed there by the look', async () => {
  const batchId = 'w_test.c_ghost.b1'
  const page = [{ seq: 1, about: { batch: batchId }, fact: { type: 'batch-opened', at: 1, policy: {} } }]
  await logOf(bindings, 'w_test').hear(batchId, JSON.stringify(page))
  await until(async () => expect(await listed()).toEqual(['w_test']))
  // Its object holds a round that was closed, and the page that told it is lost.
  const object = stubFor(bindings, 'batch', batchId) as unknown as DurableObjectStub
  await runInDurableObject(object, (_, ctx) => {
    const body = JSON.stringify({ phase: 'closed', legs: [] })
    ctx.storage.sql.exec('INSERT INTO state (id, version, seq, body) VALUES (1, 2, 1, ?)', body)
  })
  await evictDurableObject(object)
  expect(await sweep(Date.now() + LATER_MS)).toContain(batchId)
  expect(await listed()).toEqual([])
})

test('one entry in D1 for a workspace, however many calls begin', async () => {
  for (let n = 0; n < 20; n += 1) await begins('w_many', `w_many.call_${n}`)
  await until(async () => expect(await listed()).toEqual(['w_many']))
  const [first] = await entries()
  for (let n = 0; n < 20; n += 1) await ends('w_many', `w_many.call_${n}`)
  await begins('w_many', 'w_many.call_20')
  // All have ended and one has begun: the entry is still the first one.
  expect(await entries()).toEqual([first])
})

test('a workspace that fails does not stop the others, and keeps its entry', async () => {
  await begins('w_bad', 'w_bad.call_1')
  await begins('w_good', 'w_good.call_1')
  await until(async () => expect(await listed()).toEqual(['w_bad', 'w_good']))
  await ends('w_bad', 'w_bad.call_1')
  await ends('w_good', 'w_good.call_1')
  const said = vi.spyOn(console, 'error').mockImplementation(() => {})
  await sweep(Date.now() + LATER_MS, ['w_bad'])
  expect(said.mock.calls.flat().join()).toContain('a workspace was not swept')
  said.mockRestore()
  expect(await listed()).toEqual(['w_bad'])
  await sweep(Date.now() + 2 * LATER_MS)
  expect(await listed()).toEqual([])
})

test('a call that begins while its workspace is being removed keeps it in the list', async () => {
  const id = 'w_race'
  await begins(id, `${id}.call_1`)
  await until(async () => expect(await listed()).toEqual([id]))
  await ends(id, `${id}.call_1`)
  const [old] = await entries()
  // The log says that nothing is open. Before the sweep deletes the entry, a call begins and writes its own.
  const log = logOf(bindings, id)
  const late = {
    silent: (now: number, limit: number) => log.silent(now, limit),
    async settle(over: string[], woken: string[], token: string, now: number) {
      const free = await log.settle(over, woken, token, now)
      expect([free, token]).toEqual([true, old?.token])
      await begins(id, `${id}.call_2`)
      await until(async () => expect((await entries())[0]?.token).not.toBe(old?.token))
      return free
    },
  }
  await sweepOpenWorkspaces({ ...bindings, LOG: { getByName: () => late } } as unknown as Env, Date.now())
  expect(await listed()).toEqual([id])
  expect((await entries())[0]?.month).toBe(monthOf(Date.now()))
})

test('an open call that lives is woken once in a while, not in every run', async () => {
  const id = 'w_lives'
  await begins(id, `${id}.call_1`)
  await until(async () => expect(await listed()).toEqual([id]))
  const now = Date.now()
  expect(await sweep(now + LATER_MS)).toContain(`${id}.call_1`)
  expect(await sweep(now + LATER_MS + 60_000)).not.toContain(`${id}.call_1`)
  expect(await listed()).toEqual([id])
})

test('when D1 does not answer, it is asked once, and the alarm of the log makes the entry', async () => {
  const id = 'w_down'
  const said = vi.spyOn(console, 'error').mockImplementation(() => {})
  await bindings.DB.prepare('ALTER TABLE open_workspaces RENAME TO away').run()
  for (let n = 0; n < 5; n += 1) await begins(id, `${id}.call_${n}`)
  const object = logOf(bindings, id) as unknown as DurableObjectStub
  const SOON_MS = 24 * 3_600_000
  await until(async () => {
    const alarm = await runInDurableObject(object, (_, ctx) => ctx.storage.getAlarm())
    expect(alarm).toBeLessThan(Date.now() + SOON_MS)
  })
  expect(said).toHaveBeenCalledTimes(1)
  said.mockRestore()
  await bindings.DB.prepare('ALTER TABLE away RENAME TO open_workspaces').run()
  await evictDurableObject(object)
  await runDurableObjectAlarm(object)
  expect(await listed()).toEqual([id])
})

test('one run wakes a bounded number in one log, the most silent first, and the next run the others', async () => {
  const id = 'w_crowd'
  for (let n = 0; n < WOKEN_PER_LOG + 5; n += 1) await begins(id, `${id}.call_${n}`)
  await until(async () => expect(await listed()).toEqual([id]))
  const calls = (asked: string[]) => asked.filter(one => one.includes('.call_'))
  const first = calls(await sweep(Date.now() + LATER_MS))
  expect(first).toHaveLength(WOKEN_PER_LOG)
  const second = calls(await sweep(Date.now() + LATER_MS + 1_000))
  expect(second).toHaveLength(5)
  expect(first).not.toEqual(expect.arrayContaining(second))
})

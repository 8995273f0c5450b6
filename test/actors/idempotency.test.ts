/** `Idempotency-Key`: one effect, whatever comes at once, later or after a failure. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { beforeAll, expect, test } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import { IDEMPOTENCY_CLAIM_MS, IDEMPOTENCY_KEPT_MS } from '../../src/actors/workspace/key-book.ts'
import { aiAgentBody } from '../../src/wire/ai-agent.ts'
import { bindings, carrier, cookieOf, migrated, request } from './stage.ts'

let cookie = ''
beforeAll(async () => {
  await migrated()
  cookie = await cookieOf('sam')
})

const outcomes = [{ key: 1, outcomeId: 'yes', label: 'Yes' }]
const workspace = () => stubFor(bindings, 'workspace', 'w_test')

async function create(key: string, name: string): Promise<Response> {
  const headers = { 'Content-Type': 'application/json', Cookie: cookie, 'Idempotency-Key': key }
  return request('/api/campaigns', { method: 'POST', headers, body: JSON.stringify({ name, outcomes }) })
}

async function campaignsNamed(name: string): Promise<number> {
  return (await workspace().campaigns()).filter(one => one.name === name).length
}

/** Makes every key of the workspace older. */
async function age(byMs: number): Promise<void> {
  await runInDurableObject(workspace() as unknown as DurableObjectStub, async (_, { storage }) => {
    storage.sql.exec('UPDATE idempotency SET at = at - ?', byMs)
    storage.sql.exec('UPDATE idempotency_claims SET at = at - ?', byMs)
  })
}

async function rows(): Promise<number[]> {
  return runInDurableObject(workspace() as unknown as DurableObjectStub, async (_, { storage }) =>
    ['idempotency', 'idempotency_claims'].map(table => storage.sql.exec(`SELECT 1 FROM ${table}`).toArray().length),
  )
}

test('of six equal requests at once one runs, and all get its answer [D7]', async () => {
  const answers = await Promise.all(Array.from({ length: 6 }, () => create('six', 'Six')))
  expect(answers.map(one => one.status)).toEqual([201, 201, 201, 201, 201, 201])
  expect(new Set(await Promise.all(answers.map(one => one.text()))).size).toBe(1)
  expect(await campaignsNamed('Six')).toBe(1)
})

test('six equal requests for a call at once call once, also by the seed’s route, and another body is refused [D7]', async () => {
  await workspace().saveAiAgent('ai_once', aiAgentBody.parse({ name: 'Once', prompt: 'P.' }), 'Root')
  await stubFor(bindings, 'trunk', 'w_test').saveNumber({
    number: '+14155550601',
    name: '',
    deskId: null,
    inFlightCap: 50,
    cooldownMs: 0,
  })
  for (const [index, path] of ['/api/ai/agents/ai_once/calls', '/twilio/outbound/call'].entries()) {
    const toNumber = `+1415555062${index}`
    const post = (body: object) => {
      const headers = { 'Content-Type': 'application/json', Cookie: cookie, 'Idempotency-Key': `call-${index}` }
      return request(path, { method: 'POST', headers, body: JSON.stringify(body) })
    }
    const answers = await Promise.all(Array.from({ length: 6 }, () => post({ toNumber })))
    expect(new Set(answers.map(one => one.status)).size).toBe(1)
    expect(answers[0]?.ok).toBe(true)
    expect(new Set(await Promise.all(answers.map(one => one.text()))).size).toBe(1)
    expect(await carrier.creates(toNumber)).toHaveLength(1)
    expect((await post({ toNumber: '+14155550699' })).status).toBe(422)
    expect(await carrier.creates('+14155550699')).toHaveLength(0)
  }
})

test('the id of a trial is reserved once [D7]', async () => {
  const headers = { 'Content-Type': 'application/json', Cookie: cookie, 'Idempotency-Key': 'trial' }
  const post = () => request('/api/ai/agents/ai_once/trials', { method: 'POST', headers })
  const [one, two] = await Promise.all([post(), post()])
  expect(one.status).toBe(201)
  expect(await one.json()).toEqual(await two.json())
})

test('a claim without an answer, as a crash leaves it, holds the key until it expires', async () => {
  const first = await create('crash', 'Crash')
  expect(first.status).toBe(201)
  await runInDurableObject(workspace() as unknown as DurableObjectStub, async (_, { storage }) => {
    storage.sql.exec(
      `INSERT INTO idempotency_claims SELECT key, digest, 'lost', at FROM idempotency WHERE key LIKE '%crash'`,
    )
    storage.sql.exec(`DELETE FROM idempotency WHERE key LIKE '%crash'`)
  })
  expect((await create('crash', 'Crash')).status).toBe(409)
  expect((await create('crash', 'Another')).status).toBe(422)
  await age(IDEMPOTENCY_CLAIM_MS)
  expect((await create('crash', 'Crash')).status).toBe(201)
  expect(await campaignsNamed('Crash')).toBe(2)
})

test('a late answer does not overwrite that of the request which took the key after it', async () => {
  const early = await workspace().claimKey('late', 'body')
  await age(IDEMPOTENCY_CLAIM_MS)
  const second = await workspace().claimKey('late', 'body')
  if (early.is !== 'claimed' || second.is !== 'claimed') throw new Error('the key was not free')
  await workspace().settleKey('late', early.token, { status: 201, body: 'early' })
  await workspace().releaseKey('late', early.token)
  expect(await workspace().claimKey('late', 'body')).toEqual({ is: 'busy' })
  await workspace().settleKey('late', second.token, { status: 201, body: 'second' })
  expect(await workspace().claimKey('late', 'body')).toEqual({ is: 'done', status: 201, body: 'second' })
})

test('a refused request frees its key', async () => {
  const headers = { 'Content-Type': 'application/json', Cookie: cookie, 'Idempotency-Key': 'refused' }
  const none = await request('/api/ai/agents/ai_none/calls', { method: 'POST', headers, body: '{}' })
  expect(none.status).toBe(404)
  const other = { method: 'POST', headers, body: '{"toNumber":"+14155550199"}' }
  expect((await request('/api/ai/agents/ai_none/calls', other)).status).toBe(404)
})

test('old keys and lost claims are swept', async () => {
  await create('old', 'Old')
  await workspace().claimKey('never ends', '')
  expect((await rows()).every(count => count > 0)).toBe(true)
  await age(IDEMPOTENCY_KEPT_MS + 1)
  expect(await runDurableObjectAlarm(workspace() as unknown as DurableObjectStub)).toBe(true)
  expect(await rows()).toEqual([0, 0])
})

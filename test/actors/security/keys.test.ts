/** Programs with a key: what each scope opens, what no key opens, and how a key ends. */
import { beforeAll, expect, test } from 'vitest'
import { stubFor } from '../../../src/actors/stubs.ts'
import { aiAgentBody } from '../../../src/wire/ai-agent.ts'
import { REQUESTS_PER_MINUTE_MAX } from '../../../src/wire/api-key.ts'
import { routes } from '../../../src/wire/routes/table.ts'
import { SCOPES, type Scope } from '../../../src/wire/scope.ts'
import { makeKey } from '../../../src/worker/api-keys.ts'
import { bindings, migrated, request, until } from '../stage.ts'
import { ROUTES } from './meanings.ts'
import { ask, JSON_TYPE, type Person, person } from './people.ts'
import { PROGRAMS } from './programs.ts'

let admin = {} as Person

beforeAll(async () => {
  await migrated()
  admin = await person('Root', 'admin')
  await person('Far', 'admin', 'w_far')
  const book = stubFor(bindings, 'workspace', 'w_test')
  await book.setProfile('Acme', 'Acme', '+14155550100')
  await book.saveAiAgent('ai_robin', aiAgentBody.parse({ name: 'Robin', prompt: 'Speak.' }), 'Root')
}, 60_000)

/** A key with these scopes; the text that a program sends. */
async function keyWith(
  scopes: readonly Scope[],
  more: { workspaceId?: string; addresses?: string[]; endsMs?: number } = {},
) {
  const { workspaceId = 'w_test', addresses = [], endsMs = null } = more
  const wanted = { workspaceId, name: 'CRM', scopes: [...scopes], addresses, madeBy: 'Root', endsMs }
  const made = await makeKey(bindings, wanted, Date.now())
  if (made === null) throw new Error('no key was made')
  return made
}

function by(key: string, endpoint: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const [method = 'GET', path = ''] = endpoint.split(' ')
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  return request(path, { method, headers: { ...JSON_TYPE, Authorization: `Bearer ${key}`, ...headers }, ...sent })
}

/** Ids that are of the right kind and name nothing. */
function filled(endpoint: string): string {
  return endpoint
    .replace(':callId', 'w_test.call_none')
    .replace(':campaignId', 'w_test.c_none')
    .replace(':runId', 'w_test.rh_0')
    .replaceAll(/:[A-Za-z]+/g, 'none')
}

test('a key opens what its scope says and nothing else, on every route [S3-58] [D1]', async () => {
  const wrong: string[] = []
  const all = await keyWith(SCOPES)
  const without = new Map<Scope, string>()
  for (const scope of SCOPES) without.set(scope, (await keyWith(SCOPES.filter(one => one !== scope))).key)
  for (const [endpoint, { body, query = '' }] of Object.entries(ROUTES)) {
    const row = (routes as Record<string, { who: unknown; gives: string }>)[endpoint]
    if (row?.who === 'anyone') continue
    const upgrade: Record<string, string> = row?.gives === 'socket' ? { Upgrade: 'websocket' } : {}
    const asked = `${filled(endpoint)}${query}`
    const scope = PROGRAMS[endpoint]
    const given = await by(all.key, asked, body, upgrade)
    if (scope === undefined) {
      if (given.status !== 403) wrong.push(`${endpoint} is open to a key: ${given.status}`)
      continue
    }
    if ([401, 403].includes(given.status) || given.status >= 500) wrong.push(`${endpoint} is shut: ${given.status}`)
    const lacking = await by(without.get(scope) ?? '', asked, body, upgrade)
    if (lacking.status !== 403) wrong.push(`${endpoint} is open without ${scope}: ${lacking.status}`)
  }
  expect(wrong).toEqual([])
}, 120_000)

test('every scope opens something', () => {
  expect([...new Set(Object.values(PROGRAMS))].sort()).toEqual([...SCOPES].sort())
})

test('a wrong key, a revoked one and one whose time is over are 401, and a cookie beside them changes nothing [S3-58]', async () => {
  const revoked = await keyWith(['calls:read'])
  expect((await ask(admin, `DELETE /api/keys/${revoked.keyId}`)).status).toBe(200)
  const over = await keyWith(['calls:read'], { endsMs: Date.now() - 1 })
  const near = await keyWith(['calls:read'])
  const last = near.key.endsWith('A') ? 'B' : 'A'
  for (const key of ['', 'tk_', 'x'.repeat(5_000), revoked.key, over.key, `${near.key.slice(0, -1)}${last}`]) {
    const answer = await by(key, 'GET /api/calls', undefined, { Cookie: admin.cookie })
    expect(answer.status, key.slice(0, 20)).toBe(401)
    expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer')
  }
  for (const header of ['Basic YTpi', 'Bearer', `bearer  ${near.key} x`]) {
    const answer = await request('/api/calls', { headers: { Authorization: header } })
    expect(answer.status, header).toBe(401)
  }
})

test('a key is shown once and only its hash is kept [S3-58]', async () => {
  const answer = await ask(admin, 'POST /api/keys', {
    name: 'CRM',
    scopes: ['calls:read', 'calls:read'],
    endsInDays: 30,
  })
  expect(answer.status).toBe(201)
  const made = (await answer.json()) as { key: string; keyId: string; scopes: string[] }
  expect(made.key).toMatch(/^tk_[A-Za-z0-9]{42}$/)
  expect(made.scopes).toEqual(['calls:read'])
  expect((await by(made.key, 'GET /api/calls')).status).toBe(200)
  const list = await (await ask(admin, 'GET /api/keys')).text()
  expect(list).toContain(made.keyId)
  expect(list).not.toContain(made.key)
  const used = (JSON.parse(list) as { items: { keyId: string; usedMs: number }[] }).items.find(
    one => one.keyId === made.keyId,
  )
  expect(Date.now() - (used?.usedMs ?? 0)).toBeLessThan(60_000)
  const rows = await bindings.DB.prepare('SELECT * FROM api_keys').all()
  expect(JSON.stringify(rows.results)).not.toContain(made.key.slice(13))
})

test('a key of another workspace sees nothing of this one, and its admin cannot revoke ours [S3-60]', async () => {
  const ours = await keyWith(['calls:originate', 'contacts:read'])
  const theirs = await keyWith(SCOPES, { workspaceId: 'w_far' })
  const { userId, cookie, email } = await person('Away', 'admin', 'w_far')
  expect((await ask({ cookie }, `DELETE /api/keys/${ours.keyId}`)).status, `${userId} ${email}`).toBe(404)
  const book = stubFor(bindings, 'workspace', 'w_test')
  const contact = { contactId: 'p_ours', firstName: 'Only-ours', lastName: '', company: '', phone: '+14155550171' }
  await book.saveContacts([{ ...contact, timeZone: null, postcode: null, extension: null }])
  expect(await (await by(ours.key, 'GET /api/contacts?limit=200')).text()).toContain('Only-ours')
  expect(await (await by(theirs.key, 'GET /api/contacts?limit=200')).text()).not.toContain('Only-ours')
  expect((await by(theirs.key, 'GET /api/cidr/calls/w_test.call_none')).status).toBe(404)
})

test('a key with addresses works from them alone [S3-58]', async () => {
  const key = await keyWith(['calls:read'], { addresses: ['203.0.113.0/24', '2001:db8::/32', '198.51.100.7'] })
  const from = async (address: string | null) =>
    (await by(key.key, 'GET /api/calls', undefined, address === null ? {} : { 'CF-Connecting-IP': address })).status
  for (const address of ['203.0.113.9', '2001:db8::1', '198.51.100.7', '::ffff:203.0.113.9'])
    expect(await from(address), address).toBe(200)
  for (const address of ['203.0.114.9', '2001:db9::1', '198.51.100.8', 'garbage', null])
    expect(await from(address), String(address)).toBe(403)
  const wrong = await ask(admin, 'POST /api/keys', {
    name: 'X',
    scopes: ['calls:read'],
    addresses: ['10.0.0.1', '10.1'],
  })
  expect(wrong.status).toBe(400)
  expect(((await wrong.json()) as { fields: { field: string }[] }).fields).toEqual([
    { field: 'addresses.1', message: 'neither an address nor a range of addresses' },
  ])
})

test('a key that asks too often is told when to come back [D13]', async () => {
  const { key, keyId } = await keyWith(['calls:read'])
  await bindings.DB.prepare('UPDATE api_keys SET sinceMs = ?, requests = ? WHERE keyId = ?')
    .bind(Date.now(), REQUESTS_PER_MINUTE_MAX - 1, keyId)
    .run()
  expect((await by(key, 'GET /api/calls')).status).toBe(200)
  const late = await by(key, 'GET /api/calls')
  expect(late.status).toBe(429)
  expect(Number(late.headers.get('Retry-After'))).toBeGreaterThan(0)
  await bindings.DB.prepare('UPDATE api_keys SET sinceMs = ? WHERE keyId = ?')
    .bind(Date.now() - 60_000, keyId)
    .run()
  expect((await by(key, 'GET /api/calls')).status).toBe(200)
})

test('a key may have a limit of its own, and its neighbour is not slowed by it [D13]', async () => {
  const body = { name: 'Slow', scopes: ['calls:read'], requestsPerMinute: 2 }
  const made = await (await ask(admin, 'POST /api/keys', body)).json<{ key: string; requestsPerMinute: number }>()
  expect(made.requestsPerMinute).toBe(2)
  const statuses = []
  for (let n = 0; n < 3; n += 1) statuses.push((await by(made.key, 'GET /api/calls')).status)
  expect(statuses).toEqual([200, 200, 429])
  expect((await by((await keyWith(['calls:read'])).key, 'GET /api/calls')).status).toBe(200)
  for (const requestsPerMinute of [0, 1_001, 1.5]) {
    const wrong = await ask(admin, 'POST /api/keys', { ...body, requestsPerMinute })
    expect([wrong.status, (await wrong.json<{ fields: { field: string }[] }>()).fields[0]?.field]).toEqual([
      400,
      'requestsPerMinute',
    ])
  }
})

test('an entry of the do-not-call list that a program made bears its name, and no program takes it off [C1]', async () => {
  const { key } = await keyWith(SCOPES)
  expect((await by(key, 'POST /api/do-not-call', { number: '+14155550172' })).status).toBe(201)
  const { items } = await stubFor(bindings, 'trunk', 'w_test').listed({
    after: null,
    limit: 10,
    q: '5550172',
    campaignId: null,
  })
  expect(items.map(one => one.by)).toEqual(['CRM'])
  const removal = { number: '+14155550172', reason: 'the program says so' }
  expect((await by(key, 'POST /api/do-not-call/removals', removal)).status).toBe(403)
})

test('a hundred keys at most, also when they are made at once', async () => {
  const before = ((await (await ask(admin, 'GET /api/keys')).json()) as { items: unknown[] }).items.length
  const wanted = { name: 'one of many', scopes: ['calls:read'] }
  const answers = await Promise.all(Array.from({ length: 101 - before }, () => ask(admin, 'POST /api/keys', wanted)))
  expect(answers.filter(answer => answer.status === 201)).toHaveLength(100 - before)
  expect(answers.filter(answer => answer.status === 422)).toHaveLength(1)
  await until(async () => {
    const { items } = (await (await ask(admin, 'GET /api/keys')).json()) as { items: unknown[] }
    expect(items).toHaveLength(100)
  })
})

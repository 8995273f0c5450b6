import { beforeAll, expect, test } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import { aiAgentBody } from '../../src/wire/ai-agent.ts'
import { methodOf, pathOf, type Rows } from '../../src/wire/routes/row.ts'
import { routes } from '../../src/wire/routes/table.ts'
import { API } from '../../src/worker/api/table.ts'
import { bindings, cookieOf, migrated, request } from './stage.ts'

beforeAll(migrated)
const json = { 'Content-Type': 'application/json' }

const ROWS = Object.entries(routes as Rows)

test('every row has one handler, and every handler a row', () => {
  expect(API.map(one => one.endpoint).sort()).toEqual(Object.keys(routes).sort())
})

test('the authorisation matrix: every route refuses who may not call it', async () => {
  const agent = await cookieOf('ada')
  const supervisor = await cookieOf('sam')
  for (const [name, row] of ROWS.filter(([, { who }]) => who === 'anyone' || 'role' in who)) {
    const call = async (cookie: string) => {
      const init = { method: methodOf(name), headers: { ...json, Cookie: cookie } }
      return (
        await request(
          pathOf(name).replaceAll(/:[A-Za-z]+/g, 'w_test.c_none'),
          row.body ? { ...init, body: '{}' } : init,
        )
      ).status
    }
    const anonymous = await call('')
    const wants = row.body !== undefined || row.query?.safeParse({}).success === false
    expect(anonymous, name).toBe(row.who !== 'anyone' ? 401 : wants ? 400 : 200)
    const role = row.who === 'anyone' || 'key' in row.who ? 'anyone' : row.who.role
    const [byAgent, bySupervisor] = [await call(agent), await call(supervisor)]
    expect(role !== 'anyone' && role !== 'agent' && byAgent !== 403 ? byAgent : 403, name).toBe(403)
    expect(role === 'admin' ? bySupervisor : 403, name).toBe(403)
    expect(bySupervisor, name).toBeLessThan(500)
    expect(row.gives === 'socket' ? bySupervisor : 400, name).toBe(400)
  }
  // It grows with the rows, of which there are nearly three hundred.
}, 120_000)

test('a scope reads with GET and writes with the other methods, except where a POST only looks up', () => {
  const wrong = ROWS.filter(([name, { who }]) => {
    const scope = who === 'anyone' || 'key' in who ? undefined : who.scope
    const reads = methodOf(name) === 'GET' || name === 'POST /api/contacts/batch' || name === 'POST /v1.0/flows/checks'
    // To see the numbers behind a mask is more than to read it.
    const isOfReading = scope?.endsWith(':read') || scope === 'masks:reveal'
    return scope !== undefined && isOfReading !== reads
  })
  expect(wrong.map(([name]) => name)).toEqual([])
})

test('nobody becomes the first administrator without the token, or once somebody exists', async () => {
  const person = {
    token: 'guess',
    email: 'x@example.com',
    name: 'X',
    password: 'long enough, and more',
    workspaceName: 'X',
  }
  const answer = await request('/api/first-admin', { method: 'POST', headers: json, body: JSON.stringify(person) })
  expect(answer.status).toBe(403)
})

test('bad JSON, a wrong type and a broken field are named [S2-35 S3-62]', async () => {
  const cookie = await cookieOf('root')
  const post = (body: string, type = 'application/json') =>
    request('/api/numbers', { method: 'POST', headers: { Cookie: cookie, 'Content-Type': type }, body })
  expect((await post('{')).status).toBe(400)
  expect((await post('a=1', 'application/x-www-form-urlencoded')).status).toBe(415)
  const answer = await post(JSON.stringify({ number: '12' }))
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ fields: [{ field: 'number' }] })
})

test('a body that is nested too deep, or is no JSON, names its field, also where values of any form are taken', async () => {
  const cookie = await cookieOf('root')
  const agents = await request('/api/ai/agents', {
    method: 'POST',
    headers: { ...json, Cookie: cookie },
    body: JSON.stringify({ name: 'Robin', prompt: 'Speak.' }),
  })
  const { agentId } = (await agents.json()) as { agentId: string }
  const scenario = {
    about: 'is deep',
    caller: { acts: [{ listen: true }] },
    expect: [{ agent: 'hello' }],
    end: 'none',
    answers: { tool: 'deep' },
  }
  const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`
  const put = (body: string, path = `/api/ai/agents/${agentId}/scenarios/deep`, method = 'PUT') =>
    request(path, { method, headers: { ...json, Cookie: cookie }, body })
  const bad = [
    await put(JSON.stringify(scenario).replace('"deep"', deep)),
    await put('{"about":'),
    await put(`{"email":${deep}}`.slice(0, 8_000), '/api/auth/sign-in/email', 'POST'),
  ]
  for (const answer of bad) {
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ fields: [{ field: 'body' }] })
  }
  expect((await put(JSON.stringify(scenario))).status).toBe(200)
})

test('a creating POST with an Idempotency-Key is done once; the key with another body is refused', async () => {
  const headers = { ...json, Cookie: await cookieOf('sam'), 'Idempotency-Key': 'key-1' }
  const outcomes = [{ key: 1, outcomeId: 'yes', label: 'Yes' }]
  const post = (name: string) =>
    request('/api/campaigns', { method: 'POST', headers, body: JSON.stringify({ name, outcomes }) })
  const first = await post('One')
  expect(first.status).toBe(201)
  expect(await (await post('One')).json()).toEqual(await first.json())
  expect((await post('Two')).status).toBe(422)
})

test('the seller’s number can be called, and is stored as E.164', async () => {
  const headers = { ...json, Cookie: await cookieOf('root') }
  const put = (sellerNumber: string) => {
    const body = JSON.stringify({ name: 'Test', sellerName: 'Northwind', sellerNumber })
    return request('/api/workspace', { method: 'PUT', headers, body })
  }
  for (const wrong of ['banana', '', '12']) {
    const answer = await put(wrong)
    expect(answer.status, wrong).toBe(400)
    expect(await answer.json()).toMatchObject({ fields: [{ field: 'sellerNumber' }] })
  }
  expect((await put('(415) 555-0001')).status).toBe(200)
  expect(await stubFor(bindings, 'workspace', 'w_test').seller()).toEqual({ name: 'Northwind', number: '+14155550001' })
})

test('the field that a call of an AI agent, or a key, fails by is named', async () => {
  const headers = { ...json, Cookie: await cookieOf('root') }
  await stubFor(bindings, 'workspace', 'w_test').saveAiAgent('ai_f', aiAgentBody.parse({ name: 'F', prompt: 'P.' }), '')
  const post = (body: object, more: Record<string, string> = {}) =>
    request('/api/ai/agents/ai_f/calls', {
      method: 'POST',
      headers: { ...headers, ...more },
      body: JSON.stringify(body),
    })
  for (const [field, answer] of [
    ['toNumber', await post({ toNumber: '12' })],
    ['toNumber', await post({})],
    ['contactId', await post({ contactId: 'nope' })],
    ['Idempotency-Key', await post({}, { 'Idempotency-Key': 'k'.repeat(129) })],
    ['Idempotency-Key', await post({}, { 'Idempotency-Key': '' })],
  ] as const) {
    expect(answer.status, field).toBe(400)
    expect(await answer.json(), field).toMatchObject({ fields: [{ field }] })
  }
})

test('another site can neither change nor listen', async () => {
  const cookie = await cookieOf('root')
  const elsewhere = { ...json, Cookie: cookie, Origin: 'https://elsewhere.example' }
  expect((await request('/api/numbers', { method: 'POST', headers: elsewhere, body: '{}' })).status).toBe(403)
  const upgrade = { Cookie: cookie, Origin: 'https://elsewhere.example', Upgrade: 'websocket' }
  expect((await request('/api/desk', { headers: upgrade })).status).toBe(403)
})

test('numbers that cannot be dialled are named, the others kept [S3-15]', async () => {
  const headers = { ...json, Cookie: await cookieOf('sam') }
  const contacts = [
    { firstName: 'Ada', phone: '+1 415 555 0199' },
    { firstName: 'Bad', phone: 'not a number' },
  ]
  const answer = await request('/api/contacts', { method: 'POST', headers, body: JSON.stringify({ contacts }) })
  const body = (await answer.json()) as { items: unknown[]; refused: { field: string }[] }
  expect(body.items).toHaveLength(1)
  expect(body.refused[0]?.field).toBe('contacts.1.phone')
})

test('the people of the workspace, page by page, and nobody of another one', async () => {
  const headers = { Cookie: await cookieOf('sam') }
  await cookieOf('ada')
  await bindings.DB.batch([
    bindings.DB.prepare(
      "INSERT INTO user (id, name, email, createdAt, updatedAt) VALUES ('u_far', 'Far', 'far@x.invalid', '', '')",
    ),
    bindings.DB.prepare("INSERT INTO workspace (id, name, createdAt) VALUES ('w_far', 'Far', 0)"),
    bindings.DB.prepare("INSERT INTO membership (userId, workspaceId, role) VALUES ('u_far', 'w_far', 'admin')"),
  ])
  const people: { userId: string; name: string; role: string }[] = []
  let pages = 0
  for (let cursor: string | null = ''; cursor !== null; pages += 1) {
    const answer = await request(`/api/members?limit=1${cursor && `&cursor=${cursor}`}`, { headers })
    expect(answer.status).toBe(200)
    const body = (await answer.json()) as { items: typeof people; next: string | null }
    people.push(...body.items)
    cursor = body.next
  }
  expect(pages).toBeGreaterThan(2)
  expect(people.map(({ name, role }) => `${name} ${role}`).sort()).toEqual(
    expect.arrayContaining(['Ada agent', 'Sam supervisor']),
  )
  expect(people.map(one => Object.keys(one))).toEqual(people.map(() => ['userId', 'name', 'role']))
  expect(new Set(people.map(one => one.userId)).size).toBe(people.length)
  expect(people.map(one => one.userId)).not.toContain('u_far')
})

test('the document describes every route', async () => {
  const document = (await (await request('/api/openapi.json')).json()) as {
    openapi: string
    paths: Record<string, object>
  }
  expect(document.openapi).toBe('3.1.0')
  expect(Object.values(document.paths).flatMap(path => Object.keys(path))).toHaveLength(ROWS.length)
})

test('a known e-mail is refused and nothing of the person changes, also when two requests come at once', async () => {
  const headers = { ...json, Cookie: await cookieOf('root') }
  const post = (member: object) =>
    request('/api/members', {
      method: 'POST',
      headers,
      body: JSON.stringify({ password: 'long enough, and more', ...member }),
    })
  const cy = { email: 'Cy@example.com', name: 'Cy', role: 'agent' }
  const both = await Promise.all([post(cy), post(cy)])
  expect(both.map(one => one.status).sort()).toEqual([201, 409])
  const again = await post({ email: 'cy@example.com', name: 'Other', role: 'admin' })
  expect(again.status).toBe(409)
  expect(await again.json()).toMatchObject({ fields: [{ field: 'email' }] })
  const people = (await (await request('/api/members?limit=200', { headers })).json()) as { items: object[] }
  expect(people.items).toContainEqual(expect.objectContaining({ name: 'Cy', role: 'agent' }))
  const nameless = await post({ email: 'zero@example.com', name: '\u0000', role: 'agent' })
  expect(nameless.status).toBe(400)
  expect(await nameless.json()).toMatchObject({ fields: [{ field: 'name' }] })
})

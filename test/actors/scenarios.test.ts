/** Scenarios of an AI agent over the API: what is kept, what is refused, and that no run is for ever. */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { beforeAll, expect, test } from 'vitest'
import { RunRecord } from '../../src/actors/rehearsal/run-record.ts'
import { stubFor } from '../../src/actors/stubs.ts'
import { RUNNING_MAX } from '../../src/actors/workspace/scenario-book.ts'
import { type LastRehearsal, type Rehearsal, rehearsalBody, type Scenario } from '../../src/wire/scenario.ts'
import { bindings, cookieOf, migrated, request, twice, until } from './stage.ts'

const SCENARIO = {
  about: 'asks for the hours',
  caller: { acts: [{ listen: true }, { say: 'what are your opening hours' }, { hangUp: true }] },
  expect: [{ agent: 'We are open', withinMs: 1_500 }],
  end: 'none',
}

let cookies: Record<string, string> = {}
beforeAll(async () => {
  await migrated()
  cookies = { root: await cookieOf('root'), ada: await cookieOf('ada') }
})

async function ask<T>(who: 'root' | 'ada', method: string, path: string, body?: unknown) {
  const headers = { 'Content-Type': 'application/json', Cookie: cookies[who] ?? '' }
  const answer = await request(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  return { status: answer.status, body: (await answer.json()) as T }
}

async function newAgent(): Promise<string> {
  const { body } = await ask<{ agentId: string }>('root', 'POST', '/api/ai/agents', { name: 'Robin', prompt: 'Speak.' })
  return `/api/ai/agents/${body.agentId}/scenarios`
}

test('a scenario is saved under its name, listed, saved again and deleted', async () => {
  const path = await newAgent()
  const saved = await ask<Scenario>('root', 'PUT', `${path}/${encodeURIComponent('Öffnungszeiten, 9 – 5?')}`, SCENARIO)
  expect(saved.status).toBe(200)
  expect(saved.body).toMatchObject({ name: 'Öffnungszeiten, 9 – 5?', savedBy: 'Root', last: null })
  expect(saved.body.body).toMatchObject({ atMostSeconds: 60, never: { said: [] }, answers: {} })
  await ask('root', 'PUT', `${path}/${encodeURIComponent('Öffnungszeiten, 9 – 5?')}`, { ...SCENARIO, about: 'again' })
  const { body } = await ask<{ items: Scenario[] }>('ada', 'GET', path)
  expect(body.items.map(one => one.body.about)).toEqual(['again'])
  const gone = `${path}/${encodeURIComponent('Öffnungszeiten, 9 – 5?')}`
  expect((await ask('root', 'DELETE', gone)).status).toBe(200)
  expect((await ask('root', 'DELETE', gone)).status).toBe(404)
})

test.each<[string, Record<string, unknown>, string, RegExp]>([
  ['an act that nobody knows', { caller: { acts: [{ sing: 'la' }] } }, 'caller.acts.0', /one of \{"listen": true\}/],
  ['no act', { caller: { acts: [] } }, 'caller.acts', /./],
  [
    'a caller without an end',
    { caller: { acts: Array(10).fill({ say: 'a'.repeat(300) }) } },
    'caller.acts',
    /at most 2000 letters/,
  ],
  ['a field too many', { expect: [{ agent: 'x', soon: true }] }, 'expect.0', /soon/],
  ['another kind', { expect: [{ weather: 'x' }] }, 'expect.0', /one of agent, caller, tool or note/],
  ['an unknown end', { end: 'somehow' }, 'end', /goodbye/],
  ['an hour', { atMostSeconds: 4_000 }, 'atMostSeconds', /180/],
  ['a book as an answer', { answers: { opt_out: 'a'.repeat(9_000) } }, 'answers', /8000 letters/],
  ['what only the phone network can do', { services: [] }, 'services', /services/],
])('%s is refused with its place', async (_what, change, field, words) => {
  const path = await newAgent()
  const answer = await ask<{ fields: { field: string; message: string }[] }>('root', 'PUT', `${path}/one`, {
    ...SCENARIO,
    ...change,
  })
  expect(answer.status).toBe(400)
  expect(answer.body.fields).toEqual([{ field, message: expect.stringMatching(words) }])
})

test('a name is no path, and a scenario that is not there does not run', async () => {
  const path = await newAgent()
  expect((await ask('root', 'PUT', `${path}/${encodeURIComponent('a/b')}`, SCENARIO)).status).toBe(400)
  expect((await ask('root', 'PUT', `${path}/${'n'.repeat(61)}`, SCENARIO)).status).toBe(400)
  expect((await ask('ada', 'POST', `${path}/nothing/rehearsals`, {})).status).toBe(404)
  expect((await ask('ada', 'GET', '/api/ai/rehearsals/w_test.rh_00ff')).status).toBe(404)
  expect((await ask('ada', 'GET', '/api/ai/rehearsals/w_other.rh_00ff')).status).toBe(404)
})

test('without a voice a run is broken and says what is missing; its scenario shows it', async () => {
  const path = await newAgent()
  await ask('root', 'PUT', `${path}/one`, SCENARIO)
  const begun = await ask<LastRehearsal>('ada', 'POST', `${path}/one/rehearsals`, {})
  expect(begun.status).toBe(201)
  await until(async () => {
    const { body } = await ask<Rehearsal>('ada', 'GET', `/api/ai/rehearsals/${begun.body.runId}`)
    expect(body).toMatchObject({ state: 'broken', why: expect.stringContaining('STT_PROVIDER'), name: 'one' })
  })
  await until(async () => {
    const { body } = await ask<{ items: Scenario[] }>('ada', 'GET', path)
    expect(body.items[0]?.last).toMatchObject({ state: 'broken', runId: begun.body.runId })
  })
})

twice('the workspace runs a few at a time, one of each scenario, and learns how they ended', async ({ stub }, tag) => {
  const book = stub('workspace', `w_${tag}`)
  const names = Array.from({ length: RUNNING_MAX + 1 }, (_, at) => `s${at}`)
  const body = JSON.stringify({ ...SCENARIO, atMostSeconds: 60 })
  for (const name of names) await book.saveScenario('ai_1', name, body, 'Root')
  for (const name of names.slice(0, RUNNING_MAX))
    expect(await book.beginRehearsal('ai_1', name, `w_${tag}.rh_${name}`, 1)).toMatchObject({ result: 'begun' })
  expect(await book.beginRehearsal('ai_1', 's0', `w_${tag}.rh_again`, 1)).toMatchObject({ result: 'running' })
  expect(await book.beginRehearsal('ai_1', 's3', `w_${tag}.rh_s3`, 1)).toMatchObject({ result: 'full' })
  await book.rehearsalEnded(`w_${tag}.rh_s0`, 'passed', Date.now())
  expect(await book.beginRehearsal('ai_1', 's0', `w_${tag}.rh_new`, 2)).toMatchObject({
    result: 'begun',
    replaced: `w_${tag}.rh_s0`,
  })
  // A late result of an older run changes nothing.
  await book.rehearsalEnded(`w_${tag}.rh_s0`, 'failed', Date.now())
  const [first] = JSON.parse(await book.scenarios('ai_1')) as Scenario[]
  expect(first?.last).toMatchObject({ runId: `w_${tag}.rh_new`, state: 'running', version: 2 })
})

test('a run whose object was lost says so by itself, and the workspace learns it', async () => {
  const book = stubFor(bindings, 'workspace', 'w_lost')
  const runId = 'w_lost.rh_00aa'
  await book.saveScenario('ai_1', 'one', JSON.stringify({ ...SCENARIO, atMostSeconds: 60 }), 'Root')
  await book.beginRehearsal('ai_1', 'one', runId, 1)
  const stub = stubFor(bindings, 'rehearsal', runId)
  await runInDurableObject(stub as unknown as DurableObjectStub, (_object, { storage }) => {
    const order = { runId, agentId: 'ai_1', name: 'one', version: 1, startedMs: 1 }
    new RunRecord(storage.sql).begin({ ...order, scenario: rehearsalBody.parse(SCENARIO) })
  })
  await evictDurableObject(stub as unknown as DurableObjectStub)
  const run = JSON.parse((await stubFor(bindings, 'rehearsal', runId).read()) ?? 'null') as Rehearsal
  expect(run).toMatchObject({ state: 'broken', why: expect.stringContaining('lost in the middle') })
  await until(async () => {
    const [scenario] = JSON.parse(await book.scenarios('ai_1')) as Scenario[]
    expect(scenario?.last?.state).toBe('broken')
  })
  await stubFor(bindings, 'rehearsal', runId).forget()
  expect(await stubFor(bindings, 'rehearsal', runId).read()).toBeNull()
})

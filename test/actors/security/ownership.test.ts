/** Calls belong to people by their id. Names are shown and decide nothing. */
import { beforeAll, expect, test } from 'vitest'
import { logOf } from '../../../src/actors/stubs.ts'
import { deskId } from '../../../src/core/ids.ts'
import type { CallDetail, CallRow, List } from '../../../src/wire/api.ts'
import { bindings, migrated, request, until } from '../stage.ts'
import { ask, callOf, type Person, person } from './people.ts'

const READS = ['', '/conversation', '/log.txt', '/recording.wav']
const CALL = 'w_test.call_maria1'
const BY_DESK = 'w_test.call_maria2'
const NAMELESS = 'w_test.call_maria3'

let [first, second, third, admin, supervisor] = [] as Person[] as [Person, Person, Person, Person, Person]

beforeAll(async () => {
  await migrated()
  first = await person('Maria Garcia', 'agent')
  second = await person('Maria Garcia', 'agent')
  third = await person('Bo', 'agent')
  admin = await person('Root', 'admin')
  supervisor = await person('Sam', 'supervisor')
  await callOf(CALL, { agentName: 'Maria Garcia', agentId: first.userId })
  await callOf(BY_DESK, { agentName: 'Maria Garcia', deskId: deskId('w_test', first.userId) })
  // As 0.1.0 made calls of an AI agent: a name, and nobody by id.
  await callOf(NAMELESS, { agentName: 'Maria Garcia' })
  for (const id of [CALL, BY_DESK, NAMELESS])
    await until(async () => expect(await logOf(bindings, 'w_test').knows(id)).toBe(true))
})

async function listed(who: Person): Promise<string[]> {
  const { items } = (await (await ask(who, 'GET /api/calls?limit=200')).json()) as List<CallRow>
  return items.map(one => one.callId).sort()
}

test('of two agents with one name each sees their own calls, and a third agent none of them [D1] [C6] [S4-25]', async () => {
  expect(await listed(first)).toEqual([CALL, BY_DESK])
  expect(await listed(second)).toEqual([])
  expect(await listed(third)).toEqual([])
  expect(await listed(supervisor)).toEqual([CALL, BY_DESK, NAMELESS])
})

test('every way to read a call is 404 for the agent of the same name and for a third one [D1] [C6] [S4-25]', async () => {
  for (const callId of [CALL, BY_DESK, NAMELESS])
    for (const read of READS)
      for (const who of [second, third])
        expect((await ask(who, `GET /api/calls/${callId}${read}`)).status, `${callId}${read}`).toBe(404)
  for (const word of ['hand-back', 'crm-retry', 'say']) {
    const answer = await ask(second, `POST /api/calls/${CALL}/${word}`, word === 'say' ? { text: 'Hi.' } : undefined)
    expect(answer.status, word).toBe(404)
  }
  expect((await ask(first, `GET /api/calls/${CALL}`)).status).toBe(200)
  expect((await ask(first, `GET /api/calls/${BY_DESK}/conversation`)).status).toBe(200)
})

test('a call that was made before calls knew their agent is for supervisors only [D1]', async () => {
  expect((await ask(first, `GET /api/calls/${NAMELESS}`)).status).toBe(404)
  const seen = await ask(supervisor, `GET /api/calls/${NAMELESS}`)
  expect(((await seen.json()) as CallDetail).call).toMatchObject({ agentName: 'Maria Garcia', agentId: null })
})

test('nobody renames themselves, and no other path of the sign-in library is open [D1]', async () => {
  for (const path of [
    'update-user',
    'change-email',
    'delete-user',
    'update-session',
    'list-sessions',
    'sign-up/email',
    'ok',
    'error',
  ])
    for (const method of ['GET', 'POST']) {
      const sent = method === 'POST' ? { body: JSON.stringify({ name: 'Maria Garcia' }) } : {}
      const headers = { 'Content-Type': 'application/json', Cookie: third.cookie }
      expect((await request(`/api/auth/${path}`, { method, headers, ...sent })).status, `${method} ${path}`).toBe(404)
    }
  expect((await ask(third, `PATCH /api/members/${third.userId}`, { name: 'Maria Garcia' })).status).toBe(403)
  expect((await ask(admin, `PATCH /api/members/${third.userId}`, { name: 'Bob' })).status).toBe(200)
  expect(await (await ask(third, 'GET /api/me')).json()).toMatchObject({ name: 'Bob' })
})

test('the status of a call by the carrier’s id is told to those who may read the call [D21]', async () => {
  const row = await until(async () => {
    const found = (await ask(first, `GET /api/calls/${CALL}`)).json() as Promise<CallDetail>
    const { call } = await found
    const timeline = (await found).timeline.find(line => line.type === 'call-placed')
    expect(timeline).toBeDefined()
    return { call, callSid: String(timeline?.data.providerId) }
  })
  expect((await ask(first, `GET /twilio/call/${row.callSid}/status`)).status).toBe(200)
  expect((await ask(supervisor, `GET /twilio/call/${row.callSid}/status`)).status).toBe(200)
  expect((await ask(second, `GET /twilio/call/${row.callSid}/status`)).status).toBe(404)
})

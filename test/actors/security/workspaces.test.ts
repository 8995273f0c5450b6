/** A person in several workspaces reads and does things in the one that their sign-in is in, and a number belongs to one of all. */
import { beforeAll, expect, test } from 'vitest'
import { stubFor } from '../../../src/actors/stubs.ts'
import { deskId } from '../../../src/core/ids.ts'
import { phoneName } from '../../../src/core/phone-names.ts'
import { aiAgentBody } from '../../../src/wire/ai-agent.ts'
import { deskSocket } from '../../../src/worker/api/own-desk.ts'
import { type Member, memberOf } from '../../../src/worker/people.ts'
import { claimNumber } from '../../../src/worker/workspace-numbers.ts'
import { bindings, migrated, signed, until } from '../stage.ts'
import { ask, callOf, cookiesOf, openedBy, type Person, person, signedIn, socketOf } from './people.ts'

let root = {} as Person
/** Of Root, and made by Root. */
let made = ''

beforeAll(async () => {
  await migrated()
  root = await person('Root', 'admin')
  made = await makes(root, 'North')
})

async function makes(who: Person, name: string): Promise<string> {
  const answer = await ask(who, 'POST /api/workspaces', { name })
  expect(answer.status).toBe(201)
  return ((await answer.json()) as { workspaceId: string }).workspaceId
}

/** Somebody of the first workspace who belongs to the made one as well. */
async function inBoth(name: string, role: 'agent' | 'admin' = 'admin'): Promise<Person> {
  const who = await person(name, role)
  await bindings.DB.prepare('INSERT INTO membership (userId, workspaceId, role) VALUES (?, ?, ?)')
    .bind(who.userId, made, role)
    .run()
  return who
}

const enters = (who: Pick<Person, 'cookie'>, workspaceId: string) =>
  ask(who, 'PUT /api/me/workspace', { workspaceId }).then(({ status }) => status)
async function read<T>(who: Pick<Person, 'cookie'>, path: string): Promise<T> {
  const answer = await ask(who, `GET ${path}`)
  expect(answer.status, path).toBe(200)
  return (await answer.json()) as T
}
const place = async (who: Pick<Person, 'cookie'>) => (await read<{ workspaceId: string }>(who, '/api/me')).workspaceId

test('an admin of the first workspace makes one and is its admin; nobody else may', async () => {
  const listed = await read<{ items: object[]; mayMake: boolean }>(root, '/api/me/workspaces')
  expect(listed.mayMake).toBe(true)
  expect(listed.items).toEqual([
    { workspaceId: made, name: 'North', role: 'admin', current: false },
    { workspaceId: 'w_test', name: 'w_test', role: 'admin', current: true },
  ])
  expect((await stubFor(bindings, 'workspace', made).seller()).name).toBe('North')
  const far = await person('Far', 'admin', 'w_far')
  const ada = await person('Ada', 'agent')
  for (const who of [far, ada]) {
    expect((await ask(who, 'POST /api/workspaces', { name: 'Mine' })).status).toBe(403)
    expect(await read(who, '/api/me/workspaces')).toMatchObject({ mayMake: false })
  }
})

test('a sign-in goes on in the other workspace, its sockets of the first end, and other sign-ins stay where they are', async () => {
  const who = await inBoth('Di')
  const elsewhere = { cookie: await signedIn(who.email) }
  const before = await place(who)
  const other = before === made ? 'w_test' : made
  expect(await place(elsewhere)).toBe(before)
  const [desk, stays] = [await socketOf(who, '/api/desk'), await socketOf(elsewhere, '/api/desk')]
  expect(await enters(who, other)).toBe(200)
  await until(async () => expect(desk.closed?.code).toBe(4401))
  expect(stays.closed).toBeNull()
  expect([await place(who), await place(elsewhere)]).toEqual([other, before])
  // The next sign-in begins where the person went last.
  expect(await place({ cookie: await signedIn(who.email) })).toBe(other)
})

test('a desk that is opened while the sign-in goes elsewhere is closed', async () => {
  const who = await inBoth('Kit')
  await enters(who, 'w_test')
  // As the request had it that was let in a moment before.
  const asLetIn = await memberOf(bindings, new Headers({ Cookie: who.cookie }))
  expect(asLetIn).toMatchObject({ workspaceId: 'w_test' })
  const stays = openedBy(await deskSocket(bindings, asLetIn as Member))
  expect(await enters(who, made)).toBe(200)
  await until(async () => expect(stays.closed?.code).toBe(4401))
  const late = openedBy(await deskSocket(bindings, asLetIn as Member))
  await until(async () => expect(late.closed?.code).toBe(4401))
})

test('whoever belongs to two reads the current one alone, and enters none of others', async () => {
  const who = await inBoth('Cy')
  const only = await person('Only', 'agent')
  const sees = async (part: string) => JSON.stringify(await read(who, part))
  expect(await enters(who, 'w_test')).toBe(200)
  const contact = { firstName: 'Firsthand', phone: '+14155550160' }
  expect((await ask(who, 'POST /api/contacts', { contacts: [contact] })).status).toBe(201)
  await callOf('w_test.call_apart', { agentName: 'Ada' })
  await until(async () => expect((await ask(who, 'GET /api/calls/w_test.call_apart')).status).toBe(200))
  // Each of these lists shows it where it belongs.
  const there = {
    '/api/contacts': 'Firsthand',
    '/api/calls': 'call_apart',
    '/api/events': 'call_apart',
    '/api/members?limit=200': only.userId,
  }
  for (const [path, text] of Object.entries(there))
    await until(async () => expect(await sees(path), path).toContain(text))
  expect(await enters(who, made)).toBe(200)
  for (const [path, text] of Object.entries(there)) expect(await sees(path), path).not.toContain(text)
  expect((await ask(who, 'GET /api/calls/w_test.call_apart')).status).toBe(404)
  expect((await ask(who, `GET /api/members/${root.userId}/sessions`)).status).toBe(200)
  expect(await enters(who, 'w_far')).toBe(404)
  expect(await enters(who, 'nonsense')).toBe(404)
  expect(await place(who)).toBe(made)
})

test('whoever is removed from one loses its sign-ins, and those in another go on', async () => {
  const who = await inBoth('Ed', 'agent')
  const elsewhere = { cookie: await signedIn(who.email) }
  expect(await enters(who, 'w_test')).toBe(200)
  expect(await enters(elsewhere, made)).toBe(200)
  // An admin of one workspace sees and ends the sign-ins of that one alone.
  await enters(root, 'w_test')
  expect((await read<{ items: object[] }>(root, `/api/members/${who.userId}/sessions`)).items).toHaveLength(1)
  expect((await ask(root, `DELETE /api/members/${who.userId}`)).status).toBe(200)
  expect((await ask(who, 'GET /api/me')).status).toBe(401)
  expect(await place(elsewhere)).toBe(made)
  expect(await place({ cookie: await signedIn(who.email) })).toBe(made)
})

test('a name and a role that an admin gives hold in their workspace', async () => {
  const who = await inBoth('Flo', 'agent')
  await enters(root, 'w_test')
  expect((await ask(root, `PATCH /api/members/${who.userId}`, { name: 'Florence', role: 'supervisor' })).status).toBe(
    200,
  )
  await enters(who, 'w_test')
  expect(await read(who, '/api/me')).toMatchObject({ name: 'Florence', role: 'supervisor' })
  await enters(who, made)
  expect(await read(who, '/api/me')).toMatchObject({ name: 'Flo', role: 'agent' })
})

test('the last admin of each workspace stays', async () => {
  const own = await makes(root, 'Alone')
  await enters(root, own)
  expect((await ask(root, `DELETE /api/members/${root.userId}`)).status).toBe(409)
  expect((await ask(root, `PATCH /api/members/${root.userId}`, { role: 'agent' })).status).toBe(409)
  await enters(root, 'w_test')
})

test('another password ends the sockets in every workspace, and its sign-in stays where it was', async () => {
  const who = await inBoth('Gil')
  const elsewhere = { cookie: await signedIn(who.email) }
  await enters(who, 'w_test')
  await enters(elsewhere, made)
  const far = await socketOf(elsewhere, '/api/desk')
  const change = { currentPassword: 'a long enough secret', newPassword: 'another long secret' }
  const answer = await ask(who, 'PUT /api/me/password', change)
  expect(answer.status).toBe(200)
  expect(await place({ cookie: cookiesOf(answer) })).toBe('w_test')
  await until(async () => expect(far.closed?.code).toBe(4401))
})

const inbound = (to: string, sid: string) =>
  signed('/twilio/w_test/inbound', { ...ACCOUNT, CallSid: sid, From: '+14155550161', To: to, CallStatus: 'ringing' })
const ACCOUNT = { AccountSid: bindings.TWILIO_ACCOUNT_SID ?? '' }

test('a number belongs to one workspace, and a call to it reaches that one by whatever address the carrier asks', async () => {
  const [first, north] = [await inBoth('Hal'), await inBoth('Ida')]
  await enters(first, 'w_test')
  await enters(north, made)
  const saves = async (who: Person, number: string) => ask(who, 'POST /api/numbers', { number })
  expect((await saves(north, '+14155550171')).status).toBe(201)
  const refused = await saves(first, '+14155550171')
  expect(refused.status).toBe(409)
  expect(await refused.json()).toMatchObject({ fields: [{ field: 'number' }] })
  // One that the first workspace had before there was a list.
  const old = { number: '+14155550172', name: '', deskId: null, inFlightCap: 1, cooldownMs: 0 }
  await stubFor(bindings, 'trunk', 'w_test').saveNumber(old)
  expect((await saves(north, '+14155550172')).status).toBe(409)

  const callOfSid = (workspaceId: string, sid: string) => stubFor(bindings, 'trunk', workspaceId).callOf(sid)
  expect((await inbound('+14155550171', 'CA-north')).status).toBe(200)
  expect(await callOfSid('w_test', 'CA-north')).toBeNull()
  const callId = (await callOfSid(made, 'CA-north')) ?? ''
  expect(callId.startsWith(`${made}.`)).toBe(true)
  // It has no destination, so it is over; the sweep knows of the workspace as of any.
  const ended = { ...ACCOUNT, CallSid: 'CA-north', From: '+14155550161', To: '+14155550171', CallStatus: 'completed' }
  expect((await signed('/twilio/w_test/inbound-status', ended)).status).toBe(204)
  await until(async () => expect((await stubFor(bindings, 'call', callId).read()).call.phase).toBe('over'))
  expect((await inbound('+14155550172', 'CA-first')).status).toBe(200)
  expect(await callOfSid('w_test', 'CA-first')).not.toBeNull()

  expect((await ask(north, 'DELETE /api/numbers/%2B14155550171')).status).toBe(200)
  expect((await saves(first, '+14155550171')).status).toBe(201)
})

test('a number is one however it is spelled, and whoever gives it up leaves nothing behind', async () => {
  const [first, north] = [await inBoth('Lou'), await inBoth('Max')]
  await enters(first, 'w_test')
  await enters(north, made)
  const saves = (who: Person, number: string) => ask(who, 'POST /api/numbers', { number })
  const [spelling, number] = ['+4402079460018', '+442079460018']
  const saved = await saves(north, spelling)
  expect([saved.status, await saved.json()]).toEqual([201, { number }])
  for (const one of [spelling, number]) expect((await saves(first, one)).status, one).toBe(409)
  expect((await ask(north, `DELETE /api/numbers/${encodeURIComponent(spelling)}`)).status).toBe(200)
  expect((await saves(first, number)).status).toBe(201)

  // One that was claimed, and the request ended before it was saved.
  const half = '+14155550174'
  await claimNumber(bindings, made, half)
  expect((await saves(first, half)).status).toBe(409)
  expect((await ask(first, `DELETE /api/numbers/${encodeURIComponent(half)}`)).status).toBe(404)
  expect((await saves(first, half)).status).toBe(409)
  expect((await ask(north, `DELETE /api/numbers/${encodeURIComponent(half)}`)).status).toBe(404)
  expect((await saves(first, half)).status).toBe(201)
})

const DOORS = [
  ['/twilio/w_test/inbound', '/twilio/w_test/inbound-status'],
  ['/api/twilio/inbound', '/api/twilio/status'],
  ['/api/twilio/inbound', '/api/twilio/status-callback'],
  ['/twilio/voice', '/twilio/status'],
] as const

test.each(DOORS)('a call to a number of a made workspace goes there by %s and %s', async (asks, tells) => {
  const north = await inBoth('Kay')
  await enters(north, made)
  const number = '+14155550173'
  expect((await ask(north, 'POST /api/numbers', { number })).status).toBe(201)
  // Somebody who would take the call of the first workspace.
  const agent = aiAgentBody.parse({ name: 'W', prompt: 'P.' })
  await stubFor(bindings, 'workspace', 'w_test').saveAiAgent('ai_w', agent, '')
  const sid = `CA-${tells.replaceAll('/', '-')}`
  const form = { ...ACCOUNT, CallSid: sid, From: '+14155550161', To: number }
  expect((await signed(asks, { ...form, CallStatus: 'ringing' })).status).toBe(200)
  expect(await stubFor(bindings, 'trunk', 'w_test').callOf(sid)).toBeNull()
  const callId = (await stubFor(bindings, 'trunk', made).callOf(sid)) ?? ''
  expect(callId.startsWith(`${made}.`)).toBe(true)
  expect((await signed(tells, { ...form, CallStatus: 'completed' })).status).toBe(204)
  await until(async () => expect((await stubFor(bindings, 'call', callId).read()).call.phase).toBe('over'))
})

test('a call that is open in a made workspace is on the list of the sweep', async () => {
  await callOf(`${made}.call_swept`, { agentName: 'Ada' })
  await until(async () => {
    const row = await bindings.DB.prepare('SELECT 1 FROM open_workspaces WHERE workspaceId = ?').bind(made).first()
    expect(row).not.toBeNull()
  })
})

test('the phone of a person is that of the workspace which they are signed in to', async () => {
  const who = await inBoth('Jo', 'agent')
  const dials = async (workspaceId: string) => {
    const From = `client:${phoneName(deskId(workspaceId, who.userId))}`
    const answer = await signed('/twilio/w_test/voice', {
      ...ACCOUNT,
      CallSid: `CA-${workspaceId}`,
      From,
      To: '',
      kind: 'line',
    })
    expect(answer.status).toBe(200)
    return answer.text()
  }
  await enters(who, made)
  const { identity } = await read<{ identity: string }>(who, '/api/twilio/token')
  expect(identity).toBe(phoneName(deskId(made, who.userId)))
  expect(await dials(made)).toContain(`/twilio/${made}/rooms/`)
  expect(await dials('w_test')).toContain('Please sign in again.')
  await enters(who, 'w_test')
  expect((await read<{ identity: string }>(who, '/api/twilio/token')).identity).toBe(`agent_${who.userId}`)
  expect(await dials('w_test')).toContain('/twilio/w_test/rooms/')
  expect(await dials(made)).toContain('Please sign in again.')
})

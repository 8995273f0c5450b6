/** What a person has open ends with their sign-in, their role or their membership. */
import { beforeAll, expect, test } from 'vitest'
import { stubFor } from '../../../src/actors/stubs.ts'
import { deskId } from '../../../src/core/ids.ts'
import { phoneName } from '../../../src/core/phone-names.ts'
import { aiAgentBody } from '../../../src/wire/ai-agent.ts'
import { bindings, migrated, request, signed, until } from '../stage.ts'
import {
  ask,
  callOf,
  cookiesOf,
  type OpenSocket,
  PASSWORD,
  type Person,
  person,
  signedIn,
  socketOf,
  trySignIn,
} from './people.ts'

const WITHIN_MS = 5_000
let admin = {} as Person

beforeAll(async () => {
  await migrated()
  admin = await person('Root', 'admin')
  await stubFor(bindings, 'workspace', 'w_test').saveAiAgent('ai_w', aiAgentBody.parse({ name: 'W', prompt: 'P.' }), '')
})

let calls = 0
/** A desk and a call of this person, both followed by a screen. */
async function open(who: Person): Promise<OpenSocket[]> {
  calls += 1
  const callId = `w_test.call_open${calls}`
  await callOf(callId, { agentName: 'Ada', agentId: who.userId })
  const screen = await until(() => socketOf(who, `/api/calls/${callId}/live`))
  const desk = await socketOf(who, '/api/desk')
  desk.send({ id: 'hello', type: 'hello', protocol: 1, tabId: 'tab', since: 0 })
  await until(async () => expect(desk.messages.at(-1)?.type).toBe('view'))
  return [desk, screen]
}

/** They are closed with the code that says that the sign-in is over, in time, and no command is taken meanwhile. */
async function ended([desk, screen]: OpenSocket[], since: number): Promise<void> {
  await until(async () => {
    expect(desk?.closed?.code).toBe(4401)
    expect(screen?.closed?.code).toBe(4401)
  })
  expect(Date.now() - since).toBeLessThan(WITHIN_MS)
}

test('sign-out ends the desk and the screens of that sign-in, and no other [D8]', async () => {
  const ada = await person('Ada', 'agent')
  const elsewhere = { ...ada, cookie: await signedIn(ada.email) }
  const open1 = await open(ada)
  const [desk2] = await open(elsewhere)
  const since = Date.now()
  expect((await ask(ada, 'POST /api/auth/sign-out', {})).status).toBe(200)
  await ended(open1, since)
  expect((await ask(ada, 'GET /api/me')).status).toBe(401)
  expect((await ask(elsewhere, 'GET /api/me')).status).toBe(200)
  desk2?.send({ id: 'after', type: 'presence.paused' })
  await until(async () => expect(desk2?.messages).toContainEqual({ type: 'accepted', id: 'after' }))
  expect(desk2?.closed).toBeNull()
})

test('a person who is removed loses sockets, sign-ins and the phone, and may be added again [D8]', async () => {
  const bo = await person('Bo', 'agent')
  const sockets = await open(bo)
  expect(await voice(bo)).toContain('<Conference')
  const number = '+14155550399'
  await ask(admin, 'POST /api/numbers', { number, ownerUserId: bo.userId })
  const rings = async () => (await stubFor(bindings, 'trunk', 'w_test').routeOf(number, 'CA-rings')).route.to
  expect(await rings()).toBe('desk')
  const since = Date.now()
  expect((await ask(admin, `DELETE /api/members/${bo.userId}`)).status).toBe(200)
  await ended(sockets, since)
  expect((await ask(bo, 'GET /api/me')).status).toBe(401)
  expect((await trySignIn(bo.email, PASSWORD)).status).toBe(401)
  expect(await voice(bo)).toContain('Please sign in again.')
  expect(await rings()).toBe('nobody')
  expect((await ask(admin, `DELETE /api/members/${bo.userId}`)).status).toBe(404)
  const again = { email: bo.email, name: 'Bo', role: 'agent', password: PASSWORD }
  expect((await ask(admin, 'POST /api/members', again)).status).toBe(201)
})

test('another role ends the sockets; the next ones have the new role [D8]', async () => {
  const sam = await person('Sam', 'supervisor')
  const sockets = await open(sam)
  const since = Date.now()
  expect((await ask(admin, `PATCH /api/members/${sam.userId}`, { role: 'agent' })).status).toBe(200)
  await ended(sockets, since)
  expect((await ask(sam, 'GET /api/events')).status).toBe(403)
})

test('another password ends every sign-in but the new one, and the old password is nothing any more [D8] [D23]', async () => {
  const cy = await person('Cy', 'agent')
  const elsewhere = { ...cy, cookie: await signedIn(cy.email) }
  const sockets = await open(elsewhere)
  const wrong = await ask(cy, 'PUT /api/me/password', { currentPassword: 'guess', newPassword: 'another long secret' })
  expect(wrong.status).toBe(422)
  const common = { currentPassword: PASSWORD, newPassword: 'password1234' }
  expect((await ask(cy, 'PUT /api/me/password', common)).status).toBe(400)
  const since = Date.now()
  const answer = await ask(cy, 'PUT /api/me/password', {
    currentPassword: PASSWORD,
    newPassword: 'another long secret',
  })
  expect(answer.status).toBe(200)
  await ended(sockets, since)
  expect((await ask(elsewhere, 'GET /api/me')).status).toBe(401)
  expect((await ask(cy, 'GET /api/me')).status).toBe(401)
  expect((await ask({ cookie: cookiesOf(answer) }, 'GET /api/me')).status).toBe(200)
  expect((await trySignIn(cy.email, PASSWORD)).status).toBe(401)
  expect((await trySignIn(cy.email, 'another long secret')).status).toBe(200)
})

test('a person lists and ends their own sign-ins, an admin those of others [D8]', async () => {
  const di = await person('Di', 'agent')
  const elsewhere = { ...di, cookie: await signedIn(di.email) }
  const list = async (who: Person, path = '/api/me/sessions') =>
    ((await (await ask(who, `GET ${path}`)).json()) as { items: { sessionId: string; current: boolean }[] }).items
  const own = await list(di)
  expect(own).toHaveLength(2)
  const other = own.find(one => !one.current)
  const [stranger] = await list(admin)
  expect((await ask(di, `DELETE /api/me/sessions/${stranger?.sessionId}`)).status).toBe(404)
  expect((await ask(di, `DELETE /api/me/sessions/${other?.sessionId}`)).status).toBe(200)
  expect((await ask(elsewhere, 'GET /api/me')).status).toBe(401)
  expect((await ask(di, 'GET /api/me')).status).toBe(200)
  expect(await list(admin, `/api/members/${di.userId}/sessions`)).toHaveLength(1)
  expect((await ask(di, `GET /api/members/${admin.userId}/sessions`)).status).toBe(403)
  expect((await ask(admin, `DELETE /api/members/${di.userId}/sessions`)).status).toBe(200)
  expect((await ask(di, 'GET /api/me')).status).toBe(401)
})

test('the last admin is neither demoted nor removed, also when two go at once [D19]', async () => {
  const [one, two] = [await person('One', 'admin', 'w_admins'), await person('Two', 'admin', 'w_admins')]
  const statuses = await Promise.all([
    ask(one, `PATCH /api/members/${one.userId}`, { role: 'agent' }),
    ask(two, `DELETE /api/members/${two.userId}`),
  ])
  expect(statuses.map(answer => answer.status).sort()).toEqual([200, 409])
  const left = await bindings.DB.prepare(
    "SELECT COUNT(*) AS n FROM membership WHERE workspaceId = 'w_admins' AND role = 'admin'",
  ).first<{ n: number }>()
  expect(left?.n).toBe(1)
})

test('the person of another workspace is neither changed, removed nor listed [D19]', async () => {
  const far = await person('Far', 'agent', 'w_far')
  for (const endpoint of [
    `PATCH /api/members/${far.userId}`,
    `DELETE /api/members/${far.userId}`,
    `GET /api/members/${far.userId}/sessions`,
    `DELETE /api/members/${far.userId}/sessions`,
  ])
    expect((await ask(admin, endpoint, endpoint.startsWith('PATCH') ? { role: 'admin' } : undefined)).status).toBe(404)
  const stolen = { email: far.email, name: 'Far', role: 'admin', password: PASSWORD }
  expect((await ask(admin, 'POST /api/members', stolen)).status).toBe(409)
  expect((await ask(far, 'GET /api/me')).status).toBe(200)
})

/** What the carrier is answered when the browser phone of this person opens its line. */
async function voice(who: Pick<Person, 'userId'>): Promise<string> {
  const From = `client:${phoneName(deskId('w_test', who.userId))}`
  const form = {
    CallSid: `CA-${who.userId}`,
    AccountSid: bindings.TWILIO_ACCOUNT_SID ?? '',
    From,
    To: '',
    kind: 'line',
  }
  const answer = await signed('/twilio/w_test/voice', form)
  expect(answer.status).toBe(200)
  return answer.text()
}

test('the carrier’s webhook serves people who exist and are signed in, for every wish of a phone [D8]', async () => {
  const wishes: Record<string, string>[] = [{ kind: 'line' }, { kind: 'ai', agentId: 'ai_w' }, { To: '+14155550133' }]
  for (const wish of wishes) {
    const form = { CallSid: 'CA-ghost', From: 'client:agent_ghostghost', ...wish }
    const answer = await signed('/twilio/w_test/voice', form)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('Please sign in again.')
  }
  const out = await person('Out', 'agent')
  await ask(out, 'POST /api/auth/sign-out', {})
  expect(await voice(out)).toContain('Please sign in again.')
})

test('a request without a session opens no socket', async () => {
  const answer = await request('/api/desk', { headers: { Upgrade: 'websocket' } })
  expect(answer.status).toBe(401)
})

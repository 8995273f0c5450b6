/** A second factor: set up with the first right code, asked for at each sign-in, guessed seldom, and required by an admin. */
import { beforeAll, expect, test } from 'vitest'
import { deskId } from '../../../src/core/ids.ts'
import { phoneName } from '../../../src/core/phone-names.ts'
import type { Rows } from '../../../src/wire/routes/row.ts'
import { routes } from '../../../src/wire/routes/table.ts'
import { codeOf } from '../../totp.ts'
import { bindings, migrated, signed, until } from '../stage.ts'
import {
  ask,
  callOf,
  cookiesOf,
  guessedByStrangers,
  PASSWORD,
  type Person,
  person,
  signedIn,
  socketOf,
  trySignIn,
} from './people.ts'

interface SetUp {
  secret: string
  backupCodes: string[]
}
const NOBODY = { cookie: '' }
let root = {} as Person & SetUp

beforeAll(async () => {
  await migrated()
  root = await withFactor('Root', 'admin')
})

const begin = (who: Pick<Person, 'cookie'>, password = PASSWORD) => ask(who, 'POST /api/me/second-factor', { password })
const confirm = (who: Pick<Person, 'cookie'>, code: string) => ask(who, 'POST /api/me/second-factor/confirm', { code })

async function withFactor(name: string, role: 'agent' | 'admin'): Promise<Person & SetUp> {
  const who = await person(name, role)
  const begun = await begin(who)
  expect(begun.status).toBe(201)
  const setUp = (await begun.json()) as SetUp
  const answer = await confirm(who, await codeOf(setUp.secret, Date.now()))
  expect(answer.status).toBe(200)
  return { ...who, ...setUp, cookie: cookiesOf(answer) }
}

/** The first step of a sign-in, whose cookie is no session yet. */
async function firstStep(who: Person): Promise<{ cookie: string }> {
  const answer = await trySignIn(who.email, PASSWORD)
  expect(await answer.json()).toMatchObject({ twoFactorRedirect: true })
  return { cookie: cookiesOf(answer) }
}
const verify = (challenge: { cookie: string }, code: string) =>
  ask(challenge, 'POST /api/second-factor/verify', { code })
const state = async (who: Pick<Person, 'cookie'>) => (await ask(who, 'GET /api/me/second-factor')).json()

test('it is on when the first code was right, and not before', async () => {
  const who = await person('Ada', 'agent')
  expect((await begin(who, 'not the password')).status).toBe(422)
  const { secret, backupCodes } = (await (await begin(who)).json()) as SetUp
  expect(backupCodes).toHaveLength(10)
  expect((await confirm(who, '000000')).status).toBe(422)
  expect(await state(who)).toEqual({ on: false, required: false })
  expect((await trySignIn(who.email, PASSWORD)).headers.get('Set-Cookie')).toContain('session_token')
  const answer = await confirm(who, await codeOf(secret, Date.now()))
  expect(answer.status).toBe(200)
  // Another session has taken the place of this one, in the same workspace.
  const now = { cookie: cookiesOf(answer) }
  expect(await state(now)).toEqual({ on: true, required: false })
  expect((await begin(now)).status).toBe(409)
})

test('sign-ins from before it was on end everywhere, and the one that has set it up goes on where it was', async () => {
  const who = await person('Eva', 'agent')
  await person('Faraway', 'admin', 'w_factor')
  await bindings.DB.prepare("INSERT INTO membership (userId, workspaceId, role) VALUES (?, 'w_factor', 'agent')")
    .bind(who.userId)
    .run()
  expect((await ask(who, 'PUT /api/me/workspace', { workspaceId: 'w_test' })).status).toBe(200)
  const elsewhere = { cookie: await signedIn(who.email) }
  const unused = { cookie: await signedIn(who.email) }
  expect((await ask(elsewhere, 'PUT /api/me/workspace', { workspaceId: 'w_factor' })).status).toBe(200)
  const desk = await socketOf(elsewhere, '/api/desk')
  const { secret } = (await (await begin(who)).json()) as SetUp
  const answer = await confirm(who, await codeOf(secret, Date.now()))
  expect(answer.status).toBe(200)
  for (const before of [who, elsewhere, unused]) expect((await ask(before, 'GET /api/me')).status).toBe(401)
  await until(async () => expect(desk.closed?.code).toBe(4401))
  const me = await ask({ cookie: cookiesOf(answer) }, 'GET /api/me')
  expect(await me.json()).toMatchObject({ workspaceId: 'w_test' })
})

test('a password alone opens nothing; the code of the app does, and not one of long ago', async () => {
  const challenge = await firstStep(root)
  expect((await ask(challenge, 'GET /api/me')).status).toBe(401)
  expect((await verify(NOBODY, '000000')).status).toBe(401)
  expect((await verify(challenge, await codeOf(root.secret, Date.now(), -20))).status).toBe(401)
  const answer = await verify(challenge, await codeOf(root.secret, Date.now()))
  expect(answer.status).toBe(200)
  expect((await ask({ cookie: cookiesOf(answer) }, 'GET /api/me')).status).toBe(200)
  // The first step is used up.
  expect((await verify(challenge, await codeOf(root.secret, Date.now()))).status).toBe(401)
})

test('a backup code opens once', async () => {
  const who = await withFactor('Bo', 'agent')
  const [code = ''] = who.backupCodes
  const answer = await verify(await firstStep(who), code)
  expect(answer.status).toBe(200)
  expect((await ask({ cookie: cookiesOf(answer) }, 'GET /api/me')).status).toBe(200)
  expect((await verify(await firstStep(who), code)).status).toBe(401)
})

test('secret and backup codes are stored sealed', async () => {
  const { results } = await bindings.DB.prepare('SELECT * FROM twoFactor').all()
  const stored = JSON.stringify(results)
  expect(results.length).toBeGreaterThan(0)
  for (const text of [root.secret, ...root.backupCodes]) expect(stored).not.toContain(text)
})

test('what was sealed with another secret is said in words, and the operator’s statements let the person in again', async () => {
  const who = await withFactor('Ned', 'agent')
  const [backup = ''] = who.backupCodes
  const sealedOtherwise = '00'.repeat(60)
  await bindings.DB.prepare('UPDATE twoFactor SET secret = ?1, backupCodes = ?1 WHERE userId = ?2')
    .bind(sealedOtherwise, who.userId)
    .run()
  for (const code of [await codeOf(who.secret, Date.now()), backup]) {
    const answer = await verify(await firstStep(who), code)
    expect([answer.status, await answer.json()]).toMatchObject([409, { fields: [{ field: 'code' }] }])
  }
  // As docs/operations.md has them.
  for (const sql of [
    'DELETE FROM twoFactor WHERE userId = (SELECT id FROM user WHERE email = ?)',
    'UPDATE user SET twoFactorEnabled = 0 WHERE email = ?',
    'DELETE FROM session WHERE userId = (SELECT id FROM user WHERE email = ?)',
  ])
    await bindings.DB.prepare(sql).bind(who.email).run()
  expect((await ask(who, 'GET /api/me')).status).toBe(401)
  const again = { cookie: await signedIn(who.email) }
  expect(await state(again)).toEqual({ on: false, required: false })
  // A set-up that was begun before the secret was replaced is begun again.
  expect((await begin(again)).status).toBe(201)
  await bindings.DB.prepare('UPDATE twoFactor SET secret = ? WHERE userId = ?').bind(sealedOtherwise, who.userId).run()
  expect((await confirm(again, '000000')).status).toBe(422)
  const { secret } = (await (await begin(again)).json()) as SetUp
  expect((await confirm(again, await codeOf(secret, Date.now()))).status).toBe(200)
})

test('codes are guessed five times for one password, and ten times in all; then even the right one waits', async () => {
  const who = await withFactor('Cy', 'agent')
  const guesses = async () => {
    const challenge = await firstStep(who)
    for (let n = 0; n < 5; n += 1) expect((await verify(challenge, '000000')).status).toBe(401)
    return verify(challenge, await codeOf(who.secret, Date.now()))
  }
  expect((await guesses()).status).toBe(401)
  await guesses()
  expect((await verify(await firstStep(who), await codeOf(who.secret, Date.now()))).status).toBe(429)
})

test('strangers lock nobody out of an address from which a code was right', async () => {
  const who = await withFactor('Dot', 'agent')
  const home = { 'CF-Connecting-IP': '203.0.113.81' }
  const challenge = { cookie: cookiesOf(await trySignIn(who.email, PASSWORD, home)) }
  const right = { code: await codeOf(who.secret, Date.now()) }
  expect((await ask(challenge, 'POST /api/second-factor/verify', right, home)).status).toBe(200)
  await guessedByStrangers(who.email)
  expect((await trySignIn(who.email, PASSWORD, home)).status).toBe(200)
})

test('it is switched off with the password', async () => {
  const who = await withFactor('Di', 'agent')
  expect((await ask(who, 'POST /api/me/second-factor/off', { password: 'not it' })).status).toBe(422)
  const answer = await ask(who, 'POST /api/me/second-factor/off', { password: PASSWORD })
  expect(answer.status).toBe(200)
  expect(await state({ cookie: cookiesOf(answer) })).toEqual({ on: false, required: false })
  expect((await trySignIn(who.email, PASSWORD)).headers.get('Set-Cookie')).toContain('session_token')
})

/** Rows that a person may call; those of programs alone know no second factor. */
const OF_PEOPLE = Object.entries(routes as Rows)
  .filter(([, { who }]) => typeof who === 'object' && 'role' in who)
  .map(([endpoint]) => endpoint)
/** By hand, so that no other row is opened by chance. */
const OPEN_BEFORE = [
  ...['GET /api/me', 'GET /api/me/workspaces', 'PUT /api/me/workspace'],
  ...['GET /api/me/second-factor', 'POST /api/me/second-factor', 'POST /api/me/second-factor/confirm'],
]

/** What the carrier is answered when the browser phone of this person opens its line. */
async function dials({ userId }: Person): Promise<string> {
  const From = `client:${phoneName(deskId('w_test', userId))}`
  const form = { CallSid: `CA-${userId}`, AccountSid: bindings.TWILIO_ACCOUNT_SID ?? '', From, To: '', kind: 'line' }
  return (await signed('/twilio/w_test/voice', form)).text()
}

test('an admin who has one requires it: who has none does nothing but the set-up, and their sockets end', async () => {
  const without = await person('Sam', 'admin')
  const requires = (by: Pick<Person, 'cookie'>, required: boolean) =>
    ask(by, 'PUT /api/workspace/second-factor', { required })
  expect((await requires(without, true)).status).toBe(409)
  const [ends, stays] = [await socketOf(without, '/api/desk'), await socketOf(root, '/api/desk')]
  await callOf('w_test.call_owed', { agentName: 'Ada' })
  const screen = await until(() => socketOf(without, '/api/calls/w_test.call_owed/live'))
  expect(await dials(without)).toContain('<Conference')
  expect((await requires(root, true)).status).toBe(200)
  await until(async () => expect(ends.closed?.code).toBe(4401))
  await until(async () => expect(screen.closed?.code).toBe(4401))
  expect(await dials(without)).toContain('Please sign in again.')
  expect(stays.closed).toBeNull()
  expect(await (await ask(without, 'GET /api/me')).json()).toMatchObject({ owesSecondFactor: true })
  const open: string[] = []
  for (const endpoint of OF_PEOPLE) {
    const answer = await ask(without, endpoint.replaceAll(/:\w+/g, 'x'), endpoint.startsWith('GET') ? undefined : {})
    const refused = answer.status === 403 && (await answer.text()).includes('Set yours up first')
    if (!refused) open.push(endpoint)
  }
  expect(open.sort()).toEqual(OPEN_BEFORE.sort())
  expect((await ask(without, 'GET /api/desk', undefined, { Upgrade: 'websocket' })).status).toBe(403)
  expect((await ask(root, 'POST /api/me/second-factor/off', { password: PASSWORD })).status).toBe(409)

  const { secret } = (await (await begin(without)).json()) as SetUp
  const answer = await confirm(without, await codeOf(secret, Date.now()))
  expect((await ask({ cookie: cookiesOf(answer) }, 'GET /api/calls')).status).toBe(200)
  expect((await requires(root, false)).status).toBe(200)
})

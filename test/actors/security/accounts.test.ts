/** An account is made whole or not at all, so that an e-mail is either free or opens something. */
import { beforeAll, expect, test } from 'vitest'
import type { Role } from '../../../src/wire/api.ts'
import { addMember } from '../../../src/worker/people.ts'
import { bindings, migrated } from '../stage.ts'
import { ask, cookiesOf, PASSWORD, type Person, person, signedIn, trySignIn } from './people.ts'

let admin = {} as Person

beforeAll(async () => {
  await migrated()
  admin = await person('Root', 'admin')
})

const rowsOf = (table: 'user' | 'account' | 'membership') =>
  bindings.DB.prepare(`SELECT COUNT(*) AS rows FROM ${table}`).first<number>('rows')
const rows = () => Promise.all([rowsOf('user'), rowsOf('account'), rowsOf('membership')])
const adds = (email: string) =>
  ask(admin, 'POST /api/members', { email, name: 'Nia', role: 'agent', password: PASSWORD })

test('a membership that cannot be made leaves neither a person nor an account behind', async () => {
  const before = await rows()
  const place = { workspaceId: 'w_test', workspaceName: 'w_test' }
  const wrong = { email: 'half@example.com', name: 'Half', password: PASSWORD, role: 'owner' as Role, ...place }
  await expect(addMember(bindings, wrong)).rejects.toThrow(/CHECK/)
  expect(await rows()).toEqual(before)
  expect((await adds('half@example.com')).status).toBe(201)
})

test('two who are added with one e-mail at once: one is, with their own password', async () => {
  const before = await rows()
  const statuses = (await Promise.all([adds('twice@example.com'), adds('Twice@example.com')])).map(one => one.status)
  expect(statuses.sort()).toEqual([201, 409])
  expect(await rows()).toEqual(before.map(count => Number(count) + 1))
  expect((await trySignIn('twice@example.com', PASSWORD)).status).toBe(200)
})

test('an e-mail that an interrupted request has left behind is free', async () => {
  const now = new Date().toISOString()
  const left = (id: string) =>
    bindings.DB.prepare('INSERT INTO user (id, name, email, createdAt, updatedAt) VALUES (?1, ?1, ?2, ?3, ?3)')
      .bind(id, `${id}@example.com`, now)
      .run()
  await left('left-one')
  await left('left-two')
  expect((await adds('left-one@example.com')).status).toBe(201)
  expect((await trySignIn('left-one@example.com', PASSWORD)).status).toBe(200)
  const asked = await ask(admin, 'POST /api/invitations', { email: 'left-two@example.com', role: 'agent' })
  const { link } = (await asked.json()) as { link: string }
  const joins = { token: link.split('#')[1], name: 'Two', password: PASSWORD }
  expect((await ask({ cookie: '' }, 'POST /api/invitation/join', joins)).status).toBe(201)
  expect((await trySignIn('left-two@example.com', PASSWORD)).status).toBe(200)
})

const OWN = 'a password of my own'
const invited = async (email: string) => {
  const far = await person('Far', 'admin', 'w_accounts')
  const answer = await ask(far, 'POST /api/invitations', { email, role: 'agent' })
  const { link } = (await answer.json()) as { link: string }
  return link.split('#')[1] ?? ''
}
const accepts = (cookie: string, token: string) => ask({ cookie }, 'POST /api/invitation/accept', { token })
const changes = (cookie: string, currentPassword: string, newPassword: string) =>
  ask({ cookie }, 'PUT /api/me/password', { currentPassword, newPassword })

test('whoever has the password that an admin typed accepts nothing and makes no workspace with it', async () => {
  const email = 'given@example.com'
  const added = { email, name: 'Gia', role: 'admin', password: PASSWORD }
  expect((await ask(admin, 'POST /api/members', added)).status).toBe(201)
  const token = await invited(email)
  const cookie = await signedIn(email)
  for (const refused of [
    await accepts(cookie, token),
    await ask({ cookie }, 'POST /api/workspaces', { name: 'Mine' }),
  ]) {
    expect(refused.status).toBe(409)
    expect(await refused.json()).toMatchObject({ fields: [{ field: 'password' }] })
  }
  // The admin who typed it has a sign-in of their own with it.
  const admins = await signedIn(email)
  const changed = await changes(cookie, PASSWORD, OWN)
  expect(changed.status).toBe(200)
  expect((await ask({ cookie: admins }, 'GET /api/me')).status).toBe(401)
  expect((await trySignIn(email, PASSWORD)).status).toBe(401)
  expect((await accepts(cookiesOf(changed), token)).status).toBe(200)
})

test('the password that an admin typed is not taken again, so it never passes for one of the person’s own', async () => {
  const email = 'again@example.com'
  expect((await adds(email)).status).toBe(201)
  const changed = await changes(await signedIn(email), PASSWORD, OWN)
  expect(changed.status).toBe(200)
  const back = await changes(cookiesOf(changed), OWN, PASSWORD)
  expect(back.status).toBe(422)
  expect(await back.json()).toMatchObject({ fields: [{ field: 'newPassword' }] })
})

test('what was typed is sealed, and no answer has it', async () => {
  const email = 'sealed@example.com'
  expect((await adds(email)).status).toBe(201)
  const given = await bindings.DB.prepare('SELECT givenPassword FROM user WHERE email = ?')
    .bind(email)
    .first<string>('givenPassword')
  expect(given).not.toContain(PASSWORD)
  const answer = await trySignIn(email, PASSWORD)
  const me = await ask({ cookie: cookiesOf(answer) }, 'GET /api/me')
  for (const text of [await answer.text(), await me.text()]) {
    expect(text).toContain(email)
    expect(text).not.toContain(given)
    expect(text).not.toContain('givenPassword')
  }
})

test('accounts of before the upgrade: whoever has never changed the password counts as given, but the first person', async () => {
  const { MIGRATIONS = [] } = bindings as typeof bindings & { MIGRATIONS?: { name: string; queries: string[] }[] }
  const sql = MIGRATIONS.flatMap(({ queries }) => queries).find(query =>
    query.includes('UPDATE user SET givenPassword'),
  )
  const [never, since] = [await person('Never', 'agent'), await person('Since', 'agent')]
  // A change is later than the account; here it follows at once, so the account is made older.
  await bindings.DB.prepare("UPDATE account SET createdAt = '2026-01-01T00:00:00.000Z' WHERE userId = ?")
    .bind(since.userId)
    .run()
  expect((await changes(since.cookie, PASSWORD, OWN)).status).toBe(200)
  await bindings.DB.prepare(sql ?? '').run()
  const marked = async ({ userId }: Person) =>
    bindings.DB.prepare('SELECT givenPassword IS NOT NULL AS given FROM user WHERE id = ?').bind(userId).first('given')
  expect([await marked(never), await marked(since), await marked(admin)]).toEqual([1, 0, 0])
})

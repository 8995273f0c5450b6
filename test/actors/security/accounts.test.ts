/** An account is made whole or not at all, so that an e-mail is either free or opens something. */
import { beforeAll, expect, test } from 'vitest'
import type { Role } from '../../../src/wire/api.ts'
import { addMember } from '../../../src/worker/people.ts'
import { bindings, migrated } from '../stage.ts'
import { ask, PASSWORD, type Person, person, trySignIn } from './people.ts'

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

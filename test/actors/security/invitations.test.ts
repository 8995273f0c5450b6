/** Nobody becomes a member without their own yes, and a link opens its workspace once, for the e-mail that it names. */
import { beforeAll, expect, test } from 'vitest'
import {
  type Invitation,
  invitationOf,
  joinAsNew,
  makeInvitation,
  useInvitation,
} from '../../../src/worker/invitations.ts'
import { bindings, migrated } from '../stage.ts'
import {
  ask,
  cookiesOf,
  guessedByStrangers,
  PASSWORD,
  type Person,
  person,
  signedIn,
  socketOf,
  trySignIn,
} from './people.ts'

const NOBODY = { cookie: '' }
let admin = {} as Person

beforeAll(async () => {
  await migrated()
  admin = await person('Root', 'admin')
})

async function invite(email: string, role = 'agent', by = admin): Promise<{ invitationId: string; token: string }> {
  const answer = await ask(by, 'POST /api/invitations', { email, role })
  expect(answer.status).toBe(201)
  const { invitationId, link } = (await answer.json()) as { invitationId: string; link: string }
  const [page, token = ''] = link.split('#')
  expect(page).toMatch(/\/app\/invitation$/)
  return { invitationId, token }
}

const waiting = async (by = admin) =>
  ((await (await ask(by, 'GET /api/invitations')).json()) as { items: { email: string }[] }).items
const look = (token: string) => ask(NOBODY, 'POST /api/invitation/look', { token })
const join = (token: string) => ask(NOBODY, 'POST /api/invitation/join', { token, name: 'Nia', password: PASSWORD })
const accept = (who: Pick<Person, 'cookie'>, token: string) => ask(who, 'POST /api/invitation/accept', { token })

/** Whatever was wrong with the token, the answer is the same. */
async function isOver(token: string): Promise<void> {
  const wrong = await (await look('iv_wrong')).json()
  for (const answer of [await look(token), await join(token), await accept(admin, token)]) {
    expect(answer.status).toBe(404)
    expect(await answer.json()).toEqual(wrong)
  }
}

test('a newcomer reads who invites them, joins by their own password, and the link is used up', async () => {
  const { token } = await invite('Nia@Example.com', 'supervisor')
  expect(await (await look(token)).json()).toMatchObject({
    ...{ workspaceName: 'w_test', role: 'supervisor', email: 'nia@example.com', madeBy: 'Root', known: false },
  })
  expect(await waiting()).toMatchObject([{ email: 'nia@example.com', role: 'supervisor', madeBy: 'Root' }])
  const answer = await join(token)
  expect(answer.status).toBe(201)
  const me = await ask({ cookie: cookiesOf(answer) }, 'GET /api/me')
  expect(await me.json()).toMatchObject({ name: 'Nia', role: 'supervisor', workspaceId: 'w_test' })
  expect((await trySignIn('nia@example.com', PASSWORD)).status).toBe(200)
  expect(await waiting()).toEqual([])
  await isOver(token)
})

test('the common passwords are refused, and the link stays good', async () => {
  const { token } = await invite('weak@example.com')
  const weak = { token, name: 'Weak', password: 'password1234' }
  expect((await ask(NOBODY, 'POST /api/invitation/join', weak)).status).toBe(400)
  expect((await look(token)).status).toBe(200)
})

test('only a hash of the token is stored', async () => {
  const { token } = await invite('hash@example.com')
  const { results } = await bindings.DB.prepare('SELECT * FROM invitations').all()
  expect(JSON.stringify(results)).toContain('hash@example.com')
  expect(JSON.stringify(results)).not.toContain(token.slice(3))
})

test('a link that was revoked, declined or replaced, or whose week is over, opens nothing', async () => {
  const revoked = await invite('revoked@example.com')
  expect((await ask(admin, `DELETE /api/invitations/${revoked.invitationId}`)).status).toBe(200)
  await isOver(revoked.token)
  const declined = await invite('declined@example.com')
  expect((await ask(NOBODY, 'POST /api/invitation/decline', { token: declined.token })).status).toBe(200)
  await isOver(declined.token)
  const first = await invite('twice@example.com')
  const second = await invite('twice@example.com')
  await isOver(first.token)
  expect((await look(second.token)).status).toBe(200)
  const { endsMs } = (await (await look(second.token)).json()) as { endsMs: number }
  expect(endsMs).toBeLessThanOrEqual(Date.now() + 7 * 24 * 3_600_000)
  await bindings.DB.prepare("UPDATE invitations SET endsMs = ? WHERE email = 'twice@example.com'")
    .bind(Date.now() - 1)
    .run()
  await isOver(second.token)
  expect(await waiting()).not.toContainEqual(expect.objectContaining({ email: 'twice@example.com' }))
})

test('two who join at once by one link: one does', async () => {
  const { token } = await invite('race@example.com')
  const statuses = (await Promise.all([join(token), join(token)])).map(one => one.status).sort()
  expect(statuses[0]).toBe(201)
  expect([404, 409]).toContain(statuses[1])
})

test('somebody with an account is asked first, and only they can say yes', async () => {
  const far = await person('Far', 'agent', 'w_far')
  const { token } = await invite(far.email, 'supervisor')
  expect(await (await ask(far, 'GET /api/me')).json()).toMatchObject({ workspaceId: 'w_far' })
  expect(await (await look(token)).json()).toMatchObject({ known: true })
  expect((await join(token)).status).toBe(409)
  expect((await accept(NOBODY, token)).status).toBe(401)
  const other = await person('Other', 'admin', 'w_far')
  expect((await accept(other, token)).status).toBe(403)
  const desk = await socketOf(far, '/api/desk')
  expect((await accept(far, token)).status).toBe(200)
  // This sign-in is in the new workspace now, and the desk of the old one is closed.
  expect(await (await ask(far, 'GET /api/me')).json()).toMatchObject({ workspaceId: 'w_test', role: 'supervisor' })
  await expect.poll(() => desk.closed?.code, { timeout: 5_000 }).toBe(4401)
  await isOver(token)
  expect((await ask(admin, 'POST /api/invitations', { email: far.email, role: 'agent' })).status).toBe(409)
})

test('a sign-in that was not used yet stays in the workspace of before', async () => {
  const far = await person('Fay', 'agent', 'w_far')
  const unused = { cookie: await signedIn(far.email) }
  const { token } = await invite(far.email)
  expect((await accept(far, token)).status).toBe(200)
  const seen = await ask(admin, `GET /api/members/${far.userId}/sessions`)
  expect(((await seen.json()) as { items: object[] }).items).toHaveLength(1)
  expect((await ask(admin, `DELETE /api/members/${far.userId}/sessions`)).status).toBe(200)
  expect((await ask(far, 'GET /api/me')).status).toBe(401)
  expect(await (await ask(unused, 'GET /api/me')).json()).toMatchObject({ workspaceId: 'w_far' })
})

test('an admin lists and revokes their own workspace’s invitations alone', async () => {
  const away = await person('Away', 'admin', 'w_far')
  const { invitationId, token } = await invite('apart@example.com')
  expect(await waiting(away)).toEqual([])
  expect((await ask(away, `DELETE /api/invitations/${invitationId}`)).status).toBe(404)
  expect((await look(token)).status).toBe(200)
})

test('invitations end with the admin who has made them', async () => {
  const [removed, demoted] = [await person('Removed', 'admin'), await person('Demoted', 'admin')]
  const byRemoved = await invite('by-removed@example.com', 'admin', removed)
  const byDemoted = await invite('by-demoted@example.com', 'admin', demoted)
  expect((await ask(admin, `DELETE /api/members/${removed.userId}`)).status).toBe(200)
  expect((await ask(admin, `PATCH /api/members/${demoted.userId}`, { role: 'agent' })).status).toBe(200)
  await isOver(byRemoved.token)
  await isOver(byDemoted.token)
})

test('an invitation that was made while its admin was demoted opens nothing, and is on no list', async () => {
  const demoted = await person('Late', 'admin')
  const { token } = await invite('late@example.com', 'admin', demoted)
  const known = await person('Known', 'agent', 'w_far')
  const forKnown = await invite(known.email, 'admin', demoted)
  const [asNew, asKnown] = [await invitationOf(bindings, token, 0), await invitationOf(bindings, forKnown.token, 0)]
  // Only the role is changed, as for a request that was let in a moment before.
  await bindings.DB.prepare("UPDATE membership SET role = 'agent' WHERE userId = ?").bind(demoted.userId).run()
  await isOver(token)
  expect(await waiting()).not.toContainEqual(expect.objectContaining({ email: 'late@example.com' }))
  // Nor does it for whoever has looked a moment before.
  const newcomer = { name: 'Late', password: PASSWORD }
  expect(await joinAsNew(bindings, asNew as Invitation, newcomer, Date.now())).toBe('over')
  expect((await trySignIn('late@example.com', PASSWORD)).status).toBe(401)
  expect(await useInvitation(bindings, asKnown as Invitation, known.userId, Date.now())).toBe(false)
  const wanted = { workspaceId: 'w_test', email: 'later@example.com', role: 'admin', madeBy: demoted.userId } as const
  expect(await makeInvitation(bindings, wanted, Date.now())).toBe('no-admin')
  expect(await waiting()).not.toContainEqual(expect.objectContaining({ email: 'later@example.com' }))
})

test('strangers lock no newcomer out of the address from which they joined', async () => {
  const email = 'joined@example.com'
  const { token } = await invite(email)
  const home = { 'CF-Connecting-IP': '203.0.113.82' }
  const joined = await ask(NOBODY, 'POST /api/invitation/join', { token, name: 'Jo', password: PASSWORD }, home)
  expect(joined.status).toBe(201)
  await guessedByStrangers(email)
  expect((await trySignIn(email, PASSWORD, home)).status).toBe(200)
})

test('guesses are counted by address, and a right token is not one', async () => {
  const { token } = await invite('guessed@example.com')
  const from = { 'CF-Connecting-IP': '203.0.113.77' }
  const tries = (text: string) => ask(NOBODY, 'POST /api/invitation/look', { token: text }, from)
  for (let n = 0; n < 70; n += 1) expect((await tries(token)).status).toBe(200)
  const guesses: number[] = []
  for (let n = 0; n < 61; n += 1) guesses.push((await tries(`iv_guess${n}`)).status)
  expect(guesses.slice(0, 60)).toEqual(Array(60).fill(404))
  expect(guesses[60]).toBe(429)
  expect(await signedIn(admin.email)).not.toBe('')
})

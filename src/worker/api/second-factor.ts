/** The second factor: set up, asked for at a sign-in, switched off, and required by an admin. */
import type { Context } from 'hono'
import type { Env } from '../../actors/env.ts'
import { secondFactorRoutes } from '../../wire/routes/second-factor.ts'
import { forEach } from '../each.ts'
import { endSockets, endSocketsEverywhere } from '../end-access.ts'
import { endSupervisions } from '../end-supervisions.ts'
import { endOtherSignIns } from '../membership.ts'
import { type Member, signedInOf } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import {
  beginSecondFactor,
  challengeOf,
  confirmSecondFactor,
  endSecondFactor,
  requireSecondFactor,
  secondFactorOf,
  verifySecondFactor,
} from '../second-factor.ts'
import { countTry, tooManyTries } from '../sign-in-limits.ts'
import { keepPlace } from '../workspaces.ts'

const PEOPLE_AT_ONCE = 10

const wrongPassword = () =>
  new Refusal(422, 'The password is not right.', [{ field: 'password', message: 'not right' }])
const wrongCode = (status: 401 | 422) =>
  new Refusal(status, 'The code is not right.', [{ field: 'code', message: 'not right' }])
const beginAgain = () => new Refusal(401, 'Sign in with your password again.')
const unreadable = () =>
  new Refusal(409, 'The second factor of this account cannot be read any more. Ask whoever runs this installation.', [
    { field: 'code', message: 'nothing to hold it against' },
  ])

/** The library begins another session in place of this one; sockets of the old one open again with it. */
async function goOn(c: Context<{ Bindings: Env }>, member: Member, cookies: string[]): Promise<void> {
  for (const cookie of cookies) c.header('Set-Cookie', cookie, { append: true })
  await keepPlace(c.env, member.userId, member.workspaceId)
  await endSockets(c.env, member, { sessions: [member.session.id] })
}

/** Sign-ins from before the factor was on have shown a password only, so all but the one that goes on end. */
async function endThoseWithoutCode(c: Context<{ Bindings: Env }>, { userId }: Member, cookies: string[]) {
  const goesOn = await signedInOf(c.env, cookies.length === 0 ? c.req.raw.headers : headersWith(cookies))
  if (goesOn === null) throw new Error('a confirmed factor without a sign-in')
  await endOtherSignIns(c.env, userId, goesOn.session.id)
  await endSocketsEverywhere(c.env, userId)
}

/** A request as the browser sends it when it has taken these cookies. */
function headersWith(cookies: string[]): Headers {
  return new Headers({ Cookie: cookies.map(cookie => cookie.split(';', 1)[0]).join('; ') })
}

/** @throws Refusal 429: this was guessed too often */
async function counted(env: Env, guessed: string, headers: Headers) {
  const tried = await countTry(env, guessed, headers, Date.now())
  if (!tried.allowed) throw tooManyTries()
  return tried
}

export const secondFactor = bind(secondFactorRoutes, {
  async 'GET /api/me/second-factor'({ env, member }) {
    const { on, required } = await secondFactorOf(env, member.userId, member.workspaceId)
    return { on, required }
  },

  async 'POST /api/me/second-factor'({ c, env, member, body: { password } }) {
    const tried = await counted(env, member.email, c.req.raw.headers)
    const begun = await beginSecondFactor(env, c.req.raw.headers, password)
    if (begun === null) throw wrongPassword()
    await tried.takeBack()
    if (begun === 'on') throw new Refusal(409, 'You have a second factor already. Switch it off first.')
    return begun
  },

  async 'POST /api/me/second-factor/confirm'({ c, env, member, body: { code } }) {
    const tried = await counted(env, `confirm ${member.userId}`, c.req.raw.headers)
    const cookies = await confirmSecondFactor(env, member.userId, c.req.raw.headers, code)
    if (cookies === null) throw wrongCode(422)
    await tried.takeBack()
    await endThoseWithoutCode(c, member, cookies)
    await goOn(c, member, cookies)
    return { message: 'on' }
  },

  async 'POST /api/me/second-factor/off'({ c, env, member, body: { password } }) {
    const { requiredSomewhere } = await secondFactorOf(env, member.userId, member.workspaceId)
    if (requiredSomewhere) throw new Refusal(409, 'A workspace of yours wants a second factor.')
    const tried = await counted(env, member.email, c.req.raw.headers)
    const cookies = await endSecondFactor(env, c.req.raw.headers, password)
    if (cookies === null) throw wrongPassword()
    await tried.takeBack()
    await goOn(c, member, cookies)
    return { message: 'off' }
  },

  async 'POST /api/second-factor/verify'({ c, env, body: { code } }) {
    const challenge = challengeOf(c.req.raw.headers)
    if (challenge === null) throw beginAgain()
    const tried = await counted(env, challenge, c.req.raw.headers)
    const verified = await verifySecondFactor(env, c.req.raw.headers, code)
    if (verified === 'wrong') throw wrongCode(401)
    if (verified === 'begin-again') throw beginAgain()
    if (verified === 'unreadable') throw unreadable()
    if (verified === 'locked')
      throw new Refusal(429, 'Too many wrong codes. Wait a quarter of an hour, then sign in again.')
    await tried.succeeded(verified.userId)
    for (const cookie of verified.cookies) c.header('Set-Cookie', cookie, { append: true })
    return { message: 'signed in' }
  },

  async 'PUT /api/workspace/second-factor'({ env, member, body: { required } }) {
    const { userId, workspaceId } = member
    if (required && !(await secondFactorOf(env, userId, workspaceId)).on)
      throw new Refusal(409, 'Set up your own second factor first.')
    const others = await requireSecondFactor(env, workspaceId, required)
    const ends = [
      () =>
        forEach(others, PEOPLE_AT_ONCE, other => endSockets(env, { userId: other, workspaceId }, { sessions: null })),
      () => endSupervisions(env, workspaceId, others),
    ]
    await forEach(ends, ends.length, end => end())
    return { required }
  },
})

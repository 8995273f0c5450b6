/** The second factor, by better-auth's plugin: a code of an app (TOTP) or a backup code. Whether a workspace asks for one is ours. */
import type { Env } from '../actors/env.ts'
import { authOf } from './people.ts'

export interface SetUp {
  /** what an app reads from the picture */
  uri: string
  secret: string
  backupCodes: string[]
}
/** `cookies`: of the sign-in that goes on */
export type Verified = { userId: string; cookies: string[] } | 'wrong' | 'begin-again' | 'locked' | 'unreadable'

/** Null: the password is not right. */
export async function beginSecondFactor(env: Env, headers: Headers, password: string): Promise<SetUp | 'on' | null> {
  const answer = await (await authOf(env)).api.enableTwoFactor({ body: { password }, headers, asResponse: true })
  if (!answer.ok) return (await codeOf(answer)) === 'TOTP_ALREADY_ENABLED' ? 'on' : null
  const { totpURI: uri, backupCodes } = (await answer.json()) as { totpURI: string; backupCodes: string[] }
  return { uri, secret: new URL(uri).searchParams.get('secret') ?? '', backupCodes }
}

/** Of somebody who is signed in. Null: the code is not right, nothing was begun, or what was begun cannot be read any more. */
export async function confirmSecondFactor(
  env: Env,
  userId: string,
  headers: Headers,
  code: string,
): Promise<string[] | null> {
  const { api } = await authOf(env)
  const confirm = () => api.verifyTOTP({ body: { code }, headers, asResponse: true })
  const answer = await readable(env, async () => userId, confirm)
  return answer?.ok ? answer.headers.getSetCookie() : null
}

/** Null: the password is not right. */
export async function endSecondFactor(env: Env, headers: Headers, password: string): Promise<string[] | null> {
  const answer = await (await authOf(env)).api.disableTwoFactor({ body: { password }, headers, asResponse: true })
  return answer.ok ? answer.headers.getSetCookie() : null
}

/** The second step of a sign-in. */
export async function verifySecondFactor(env: Env, headers: Headers, code: string): Promise<Verified> {
  const { api } = await authOf(env)
  const step = { body: { code }, headers: withChallenge(headers), asResponse: true } as const
  const verify = () => (/^\d{6}$/.test(code) ? api.verifyTOTP(step) : api.verifyBackupCode(step))
  const answer = await readable(env, () => challenged(env, headers), verify)
  if (answer === null) return 'unreadable'
  if (answer.ok) {
    const { user } = (await answer.json()) as { user: { id: string } }
    return { userId: user.id, cookies: answer.headers.getSetCookie() }
  }
  const why = await codeOf(answer)
  if (answer.status === 429) return 'locked'
  return why === 'INVALID_CODE' || why === 'INVALID_BACKUP_CODE' ? 'wrong' : 'begin-again'
}

/** What stands for this sign-in between its steps; null: none was begun. */
export function challengeOf(headers: Headers): string | null {
  const cookies = (headers.get('Cookie') ?? '').split(/;\s*/)
  return cookies.find(one => /^[^=]*two_factor=/.test(one)) ?? null
}

/** Whose first step it was; null: it is over. */
async function challenged(env: Env, headers: Headers): Promise<string | null> {
  const signed = decodeURIComponent((challengeOf(headers) ?? '').replace(/^[^=]*=/, ''))
  const { internalAdapter } = await (await authOf(env)).$context
  const row = await internalAdapter.findVerificationValue(signed.slice(0, signed.lastIndexOf('.')))
  return row?.value ?? null
}

/**
 * The library throws when it cannot open what it has sealed, which is so after `SESSION_SECRET` was replaced. Null: that is why it
 * threw. Everything else that it throws goes on.
 */
async function readable(
  env: Env,
  whose: () => Promise<string | null>,
  step: () => Promise<Response>,
): Promise<Response | null> {
  try {
    return await step()
  } catch (error) {
    if (await isSealedOtherwise(env, await whose())) return null
    throw error
  }
}

async function isSealedOtherwise(env: Env, userId: string | null): Promise<boolean> {
  const row = await env.DB.prepare('SELECT secret, backupCodes FROM twoFactor WHERE userId = ?')
    .bind(userId)
    .first<{ secret: string; backupCodes: string }>()
  if (row === null) return false
  const [{ symmetricDecrypt }, auth] = await Promise.all([import('better-auth/crypto'), authOf(env)])
  const key = (await auth.$context).secretConfig
  const opened = await Promise.allSettled([row.secret, row.backupCodes].map(data => symmetricDecrypt({ key, data })))
  return opened.some(({ status }) => status === 'rejected')
}

/** Only the cookie of the first step: if the request had a session as well, the library would not count wrong codes. */
function withChallenge(headers: Headers): Headers {
  return new Headers({ Cookie: challengeOf(headers) ?? '' })
}

async function codeOf(answer: Response): Promise<string> {
  return ((await answer.json().catch(() => ({}))) as { code?: string }).code ?? ''
}

export async function secondFactorOf(
  env: Env,
  userId: string,
  workspaceId: string,
): Promise<{ on: boolean; required: boolean; requiredSomewhere: boolean }> {
  const row = await env.DB.prepare(
    `SELECT u.twoFactorEnabled AS isOn, (SELECT secondFactor FROM workspace WHERE id = ?2) AS required,
       EXISTS (SELECT 1 FROM membership m JOIN workspace w ON w.id = m.workspaceId WHERE m.userId = ?1 AND w.secondFactor = 1) AS somewhere
     FROM user u WHERE u.id = ?1`,
  )
    .bind(userId, workspaceId)
    .first<{ isOn: number; required: number; somewhere: number }>()
  return { on: row?.isOn === 1, required: row?.required === 1, requiredSomewhere: row?.somewhere === 1 }
}

/** Those of the workspace who have none now, if it is required. */
export async function requireSecondFactor(env: Env, workspaceId: string, required: boolean): Promise<string[]> {
  await env.DB.prepare('UPDATE workspace SET secondFactor = ? WHERE id = ?')
    .bind(required ? 1 : 0, workspaceId)
    .run()
  if (!required) return []
  const { results } = await env.DB.prepare(
    'SELECT m.userId FROM membership m JOIN user u ON u.id = m.userId WHERE m.workspaceId = ? AND u.twoFactorEnabled = 0',
  )
    .bind(workspaceId)
    .all<{ userId: string }>()
  return results.map(({ userId }) => userId)
}

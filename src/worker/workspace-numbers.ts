/** Which workspace has a number. It is one of all, so that a call to it leads to one place. */
import type { Env } from '../actors/env.ts'
import { stubFor } from '../actors/stubs.ts'
import { toE164 } from '../wire/phone-number.ts'
import { homeWorkspace } from './env.ts'
import { Refusal } from './problem.ts'

const taken = () =>
  new Refusal(409, 'Another workspace of this installation has this number.', [
    { field: 'number', message: 'another workspace has it' },
  ])

/** Before a number is saved. @throws Refusal 409: another workspace has it */
export async function claimNumber(env: Env, workspaceId: string, number: string): Promise<void> {
  const home = homeWorkspace(env)
  // The first workspace may have numbers from before there was a list of them.
  if (workspaceId !== home && (await ownerOfNumber(env, number)) === null) {
    const rows = await stubFor(env, 'trunk', home).numbers()
    if (rows.some(row => row.number === number)) throw taken()
  }
  await env.DB.prepare(
    'INSERT INTO workspace_numbers (number, workspaceId) VALUES (?, ?) ON CONFLICT (number) DO NOTHING',
  )
    .bind(number, workspaceId)
    .run()
  const owner = await ownerOfNumber(env, number)
  if (owner !== workspaceId) throw taken()
}

export async function releaseNumber(env: Env, workspaceId: string, number: string): Promise<void> {
  await env.DB.prepare('DELETE FROM workspace_numbers WHERE number = ? AND workspaceId = ?')
    .bind(number, workspaceId)
    .run()
}

/** Null: no workspace has said that it is theirs. */
export async function ownerOfNumber(env: Env, number: string): Promise<string | null> {
  const row = await env.DB.prepare('SELECT workspaceId FROM workspace_numbers WHERE number = ?')
    .bind(toE164(number) ?? number)
    .first<{ workspaceId: string }>()
  return row?.workspaceId ?? null
}

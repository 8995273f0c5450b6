/** Which workspace has a number. It is one of all, so that a call to it leads to one place. */
import type { Env } from '../actors/env.ts'
import { stubFor } from '../actors/stubs.ts'
import { toE164 } from '../wire/phone-number.ts'
import { homeWorkspace } from './env.ts'
import { Refusal } from './problem.ts'

/** A number has one spelling here, that of the carrier. One that cannot be dialled stays as it is written. */
export function spelled(number: string): string {
  return toE164(number) ?? number
}

const taken = () =>
  new Refusal(409, 'Another workspace of this installation has this number.', [
    { field: 'number', message: 'another workspace has it' },
  ])

/** Before a number, as it is spelled here, is saved. @throws Refusal 409: another workspace has it */
export async function claimNumber(env: Env, workspaceId: string, number: string): Promise<void> {
  const home = homeWorkspace(env)
  // The first workspace may have numbers from before there was a list of them.
  if (workspaceId !== home && (await ownerOfNumber(env, number)) === null) {
    const rows = await stubFor(env, 'trunk', home).numbers()
    if (rows.some(row => spelled(String(row.number)) === number)) throw taken()
  }
  await env.DB.prepare(
    'INSERT INTO workspace_numbers (number, workspaceId) VALUES (?, ?) ON CONFLICT (number) DO NOTHING',
  )
    .bind(number, workspaceId)
    .run()
  const owner = await ownerOfNumber(env, number)
  if (owner !== workspaceId) throw taken()
}

/** In whatever spelling it was claimed. */
export async function releaseNumber(env: Env, workspaceId: string, number: string): Promise<void> {
  await env.DB.prepare('DELETE FROM workspace_numbers WHERE number IN (?1, ?2) AND workspaceId = ?3')
    .bind(number, spelled(number), workspaceId)
    .run()
}

/** Null: no workspace has said that it is theirs. */
export async function ownerOfNumber(env: Env, number: string): Promise<string | null> {
  const row = await env.DB.prepare('SELECT workspaceId FROM workspace_numbers WHERE number = ?')
    .bind(spelled(number))
    .first<{ workspaceId: string }>()
  return row?.workspaceId ?? null
}

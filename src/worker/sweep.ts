/**
 * The sweep finds calls and rounds whose alarm was lost. Every actor repairs its alarm when it wakes, but an actor that nobody
 * asks does not wake. A cron trigger runs this; it looks only at workspaces in which something is open, and in them only at what
 * has been silent for too long.
 */
import type { Env } from '../actors/env.ts'
import { stubFor } from '../actors/stubs.ts'
import { logId } from '../core/ids.ts'

/** Logs that one run looks at, those first that were not looked at for longest. */
export const LOGS_PER_RUN = 100
/** Calls and rounds that one run wakes in one log, and in all. Those left over are the most silent ones of the next run. */
export const WOKEN_PER_LOG = 50
/** With three requests for each log this stays below the thousand requests that one invocation may make. */
export const WOKEN_PER_RUN = 500

interface Entry {
  workspaceId: string
  month: string
  token: string
}

/** `now`, ms since the epoch, is the time by which silence is measured. */
export async function sweepOpenWorkspaces(env: Env, now: number): Promise<void> {
  const { results } = await env.DB.prepare(
    'SELECT workspaceId, month, token FROM open_workspaces ORDER BY sweptAt, workspaceId LIMIT ?',
  )
    .bind(LOGS_PER_RUN)
    .all<Entry>()
  // First of all they go to the end of the queue, so a run that dies does not begin with the same ones again.
  const listed = JSON.stringify(results.map(({ workspaceId, month }) => [workspaceId, month]))
  await env.DB.prepare(
    `UPDATE open_workspaces SET sweptAt = ? WHERE (workspaceId, month) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))`,
  )
    .bind(now, listed)
    .run()
  let left = WOKEN_PER_RUN
  for (const entry of results) {
    try {
      left -= await sweepLog(env, entry, now, Math.min(left, WOKEN_PER_LOG))
    } catch {
      console.error(JSON.stringify({ message: 'a workspace was not swept', workspace: entry.workspaceId }))
    }
  }
}

/** Returns how many it has woken. */
async function sweepLog(env: Env, { workspaceId, month, token }: Entry, now: number, limit: number): Promise<number> {
  const log = stubFor(env, 'log', logId(workspaceId, month))
  const { calls, rounds } = await log.silent(now, limit)
  const looks = await Promise.all([
    ...calls.map(id => look(id, async () => (await stubFor(env, 'call', id).read()).call.phase)),
    ...rounds.map(id => look(id, async () => (await stubFor(env, 'batch', id).read()).phase)),
  ])
  const over = looks.filter(({ phase }) => phase === 'over' || phase === 'closed').map(({ id }) => id)
  const woken = looks.filter(({ id }) => !over.includes(id)).map(({ id }) => id)
  if (!(await log.settle(over, woken, token, now))) return looks.length
  // Compared with the token: the log may have written a new entry since it said that nothing is open.
  await env.DB.prepare('DELETE FROM open_workspaces WHERE workspaceId = ? AND month = ? AND token = ?')
    .bind(workspaceId, month, token)
    .run()
  return looks.length
}

/** A read is enough to wake an actor: its constructor arms a missing or overdue alarm. One that fails is asked again later. */
async function look(id: string, read: () => Promise<string>): Promise<{ id: string; phase: string | null }> {
  try {
    return { id, phase: await read() }
  } catch {
    console.error(JSON.stringify({ message: 'an open actor does not answer', actor: id }))
    return { id, phase: null }
  }
}

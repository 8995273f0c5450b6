/** The shipping Worker and its own actors, with two more routes: one opens rounds, one shows what an object has on disk. */
import { LogActor as ShippedLog } from '../../bench/log-without-d1.ts'
import { openRound } from '../../bench/round.ts'
import { BatchActor as ShippedBatch } from '../../src/actors/batch/actor.ts'
import { CallActor as ShippedCall } from '../../src/actors/call/actor.ts'
import { DeskActor as ShippedDesk } from '../../src/actors/desk/actor.ts'
import type { Env } from '../../src/actors/env.ts'
import { heardOf } from '../../src/actors/log/events.ts'
import { logOf } from '../../src/actors/stubs.ts'
import { app } from '../../src/worker/app.ts'

export { BillingActor } from '../../src/actors/billing/actor.ts'
export { CampaignActor } from '../../src/actors/campaign/actor.ts'
export { ImportActor } from '../../src/actors/import/actor.ts'
export { InboxActor } from '../../src/actors/inbox/actor.ts'
export { MaskActor } from '../../src/actors/mask/actor.ts'
export { ProfileActor } from '../../src/actors/profile/actor.ts'
export { QueueActor } from '../../src/actors/queue/actor.ts'
export { RecordingActor } from '../../src/actors/recording/actor.ts'
export { RegistrarActor } from '../../src/actors/registrar/actor.ts'
export { RehearsalActor } from '../../src/actors/rehearsal/actor.ts'
export { RoomActor } from '../../src/actors/room/actor.ts'
export { StreamActor } from '../../src/actors/stream/actor.ts'
export { SubscriberActor } from '../../src/actors/subscriber/actor.ts'
export { TrunkActor } from '../../src/actors/trunk/actor.ts'
export { WorkspaceActor } from '../../src/actors/workspace/actor.ts'

/** The contents of one object's disk. */
export interface Inspected {
  seq: number
  facts: { type: string; legId?: string }[]
  seen: string[]
  /** when the oldest fact happened of which something is still owed: a debt, or a feed that is behind */
  owedSince: number | null
  quarantined: number
}

// A debt's key starts with the seq of the last fact of its commit.
const OWED_SINCE = `SELECT MIN(at) AS n FROM facts WHERE seq > (SELECT MIN(cursor) FROM feeds)
  OR seq IN (SELECT CAST(key AS INTEGER) FROM outbox)`

function inspect(sql: SqlStorage): Inspected {
  const one = (query: string, ...values: number[]) => Number(sql.exec(query, ...values).toArray()[0]?.n ?? 0)
  const seq = one('SELECT MAX(seq) AS n FROM facts')
  const facts = sql
    .exec('SELECT type, body FROM facts ORDER BY seq')
    .toArray()
    .map(row => ({ type: String(row.type), legId: (JSON.parse(String(row.body)) as { legId?: string }).legId }))
  const made = one("SELECT COUNT(*) AS n FROM sqlite_master WHERE name = 'quarantine'") > 0
  const seen = sql.exec('SELECT input_id FROM seen').toArray()
  return {
    seq,
    facts,
    seen: seen.map(row => String(row.input_id)),
    owedSince: one(OWED_SINCE) || null,
    quarantined: made ? one('SELECT COUNT(*) AS n FROM quarantine') : 0,
  }
}

export class BatchActor extends ShippedBatch {
  async looked(): Promise<Inspected> {
    return inspect(this.ctx.storage.sql)
  }
}
export class CallActor extends ShippedCall {
  async looked(): Promise<Inspected> {
    return inspect(this.ctx.storage.sql)
  }
}
export class DeskActor extends ShippedDesk {
  async looked(): Promise<Inspected> {
    return inspect(this.ctx.storage.sql)
  }
}
export class LogActor extends ShippedLog {
  /** The number of the last fact that the log has got from each source; 0 if none. */
  async heard(sources: string[]): Promise<number[]> {
    const heard = heardOf(this.ctx.storage.sql, sources)
    return sources.map(source => heard.get(source) ?? 0)
  }
}

interface ChaosEnv {
  BATCH: DurableObjectNamespace<BatchActor>
  CALL: DurableObjectNamespace<CallActor>
  DESK: DurableObjectNamespace<DeskActor>
  LOG: DurableObjectNamespace<LogActor>
}

export default {
  async fetch(request: Request, env: Env & ChaosEnv, ctx: ExecutionContext): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (pathname === '/chaos/open') {
      for (const batchId of (await request.json()) as string[]) await openRound(env, batchId)
      return new Response('ok')
    }
    if (pathname === '/chaos/inspect') return Response.json(await inspectAll(env, (await request.json()) as Ask))
    return app.fetch(request, env, ctx)
  },
}

interface Ask {
  workspaceId: string
  batches: string[]
  calls: string[]
  desks: string[]
}

async function inspectAll(env: ChaosEnv, ask: Ask): Promise<Record<string, Inspected & { logged: number }>> {
  const ids = [...ask.batches, ...ask.calls, ...ask.desks]
  const found = await Promise.all([
    ...ask.batches.map(id => env.BATCH.getByName(id).looked()),
    ...ask.calls.map(id => env.CALL.getByName(id).looked()),
    ...ask.desks.map(id => env.DESK.getByName(id).looked()),
  ])
  const logged = await (logOf(env as unknown as Env, ask.workspaceId) as unknown as DurableObjectStub<LogActor>).heard(
    ids,
  )
  return Object.fromEntries(
    ids.map((id, index) => [id, { ...(found[index] as Inspected), logged: logged[index] ?? 0 }]),
  )
}

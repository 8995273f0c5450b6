/** The shipping Worker on bare workerd, with a database of its own (`database.ts`) and one more route, which makes its tables. */
import { CallActor as ShippedCall } from '../../src/actors/call/actor.ts'
import type { Env } from '../../src/actors/env.ts'
import { LogActor as ShippedLog } from '../../src/actors/log/actor.ts'
import { RehearsalActor as ShippedRehearsal } from '../../src/actors/rehearsal/actor.ts'
import { app } from '../../src/worker/app.ts'
import { type Databases, databaseOf } from './database.ts'

export { BatchActor } from '../../src/actors/batch/actor.ts'
export { BillingActor } from '../../src/actors/billing/actor.ts'
export { CampaignActor } from '../../src/actors/campaign/actor.ts'
export { DeskActor } from '../../src/actors/desk/actor.ts'
export { ImportActor } from '../../src/actors/import/actor.ts'
export { InboxActor } from '../../src/actors/inbox/actor.ts'
export { MaskActor } from '../../src/actors/mask/actor.ts'
export { ProfileActor } from '../../src/actors/profile/actor.ts'
export { QueueActor } from '../../src/actors/queue/actor.ts'
export { RecordingActor } from '../../src/actors/recording/actor.ts'
export { RegistrarActor } from '../../src/actors/registrar/actor.ts'
export { RoomActor } from '../../src/actors/room/actor.ts'
export { StreamActor } from '../../src/actors/stream/actor.ts'
export { SubscriberActor } from '../../src/actors/subscriber/actor.ts'
export { TrunkActor } from '../../src/actors/trunk/actor.ts'
export { WorkspaceActor } from '../../src/actors/workspace/actor.ts'
export { DatabaseActor } from './database.ts'

interface FuzzEnv extends Env {
  DATABASE: Databases
}

/** Bare workerd serves no pages, so every path of a page is the 404 of the asset server. */
const NO_PAGES = { fetch: async () => new Response(null, { status: 404 }) } as unknown as Fetcher

const wholes = new WeakMap<object, FuzzEnv>()

function whole(env: Env): FuzzEnv {
  const known = wholes.get(env)
  if (known) return known
  const bare = env as FuzzEnv
  const made = { ...bare, DB: databaseOf(bare.DATABASE, env), ASSETS: NO_PAGES }
  wholes.set(env, made)
  return made
}

export class CallActor extends ShippedCall {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, whole(env))
  }
}
export class LogActor extends ShippedLog {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, whole(env))
  }
}
export class RehearsalActor extends ShippedRehearsal {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, whole(env))
  }
}

export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const full = whole(env)
    if (new URL(request.url).pathname === '/fuzz/tables') {
      for (const query of (await request.json()) as string[]) await full.DB.exec(query)
      return new Response('ok')
    }
    return app.fetch(request, full, ctx)
  },
}

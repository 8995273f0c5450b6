/** The shipping Worker, plus what a bench needs: many endpoints of one workspace at once, and what they must have got. */
import type { Env } from '../../src/actors/env.ts'
import { logOf, stubFor } from '../../src/actors/stubs.ts'
import { app } from '../../src/worker/app.ts'

export { BatchActor } from '../../src/actors/batch/actor.ts'
export { BillingActor } from '../../src/actors/billing/actor.ts'
export { CallActor } from '../../src/actors/call/actor.ts'
export { CampaignActor } from '../../src/actors/campaign/actor.ts'
export { DeskActor } from '../../src/actors/desk/actor.ts'
export { InboxActor } from '../../src/actors/inbox/actor.ts'
export { ProfileActor } from '../../src/actors/profile/actor.ts'
export { QueueActor } from '../../src/actors/queue/actor.ts'
export { RecordingActor } from '../../src/actors/recording/actor.ts'
export { RehearsalActor } from '../../src/actors/rehearsal/actor.ts'
export { RoomActor } from '../../src/actors/room/actor.ts'
export { SubscriberActor } from '../../src/actors/subscriber/actor.ts'
export { TrunkActor } from '../../src/actors/trunk/actor.ts'
export { WorkspaceActor } from '../../src/actors/workspace/actor.ts'
export { LogActor } from '../log-without-d1.ts'

const WORKSPACE = 'w_bench'

/** An endpoint to be made. */
interface Wanted {
  id: string
  url: string
  secret: string
  types: string[]
}

export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    switch (pathname) {
      case '/bench/endpoints':
        for (const wanted of (await request.json()) as Wanted[]) await make(env, wanted)
        return new Response('ok')
      case '/bench/events': {
        const query = { cursor: searchParams.get('cursor'), limit: 200, events: null, vocabulary: 'seed' } as const
        return new Response(await logOf(env, WORKSPACE).publicEvents(query))
      }
      default:
        return app.fetch(request, env, ctx)
    }
  },
}

async function make(env: Env, { id, url, secret, types }: Wanted): Promise<void> {
  const settings = { url, name: id, types, vocabulary: 'seed', retries: 'long' } as const
  await stubFor(env, 'subscriber', `${WORKSPACE}.${id}`).create({ ...settings, types }, secret)
}

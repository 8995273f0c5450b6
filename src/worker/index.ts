import type { Env } from '../actors/env.ts'
import { app } from './app.ts'
import { sendReports } from './report-schedules.ts'
import { sweepOpenWorkspaces } from './sweep.ts'

export { BatchActor } from '../actors/batch/actor.ts'
export { BillingActor } from '../actors/billing/actor.ts'
export { CallActor } from '../actors/call/actor.ts'
export { CampaignActor } from '../actors/campaign/actor.ts'
export { DeskActor } from '../actors/desk/actor.ts'
export { ImportActor } from '../actors/import/actor.ts'
export { InboxActor } from '../actors/inbox/actor.ts'
export { LogActor } from '../actors/log/actor.ts'
export { MaskActor } from '../actors/mask/actor.ts'
export { ProfileActor } from '../actors/profile/actor.ts'
export { QueueActor } from '../actors/queue/actor.ts'
export { RecordingActor } from '../actors/recording/actor.ts'
export { RegistrarActor } from '../actors/registrar/actor.ts'
export { RehearsalActor } from '../actors/rehearsal/actor.ts'
export { RoomActor } from '../actors/room/actor.ts'
export { StreamActor } from '../actors/stream/actor.ts'
export { SubscriberActor } from '../actors/subscriber/actor.ts'
export { TrunkActor } from '../actors/trunk/actor.ts'
export { WorkspaceActor } from '../actors/workspace/actor.ts'

export default {
  fetch: app.fetch,
  async scheduled({ scheduledTime }, env) {
    await sweepOpenWorkspaces(env, scheduledTime)
    await sendReports(env, scheduledTime)
  },
} satisfies ExportedHandler<Env>

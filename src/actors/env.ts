import type { IceEnv } from '../providers/ice/ice-servers.ts'
import type { CarrierEnv, CrmEnv, StorageEnv } from '../providers/registry.ts'
import type { VoiceEnv } from '../providers/voice-registry.ts'
import type { BillingContract } from './billing/contract.ts'
import type {
  BatchContract,
  CallContract,
  CampaignContract,
  DeskContract,
  QueueContract,
  RehearsalContract,
  RoomContract,
  WorkspaceContract,
} from './contracts.ts'
import type { ImportContract } from './import/contract.ts'
import type { InboxContract } from './inbox/contract.ts'
import type { LogContract } from './log/contract.ts'
import type { MaskContract } from './mask/contract.ts'
import type { RecordingContract } from './recording/contract.ts'
import type { RegistrarContract } from './registrar/contract.ts'
import type { StreamContract } from './stream/contract.ts'
import type { SubscriberContract } from './subscriber/contract.ts'
import type { TrunkContract } from './trunk/contract.ts'

/** Bindings and settings of wrangler.toml; `worker/env.ts` checks the settings at the door. */
export interface Env extends VoiceEnv, CrmEnv, CarrierEnv, StorageEnv, IceEnv {
  BATCH: DurableObjectNamespace<BatchContract>
  BILLING: DurableObjectNamespace<BillingContract>
  CALL: DurableObjectNamespace<CallContract>
  CAMPAIGN: DurableObjectNamespace<CampaignContract>
  DESK: DurableObjectNamespace<DeskContract>
  /** itty-durable's, which has no typed RPC (`src/actors/profile/profile-of.ts`) */
  PROFILE: DurableObjectNamespace
  QUEUE: DurableObjectNamespace<QueueContract>
  RECORDING: DurableObjectNamespace<RecordingContract>
  REGISTRAR: DurableObjectNamespace<RegistrarContract>
  REHEARSAL: DurableObjectNamespace<RehearsalContract>
  ROOM: DurableObjectNamespace<RoomContract>
  MASK: DurableObjectNamespace<MaskContract>
  STREAM: DurableObjectNamespace<StreamContract>
  SUBSCRIBER: DurableObjectNamespace<SubscriberContract>
  TRUNK: DurableObjectNamespace<TrunkContract>
  WORKSPACE: DurableObjectNamespace<WorkspaceContract>
  LOG: DurableObjectNamespace<LogContract>
  IMPORT: DurableObjectNamespace<ImportContract>
  INBOX: DurableObjectNamespace<InboxContract>
  DB: D1Database
  ASSETS: Fetcher
  PUBLIC_BASE_URL?: string
  SESSION_SECRET?: string
  /** the workspace that the environment's account belongs to */
  TRUNKLINE_WORKSPACE?: string
  /** `local` turns on demo users and the phone network; only `npm start` sets it, never a request */
  TRUNKLINE_MODE?: string
  PHONE_NETWORK_URL?: string
  /** the calling rules of a workspace that has chosen none: a profile of `core/clearance/rules.ts`; unset: us-consumer */
  CALLING_RULES?: string
  /** who may make workspaces: `first-admins` (those of the first workspace; also when unset), `admins` or `everybody` */
  NEW_WORKSPACES?: string
  /** lets the first administrator be created, once */
  SETUP_TOKEN?: string
}

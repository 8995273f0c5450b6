/**
 * A performer reaches the other actors of its workspace, the workspace's carrier and CRM, and the time. Performers take
 * this and not the environment, so that the simulation can run the shipping performers among simulated neighbours.
 */
import type { VoiceProfile } from '../core/desk/voice-profile.ts'
import type { Crm } from '../providers/crm/port.ts'
import { crmOf, telephonyOf } from '../providers/registry.ts'
import type { Telephony } from '../providers/telephony/port.ts'
import type {
  BatchContract,
  CallContract,
  CampaignContract,
  DeskContract,
  QueueContract,
  RoomContract,
  WorkspaceContract,
} from './contracts.ts'
import type { Env } from './env.ts'
import type { InboxContract } from './inbox/contract.ts'
import type { LogContract } from './log/contract.ts'
import type { MaskContract } from './mask/contract.ts'
import { readProfile } from './profile/profile-of.ts'
import type { RecordingContract } from './recording/contract.ts'
import type { RegistrarContract } from './registrar/contract.ts'
import { stubFor } from './stubs.ts'
import type { TrunkContract } from './trunk/contract.ts'

export interface Contracts {
  batch: BatchContract
  call: CallContract
  campaign: CampaignContract
  desk: DeskContract
  inbox: InboxContract
  log: LogContract
  mask: MaskContract
  queue: QueueContract
  recording: RecordingContract
  registrar: RegistrarContract
  room: RoomContract
  trunk: TrunkContract
  workspace: WorkspaceContract
}

/**
 * Does somebody wait for the events of a workspace? It is a hint: what the log has last said to this isolate. While it has said nothing,
 * somebody may.
 */
export interface Listening {
  to(workspaceId: string): boolean
  note(workspaceId: string, listened: boolean): void
}
/** So many workspaces are remembered; of the others nothing is known. */
const HINTS_MAX = 1_000
const hints = new Map<string, boolean>()
const listening: Listening = {
  to: workspaceId => hints.get(workspaceId) ?? true,
  note(workspaceId, listened) {
    if (hints.size >= HINTS_MAX && !hints.has(workspaceId)) hints.clear()
    hints.set(workspaceId, listened)
  },
}

export interface Neighbours {
  /** ms since the epoch */
  now(): number
  /** Another actor: one method is one call, which may be lost on the way or have its answer lost. */
  actor<K extends keyof Contracts>(kind: K, id: string): Contracts[K]
  /** what the agent at this desk may do with their phone */
  voiceProfile(deskId: string): Promise<VoiceProfile>
  /** null: the workspace has no carrier */
  telephony(workspaceId: string): Promise<Telephony | null>
  /** who waits for events; absent: nobody ever does */
  readonly listening?: Listening
  /** null: the workspace has no CRM */
  crm(workspaceId: string): Crm | null
}

/** An environment of the simulation carries its neighbours; a real one is asked for stubs and adapters. */
export interface SimulatedEnv {
  readonly neighbours: Neighbours
}

export function neighboursOf(env: Env | SimulatedEnv): Neighbours {
  if ('neighbours' in env) return env.neighbours
  return {
    now: () => Date.now(),
    actor: (kind, id) => stubFor(env, kind, id) as never,
    voiceProfile: deskId => readProfile(env, deskId),
    listening,
    telephony: workspaceId => telephonyOf(env, workspaceId),
    crm: workspaceId => crmOf(env, workspaceId),
  }
}

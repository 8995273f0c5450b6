/** What the workspace's books of flows, queues and conferences are asked, and the rows that they answer with. */
import type { OutcomeChoice } from '../core/campaign/dispositions.ts'
import type { Canary } from '../core/flow/versions.ts'
import type { ConferenceSettings } from '../core/room/state.ts'

/** A flow as a call begins it: the steps of one version, and what its caller gave it. */
export interface FlowToRun {
  /** null: steps that were given for this call alone */
  flowId: string | null
  version: number
  /** JSON of checked actions, because typed RPC cannot carry options without a fixed shape */
  actionsJson: string
  variables: Record<string, string>
  /** the mask that was dialled */
  maskId?: string
}
export interface FlowRow {
  flowId: string
  name: string
  detail: string
  draftJson: string
  /** 0: nothing was published */
  published: number
  canary: Canary | null
  madeMs: number
  changedMs: number
  changedBy: string
}
/** `actionsJson`: checked */
export interface FlowChange {
  name?: string
  detail?: string
  actionsJson?: string
}
export type FlowAsk =
  /** the one that was changed last first; `after`: the place of the last one that was read */
  | { do: 'list'; after: { changedMs: number; id: string } | null; limit: number }
  | { do: 'create'; flowId: string; change: Required<FlowChange>; by: string }
  | { do: 'change'; flowId: string; change: FlowChange; by: string }
  | { do: 'read' | 'remove' | 'publish' | 'versions'; flowId: string }
  | { do: 'roll-back'; flowId: string; version: number }
  | { do: 'canary'; flowId: string; percent: number }
  /** a `FlowToRun`: the version that this call gets */
  | { do: 'run'; flowId: string; callId: string }

/** `list`: the workspace's own from now on; `used`: outcomes of a campaign, whose labels are kept. */
export interface OutcomeAsk {
  list?: readonly OutcomeChoice[]
  used?: readonly Pick<OutcomeChoice, 'outcomeId' | 'label'>[]
}
export interface Outcomes {
  list: readonly OutcomeChoice[]
  /** by id, as they were called last */
  labels: Record<string, string>
}

/** One question or change about the list of queues; the queue itself has all the rest. */
export type QueueAsk =
  | { do: 'list'; after: string | null; limit: number }
  | { do: 'save'; queueId: string; name: string; detail: string; by: string }
  | { do: 'read' | 'remove'; queueId: string }
export interface QueueRow {
  queueId: string
  name: string
  detail: string
  madeMs: number
  changedMs: number
  changedBy: string
}

/** One question or change about the list of conferences; who is in one is its room's. */
export type ConferenceAsk =
  | { do: 'list'; after: string | null; limit: number }
  /** a new one; its name is nobody else's */
  | { do: 'create'; conferenceId: string; change: Required<ConferenceChange>; by: string }
  | { do: 'change'; conferenceId: string; change: ConferenceChange; by: string }
  | { do: 'read' | 'remove'; conferenceId: string }
  /** by id or name. `unique`: one of this name is made where there is none; null: it is not */
  | { do: 'find'; named: string; unique: string | null }
export interface ConferenceChange {
  name?: string
  detail?: string
  settings?: Omit<ConferenceSettings, 'needsPin'>
  /** empty: none */
  pin?: string
  moderatorPin?: string
}
export interface ConferenceRow {
  conferenceId: string
  name: string
  detail: string
  settings: ConferenceSettings
  pin: string
  moderatorPin: string
  /** counts the changes */
  version: number
  madeMs: number
  changedMs: number
  changedBy: string
}

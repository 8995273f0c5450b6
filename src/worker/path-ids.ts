/**
 * The ids in the path of a request. The name of a parameter says its kind (`:callId` is a call), and it is parsed before the
 * handler runs: an id of another kind or workspace is 404, so that no object is ever named by it.
 */
import {
  type CallId,
  type CampaignId,
  type ConferenceId,
  type GroupcallId,
  type ImportId,
  type MaskId,
  type MaskSessionId,
  parseId,
  type QueueId,
  type RehearsalId,
  type ReportScheduleId,
  type SupervisionId,
  type WebhookId,
} from '../core/ids.ts'
import type { ParamName } from '../wire/routes/row.ts'
import { Refusal } from './problem.ts'

/** Ids that are not here (an agent, a contact) are keys of tables, and name no object. */
const KINDS = {
  callId: { kind: 'call', missing: 'There is no such call.' },
  activeflowId: { kind: 'call', missing: 'There is no such running flow.' },
  groupcallId: { kind: 'groupcall', missing: 'There is no such group call.' },
  campaignId: { kind: 'campaign', missing: 'There is no such campaign.' },
  conferenceId: { kind: 'conference', missing: 'There is no such conference.' },
  importId: { kind: 'import', missing: 'There is no such import.' },
  maskId: { kind: 'mask', missing: 'There is no such virtual number.' },
  maskSessionId: { kind: 'mask-session', missing: 'There is no such session.' },
  scheduleId: { kind: 'report-schedule', missing: 'There is no such schedule of a report.' },
  queueId: { kind: 'queue', missing: 'There is no such queue.' },
  supervisionId: { kind: 'supervision', missing: 'There is no such supervision, or it is over.' },
  runId: { kind: 'rehearsal', missing: 'There is no such run.' },
  webhookId: { kind: 'webhook', missing: 'There is no such webhook.' },
} as const

interface Parsed {
  callId: CallId
  /** the flow on a call is named by the call */
  activeflowId: CallId
  groupcallId: GroupcallId
  campaignId: CampaignId
  conferenceId: ConferenceId
  importId: ImportId
  maskId: MaskId
  maskSessionId: MaskSessionId
  scheduleId: ReportScheduleId
  queueId: QueueId
  supervisionId: SupervisionId
  runId: RehearsalId
  webhookId: WebhookId
}
export type PathIds<E extends string> = {
  [Name in ParamName<E>]: Name extends keyof Parsed ? Parsed[Name] : string
}

/** `workspaceId` null: nobody is signed in, so no id is theirs. */
export function requireIds(params: Record<string, string>, workspaceId: string | null): void {
  for (const [name, { kind, missing }] of Object.entries(KINDS)) {
    const text = params[name]
    if (text !== undefined && (workspaceId === null || parseId(kind, text, workspaceId) === null))
      throw new Refusal(404, missing)
  }
}

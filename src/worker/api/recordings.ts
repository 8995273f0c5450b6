/** Recordings: who may see which, their rows, and their sound by a signed address. */

import type { Env } from '../../actors/env.ts'
import type { Recording as Row, SoundOf } from '../../actors/recording/contract.ts'
import { stubFor } from '../../actors/stubs.ts'
import { isConference, parseId } from '../../core/ids.ts'
import type { Recording } from '../../wire/recording.ts'
import { recordingRoutes } from '../../wire/routes/recordings.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { isGoodUrl, recordingUrl } from '../signed-recording.ts'
import { requireAccess } from './conversation-access.ts'
import {
  type Dated,
  isMessage,
  messageFor,
  messagesFor,
  notOfInbox,
  soundOfMessage,
  wordsOfMessage,
} from './message-recordings.ts'
import { monoFrom } from './mono-sound.ts'
import { agentIdOf } from './own-desk.ts'
import { soundFrom } from './recording.ts'
import { NO_TRANSCRIPT, transcriptFor } from './transcript.ts'

interface By {
  env: Env
  member: Caller
}
const missing = () => new Refusal(404, 'There is no such recording.')
const time = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())

/** Throws 404: a member who may not hear it is not told that it exists. One that is deleted is not there any more. */
async function hearable({ env, member }: By, recordingId: string): Promise<Row> {
  const found = await stubFor(env, 'recording', member.workspaceId).read(recordingId)
  if (found === null || found.status === 'expired') throw missing()
  const callId = parseId('call', found.callId, member.workspaceId)
  // A conference is nobody's as a call is an agent's, so its recordings are for those who lead the team.
  if (callId === null && (member.role === 'agent' || !isConference(found.callId))) throw missing()
  if (callId === null) return found
  if (member.role === 'agent')
    await requireAccess(env, member, callId).catch(() => {
      throw missing()
    })
  return found
}

function shown(row: Row): Recording {
  const type = isConference(row.callId) ? 'conference' : 'call'
  return {
    id: row.recordingId,
    type,
    call_id: type === 'call' ? row.callId : '',
    reference_type: type,
    reference_id: row.callId,
    status: row.status,
    seconds: row.seconds,
    media_type: row.type,
    bytes: row.bytes,
    sha256: row.sha256,
    channels: row.channels,
    legal_hold: row.hold,
    held_by: row.heldBy,
    tm_create: new Date(row.atMs).toISOString(),
    tm_expire: time(row.expiresMs),
    tm_delete: time(row.goneMs),
    deleted_because: row.goneBecause,
  }
}

async function withUrl({ env, member }: By, row: Row): Promise<Recording> {
  if (row.status !== 'available') return shown(row)
  const at = (mono: boolean) => recordingUrl(env, member.workspaceId, row.recordingId, Date.now(), mono)
  const isMixable = row.type === 'audio/wav' && row.channels === 2
  return { ...shown(row), url: await at(false), ...(isMixable ? { url_mono: await at(true) } : {}) }
}

/** As both tables order their rows. */
function newestFirst(one: Dated, other: Dated): number {
  return other.atMs - one.atMs || (one.shown.id < other.shown.id ? 1 : -1)
}

export const recordings = bind(recordingRoutes, {
  async 'GET /v1.0/recordings'(by) {
    const { env, member, query } = by
    const { cursor, limit, call_id, reference_id, expired, type } = query
    const wanted = {
      callId: reference_id ?? call_id ?? null,
      type: type === 'voicemail' ? null : (type ?? null),
      agentId: member.role === 'agent' ? agentIdOf(member) : null,
      expired: expired === 'true',
      after: cursor ?? null,
      limit,
    }
    const [rows, messages] = await Promise.all([
      type === 'voicemail' ? [] : stubFor(env, 'recording', member.workspaceId).list(wanted),
      type === 'call' || type === 'conference' ? [] : messagesFor(by, wanted),
    ])
    // Each list is the newest first and was read from the cursor on, so of both together no row is missed.
    const both = [...rows.map(row => ({ atMs: row.atMs, shown: shown(row) })), ...messages]
    const items = both.toSorted(newestFirst).slice(0, limit)
    const last = items.at(-1)
    const next = items.length === limit && last !== undefined ? `${last.atMs}~${last.shown.id}` : null
    return { items: items.map(one => one.shown), next }
  },

  async 'GET /v1.0/recordings/:recordingId'(by) {
    const { recordingId } = by.params
    return isMessage(recordingId) ? messageFor(by, recordingId) : withUrl(by, await hearable(by, recordingId))
  },

  async 'GET /v1.0/recordings/:recordingId/peaks'(by) {
    const { recordingId } = await hearable(by, by.params.recordingId)
    const channels = await stubFor(by.env, 'recording', by.member.workspaceId).peaksOf(recordingId)
    if (channels === null) throw new Refusal(404, 'There is no picture of this recording.')
    return { channels }
  },

  async 'GET /v1.0/recordings/:recordingId/transcript'(by) {
    if (isMessage(by.params.recordingId)) return wordsOfMessage(by, by.params.recordingId)
    const { recordingId } = await hearable(by, by.params.recordingId)
    return transcriptFor(by.env, by.member.workspaceId, recordingId)
  },

  async 'POST /v1.0/recordings/:recordingId/transcribe'(by) {
    await notOfInbox(by, by.params.recordingId)
    const { recordingId } = await hearable(by, by.params.recordingId)
    const recordings = stubFor(by.env, 'recording', by.member.workspaceId)
    const why = await recordings.transcribe(recordingId, by.body.language ?? null)
    if (why !== null) throw new Refusal(409, NO_TRANSCRIPT[why])
    return transcriptFor(by.env, by.member.workspaceId, recordingId)
  },

  async 'GET /v1.0/recordings/:recordingId/flow'(by) {
    const { recordingId } = await hearable(by, by.params.recordingId)
    const found = await stubFor(by.env, 'recording', by.member.workspaceId).endFlowOf(recordingId)
    if (found === null) return { flow_id: '', status: 'none' as const, end_reason: '', because: '', steps: [] }
    const { flowId, status, reason, because, steps } = found
    return {
      flow_id: flowId,
      status: status === 'over' ? ('ended' as const) : status,
      end_reason: reason,
      because,
      steps: steps.map(({ stepId, verb, result, atMs }) => {
        return { step_id: stepId, type: verb, result, tm: new Date(atMs).toISOString() }
      }),
    }
  },

  async 'PUT /v1.0/recordings/:recordingId'(by) {
    await notOfInbox(by, by.params.recordingId)
    const { recordingId } = await hearable(by, by.params.recordingId)
    const recordings = stubFor(by.env, 'recording', by.member.workspaceId)
    const changed = await recordings.hold(recordingId, by.body.legal_hold, by.member.name)
    if (changed === null) throw missing()
    return withUrl(by, changed)
  },

  async 'DELETE /v1.0/recordings/:recordingId'(by) {
    await notOfInbox(by, by.params.recordingId)
    const { recordingId } = await hearable(by, by.params.recordingId)
    const done = await stubFor(by.env, 'recording', by.member.workspaceId).remove(recordingId, by.member.name)
    if (done === 'held') throw new Refusal(409, 'This recording is under a legal hold, so it cannot be deleted.')
    if (done === 'absent') throw missing()
    return { message: 'deleted' }
  },

  async 'GET /v1.0/recording-files/:workspaceId/:recordingId'({ c, env, params, query }) {
    // Before the signature is known to be ours, no object is named by the address.
    if (!(await isGoodUrl(env, { ...params, ...query }, Date.now())))
      throw new Refusal(403, 'This address is wrong, or its hour is over. Ask for the recording again.')
    const sound: SoundOf | null = isMessage(params.recordingId)
      ? await soundOfMessage(env, params.workspaceId, params.recordingId)
      : await stubFor(env, 'recording', params.workspaceId).soundOf(params.recordingId)
    const range = c.req.header('Range')
    return query.mix === 'mono' ? monoFrom(env, sound, range) : soundFrom(env, params.workspaceId, sound, range)
  },
})

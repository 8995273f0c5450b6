/** The sound of a recording: our copy, or the carrier's until there is one. No browser ever sees the carrier's keys. */
import type { Env } from '../../actors/env.ts'
import type { SoundOf } from '../../actors/recording/contract.ts'
import { stubFor } from '../../actors/stubs.ts'
import type { CallId } from '../../core/ids.ts'
import { storageOf, telephonyOf } from '../../providers/registry.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { messagesFor, soundOfMessage } from './message-recordings.ts'
import { rangeOf, unsatisfiable, whole } from './sound-range.ts'

interface By {
  env: Env
  member: Caller
}

export async function recordingOf(by: By, callId: CallId, range: string | undefined): Promise<Response> {
  const { env } = by
  const { workspaceId } = by.member
  const kept = await stubFor(env, 'recording', workspaceId).soundOfCall(callId)
  if (kept !== null) return soundFrom(env, workspaceId, kept, range)
  // What was deleted here is not played from the carrier, which may be late to delete its own.
  const known = await stubFor(env, 'recording', workspaceId).list({
    callId,
    type: null,
    agentId: null,
    expired: true,
    after: null,
    limit: 1,
  })
  if (known.length > 0) throw new Refusal(404, 'There is no recording of this call.')
  const [message] = await messagesFor(by, { callId, after: null, limit: 1 })
  if (message !== undefined)
    return soundFrom(env, workspaceId, await soundOfMessage(env, workspaceId, message.shown.id), range)
  // One of a release that kept no copies.
  const recordingId = await stubFor(env, 'call', callId).document('recording')
  if (recordingId === null) throw new Refusal(404, 'There is no recording of this call.')
  return soundFrom(env, workspaceId, { is: 'carrier', recordingId }, range)
}

/** `header`: the request's `Range` */
export async function soundFrom(
  env: Env,
  workspaceId: string,
  sound: SoundOf | null,
  header: string | undefined,
): Promise<Response> {
  if (sound === null || sound.is === 'none') throw new Refusal(404, 'There is no sound of this recording.')
  if (sound.is === 'carrier') return carriers(env, workspaceId, sound.recordingId)
  const { key, bytes, type } = sound
  const range = rangeOf(header, bytes)
  if (range === 'unsatisfiable') return unsatisfiable(bytes)
  const wanted = range === null ? undefined : { from: range.from, bytes: range.to - range.from + 1 }
  const file = await storageOf(env)?.get(key, wanted)
  if (!file?.ok) throw new Refusal(503, 'The sound cannot be read now. Try again in a moment.')
  return whole(file.value.body, bytes, range, type)
}

/** It may be long, so it is passed on as it comes, and a part of it is not given. */
async function carriers(env: Env, workspaceId: string, recordingId: string): Promise<Response> {
  const telephony = await telephonyOf(env, workspaceId)
  if (telephony === null) throw new Refusal(404, 'There is no recording of this call.')
  const answer = await telephony.recordingSound(recordingId).catch(() => null)
  if (answer === null || !answer.ok || answer.body === null)
    throw new Refusal(502, 'The carrier has no sound of it yet.')
  return new Response(answer.body, {
    headers: { 'Content-Type': 'audio/wav', 'Cache-Control': 'private, no-store' },
  })
}

/** What a caller has left behind goes to the inbox; a message that the carrier has not told of is asked for. */
import type { CallEffect, CallInput } from '../../core/call/state.ts'
import { workspaceOf } from '../../core/ids.ts'
import type { Telephony } from '../../providers/telephony/port.ts'
import type { Neighbours } from '../neighbours.ts'
import { Retry } from '../shell/outbox.ts'

type Of<T extends CallEffect['type']> = Extract<CallEffect, { type: T }>

/** The inbox knows a repeat by the call, and by the place of the message in it. */
export async function fileInInbox(
  near: Neighbours,
  callId: string,
  effect: Of<'file-message' | 'file-missed'>,
): Promise<void> {
  const { box, number, at: atMs } = effect
  const inbox = near.actor('inbox', workspaceOf(callId))
  if (effect.type === 'file-missed') return inbox.file({ kind: 'missed', box, number, atMs, callId })
  const { recordingId, seconds, place } = effect
  return inbox.file({ kind: 'voicemail', box, number, atMs, callId, recordingId, seconds, place })
}

export async function messagesFound(telephony: Telephony, providerId: string, now: () => number): Promise<CallInput[]> {
  const answer = await telephony.messagesOf(providerId)
  if (answer.ok) return [{ type: 'voicemail.looked', at: now(), found: answer.value }]
  // Whatever the carrier refuses for good, it has no message for us.
  if (answer.failure.kind === 'refused') return []
  throw new Retry(answer.failure.kind, answer.failure.kind === 'throttled' ? answer.failure.retryAfterMs : undefined)
}

/** A call tells the recordings of its workspace what the carrier has made of it, and that it may make something. The one that runs is ended, paused, resumed. */
import type { CallEffect, CallInput, CallState } from '../../core/call/state.ts'
import { agentOfDesk, workspaceOf } from '../../core/ids.ts'
import type { Carried, Telephony } from '../../providers/telephony/port.ts'
import type { Neighbours } from '../neighbours.ts'
import { Retry } from '../shell/outbox.ts'

type Told = Extract<CallEffect, { type: 'file-recording' | 'expect-recording' }>

export async function tellRecordings(
  near: Neighbours,
  callId: string,
  { call }: CallState,
  effect: Told,
): Promise<CallInput[]> {
  const recordings = near.actor('recording', workspaceOf(callId))
  const agentId = call.phase === 'empty' ? null : (call.links.agentId ?? agentOfDesk(call.links.deskId))
  const of = { callId, agentId, atMs: effect.at }
  if (effect.type === 'expect-recording') await recordings.expect(of)
  else {
    const { recordingId, status, seconds } = effect
    await recordings.file({ ...of, recordingId, word: status, seconds })
  }
  return []
}

type Verb = 'stopRecording' | 'pauseRecording' | 'resumeRecording'

/** Null: the call is not at the carrier any more. An answer that was lost is asked for again: done twice, it is done. */
async function surely(telephony: Telephony, verb: Verb, { call }: CallState): Promise<Carried<null> | null> {
  if (call.phase !== 'live' || call.providerId === null) return null
  const done = await telephony[verb](call.providerId)
  if (!done.ok && done.failure.kind === 'throttled') throw new Retry('throttled', done.failure.retryAfterMs)
  if (!done.ok && done.failure.kind === 'unknown') throw new Retry('the carrier did not say that it was done')
  return done
}

/** None that runs is as good as one that has ended. */
export async function endRecording(telephony: Telephony, state: CallState): Promise<CallInput[]> {
  await surely(telephony, 'stopRecording', state)
  return []
}

/** Whoever says a card number waits for the carrier's word. */
export async function pauseRecording(near: Neighbours, telephony: Telephony, state: CallState): Promise<CallInput[]> {
  // It was resumed, or ended, before the carrier was asked.
  if (state.control.recording !== 'pausing') return []
  const done = await surely(telephony, 'pauseRecording', state)
  return [{ type: 'control.record-pause-answered', at: near.now(), answer: done?.ok ? 'paused' : 'refused' }]
}

export async function resumeRecording(telephony: Telephony, state: CallState): Promise<CallInput[]> {
  if (state.control.recording === 'running') await surely(telephony, 'resumeRecording', state)
  return []
}

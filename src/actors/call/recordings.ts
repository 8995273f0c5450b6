/**
 * A call tells the recordings of its workspace that one begins, what the carrier has made of it, and that it may make something. The one that runs is
 * ended, paused, resumed.
 */

import type { OutsideAnswer } from '../../core/call/flow/state.ts'
import type { CallEffect, CallInput, CallState } from '../../core/call/state.ts'
import type { Option } from '../../core/flow/flow.ts'
import { agentOfDesk, type RecordingId, recordingId, workspaceOf } from '../../core/ids.ts'
import type { Carried, Telephony } from '../../providers/telephony/port.ts'
import type { Neighbours } from '../neighbours.ts'
import type { OfCall } from '../recording/contract.ts'
import { Retry } from '../shell/outbox.ts'

type Told = Extract<CallEffect, { type: 'file-recording' | 'expect-recording' }>

export async function tellRecordings(
  near: Neighbours,
  callId: string,
  { call }: CallState,
  effect: Told,
): Promise<CallInput[]> {
  const recordings = near.actor('recording', workspaceOf(callId))
  const of = ofCall(callId, call, effect.at)
  if (effect.type === 'file-recording') {
    const { recordingId, carrierId = recordingId, status, seconds } = effect
    await recordings.file({ ...of, recordingId, carrierId, word: status, seconds })
  } else if (effect.ordered) await recordings.begin(of, recordingId(callId, 'order', 1))
  else await recordings.expect(of)
  return []
}

function ofCall(callId: string, call: CallState['call'], atMs: number): OfCall {
  return {
    callId,
    agentId: call.phase === 'empty' ? null : (call.links.agentId ?? agentOfDesk(call.links.deskId)),
    atMs,
  }
}

/**
 * Has the carrier record, after there is a row of it. Delivered once: an answer that was lost is not asked for again, because a second recording would be
 * paid for twice; the carrier's report tells. Null: the call is not at the carrier any more. Throws `Retry` while nothing has been asked.
 */
export async function beginRecording(
  near: Neighbours,
  telephony: Telephony,
  callId: string,
  { call }: CallState,
  recordingId: RecordingId,
  onEndFlowId = '',
): Promise<Carried<string> | null> {
  if (call.phase !== 'live' || call.providerId === null) return null
  const recordings = near.actor('recording', workspaceOf(callId))
  const of = ofCall(callId, call, near.now())
  try {
    await recordings.begin(of, recordingId, onEndFlowId)
  } catch {
    throw new Retry('the recordings of the workspace did not answer')
  }
  const done = await telephony.startRecording(call.providerId, callId, recordingId)
  if (!done.ok && done.failure.kind === 'throttled') throw new Retry('throttled', done.failure.retryAfterMs)
  const refused = !done.ok && done.failure.kind !== 'unknown'
  if (!done.ok && !refused) return done
  const told = done.ok ? { carrierId: done.value, word: 'in-progress' } : { word: 'failed' }
  // The carrier's report, or the look after the call, says the same.
  await recordings.file({ ...of, recordingId, ...told, seconds: null }).catch(() => undefined)
  return done
}

function flowAnswer(ask: number, at: number, answer: OutsideAnswer): CallInput {
  return { type: 'flow.answered', at, ask, answer }
}

/** The flow gets the id at once: the row is there. */
function begunForFlow(callId: string, ask: number, result: 'recording' | 'outcome-unknown'): OutsideAnswer {
  return { is: 'result', result, variables: { 'voipbin.recording.id': recordingId(callId, 'flow', ask) } }
}

/** The carrier was asked, and its answer was not seen. */
export function unseenByFlow(callId: string, ask: number, at: number): CallInput {
  return flowAnswer(ask, at, begunForFlow(callId, ask, 'outcome-unknown'))
}

export async function beginForFlow(
  near: Neighbours,
  telephony: Telephony,
  callId: string,
  state: CallState,
  { ask, option }: Pick<Extract<CallEffect, { type: 'flow-record' }>, 'ask' | 'option'>,
): Promise<CallInput[]> {
  const afterwards = typeof option.on_end_flow_id === 'string' ? option.on_end_flow_id : ''
  const done = await beginRecording(near, telephony, callId, state, recordingId(callId, 'flow', ask), afterwards)
  const say = (answer: OutsideAnswer) => [flowAnswer(ask, near.now(), answer)]
  if (done === null) return say({ is: 'failed', because: 'call-over' })
  if (done.ok) return say(begunForFlow(callId, ask, 'recording'))
  if (done.failure.kind === 'unknown') return [unseenByFlow(callId, ask, near.now())]
  return say({ is: 'failed', because: 'refused' })
}

export function recordAnswered(at: number, recording: number, answer: 'running' | 'refused' | 'unknown'): CallInput {
  return { type: 'control.record-answered', at, recording, answer }
}

export async function beginForProgram(
  near: Neighbours,
  telephony: Telephony,
  callId: string,
  state: CallState,
  { recording, onEndFlowId }: Pick<Extract<CallEffect, { type: 'control-record' }>, 'recording' | 'onEndFlowId'>,
): Promise<CallInput[]> {
  const name = recordingId(callId, 'program', recording)
  const done = await beginRecording(near, telephony, callId, state, name, onEndFlowId)
  if (done?.ok) return [recordAnswered(near.now(), recording, 'running')]
  return [recordAnswered(near.now(), recording, done?.failure.kind === 'unknown' ? 'unknown' : 'refused')]
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

/** A flow has what was recorded of this call so far written down. */
export async function writeDown(near: Neighbours, callId: string, option: Option): Promise<CallInput[]> {
  const language = typeof option.language === 'string' && option.language !== '' ? option.language : null
  await near.actor('recording', workspaceOf(callId)).transcribeCall(callId, language)
  return []
}

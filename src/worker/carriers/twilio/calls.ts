/** Webhooks of a call that we know: answer, status, detection, the end of a dial, recordings. */
import { stubFor } from '../../../actors/stubs.ts'
import type { Verdict } from '../../../core/batch/state.ts'
import { HANG_UP } from '../../../core/instruction/instruction.ts'
import { isRemoteEnd, statusOf } from '../../../providers/telephony/twilio/client.ts'
import { answer, answerPlainly, type Ctx, idIn, stored } from './answer.ts'
import { type CarrierRequest, need } from './signed.ts'

/** The race: the batch decides in one call; an AI agent that won needs a second one. */
export async function batchAnswer(c: Ctx, { account, form }: CarrierRequest): Promise<Response> {
  const [batchId, callId] = [idIn(c, account, 'batch', 'batchId'), idIn(c, account, 'call', 'callId')]
  const providerId = need(form, 'CallSid')
  const verdict = form.AnsweredBy === undefined ? null : verdictOf(form.AnsweredBy)
  const claim = await stubFor(c.env, 'batch', batchId).claim(callId, providerId, verdict)
  const instructions =
    'agent' in claim ? await stubFor(c.env, 'call', callId).converse(claim.agent, providerId) : claim.instructions
  return answer(c, account, callId, instructions)
}

/** The carrier asks when a person answers, when a stream of the AI agent is over, and whenever we redirect the call. */
export async function callAnswer(c: Ctx, { account, form }: CarrierRequest, callId: string): Promise<Response> {
  const instructions = await stubFor(c.env, 'call', callId).answer(need(form, 'CallSid'))
  return answer(c, account, callId, instructions)
}

/** The carrier asks because the party that the call was connected to is gone, or never answered. */
export async function dialEnded(c: Ctx, { account, form }: CarrierRequest): Promise<Response> {
  const callId = idIn(c, account, 'call', 'callId')
  const reached = ['completed', 'answered'].includes(need(form, 'DialCallStatus'))
  const instructions = await stubFor(c.env, 'call', callId).dialEnded(need(form, 'CallSid'), reached)
  return answer(c, account, callId, instructions)
}

/** Unknown words count as unknown, which the race treats as a person. */
export function verdictOf(answeredBy: string): Verdict {
  if (answeredBy.startsWith('machine')) return 'machine'
  if (answeredBy === 'human' || answeredBy === 'fax') return answeredBy
  return 'unknown'
}

export async function batchAmd(c: Ctx, { account, form }: CarrierRequest): Promise<Response> {
  const [batchId, callId] = [idIn(c, account, 'batch', 'batchId'), idIn(c, account, 'call', 'callId')]
  const verdict = verdictOf(need(form, 'AnsweredBy'))
  const input = { type: 'leg.judged' as const, at: Date.now(), legId: callId, verdict }
  return stored(c, await stubFor(c.env, 'batch', batchId).deliver(input, `amd:${need(form, 'CallSid')}`))
}

export async function callStatus(c: Ctx, { form }: CarrierRequest, callId: string): Promise<Response> {
  const [providerId, word] = [need(form, 'CallSid'), need(form, 'CallStatus')]
  const status = statusOf(word)
  if (!status) {
    // An unknown status is logged and not fatal (S2-2). It is foreign text, so the log gets a few characters of it.
    console.warn(JSON.stringify({ message: 'unknown call status', status: word.slice(0, 24) }))
    return c.body(null, 204)
  }
  const input = { type: 'call.reported' as const, at: Date.now(), providerId, status, remote: isRemoteEnd(word) }
  const id = `status:${providerId}:${form.SequenceNumber ?? '-'}:${word}`
  return stored(c, await stubFor(c.env, 'call', callId).deliver(input, id))
}

/** The agent has taken up the browser phone that an inbound call rings. */
export async function clientStatus(c: Ctx, { account, form }: CarrierRequest): Promise<Response> {
  const callId = idIn(c, account, 'call', 'callId')
  if (need(form, 'CallStatus') !== 'in-progress') return c.body(null, 204)
  const input = { type: 'call.answer-seen' as const, at: Date.now(), providerId: null }
  return stored(c, await stubFor(c.env, 'call', callId).deliver(input, null))
}

export async function recording(c: Ctx, { form }: CarrierRequest, callId: string): Promise<Response> {
  const recordingId = need(form, 'RecordingSid')
  const status = need(form, 'RecordingStatus')
  const seconds = form.RecordingDuration === undefined ? null : Number(form.RecordingDuration)
  const input = { type: 'recording.reported' as const, at: Date.now(), recordingId, status, seconds }
  return stored(c, await stubFor(c.env, 'call', callId).deliver(input, `recording:${recordingId}:${status}`))
}

/** Speaks the summary to the colleague who takes a call over. */
export async function summary(c: Ctx, { account }: CarrierRequest): Promise<Response> {
  const words = await stubFor(c.env, 'call', idIn(c, account, 'call', 'callId')).document('summary')
  return answerPlainly(c, words ? [{ kind: 'say', text: words }] : HANG_UP)
}

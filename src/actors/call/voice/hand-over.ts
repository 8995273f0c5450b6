/** Hands an AI agent's call over to a person: asks the desk, whispers the summary, takes an offer back. */
import type { CallInput, CallState } from '../../../core/call/state.ts'
import type { TalkEffect } from '../../../core/call/talk/talk.ts'
import { recordingId, workspaceOf } from '../../../core/ids.ts'
import { shownNumber } from '../../../wire/phone-number.ts'
import type { Neighbours } from '../../neighbours.ts'
import { ringOf } from '../caller.ts'
import { beginRecording } from '../recordings.ts'

export async function handOver(
  near: Neighbours,
  callId: string,
  state: CallState,
  effect: TalkEffect,
  key: string,
): Promise<CallInput[]> {
  const at = near.now()
  const id = `${callId}:${key}`
  switch (effect.type) {
    case 'offer-transfer':
      return offer(near, callId, state, effect, id)
    case 'withdraw-transfer':
      await near.actor('desk', effect.deskId).deliver({ type: 'inbound.ended', at, callId }, id)
      return []
    case 'record-talk':
      return record(near, callId, state)
    case 'whisper-summary':
      await near.actor('room', effect.room).deliver({ type: 'whisper.wanted', at, callId }, id)
      return []
  }
}

/** Delivered once (`record-talk`). The conversation goes on if the carrier refuses. */
async function record(near: Neighbours, callId: string, state: CallState): Promise<CallInput[]> {
  const telephony = await near.telephony(workspaceOf(callId))
  if (telephony === null) return []
  const done = await beginRecording(near, telephony, callId, state, recordingId(callId, 'talk', 1))
  if (done === null) return []
  // Players count from this time, because the carrier does not tell a more exact one.
  return [{ type: 'talk.noted', at: near.now(), word: done.ok ? 'recording-began' : 'recording-refused', data: {} }]
}

async function offer(
  near: Neighbours,
  callId: string,
  state: CallState,
  effect: Extract<TalkEffect, { type: 'offer-transfer' }>,
  id: string,
): Promise<CallInput[]> {
  const { transferId, deskId, summary } = effect
  const desk = near.actor('desk', deskId)
  if (state.call.phase !== 'live') {
    // As for a ring (`ringDesk`): an offer that is still on its way becomes a repeat.
    await desk.deliver({ type: 'inbound.ended', at: near.now(), callId }, id)
    return []
  }
  const { party, links } = state.call
  const from = links.kind === 'inbound' || links.kind === 'browser' ? party.from : party.to
  const to = from === party.from ? party.to : party.from
  const known = await near.actor('workspace', workspaceOf(callId)).contactByPhone(from)
  const ring = {
    ...ringOf(callId, from, to, known, near.now()),
    // a member of the team who tries the agent has a name and no number
    fromShown: links.kind === 'browser' ? party.name : shownNumber(from),
    transfer: { transferId, summary },
  }
  const at = near.now()
  const reached = await desk.deliver({ type: 'inbound.rang', at, ring }, id)
  const rings = reached && (await desk.view())?.inbound?.callId === callId
  return rings ? [] : [{ type: 'talk.transfer-answered', at: near.now(), transferId, answer: 'not-there', room: '' }]
}

/** Performs the room's debts to the carrier and to the calls of those who want in, and feeds its owner. */
import type { OutsideAnswer } from '../../core/call/flow/state.ts'
import { workspaceOf } from '../../core/ids.ts'
import type { Instructions } from '../../core/instruction/instruction.ts'
import { unreachable } from '../../core/machine.ts'
import { isInVain } from '../../core/room/company.ts'
import type { RoomEffect, RoomFact, RoomInput, RoomState } from '../../core/room/state.ts'
import { supervisionOf } from '../../core/room/supervision.ts'
import type { Carried, ParticipantVoice, Telephony } from '../../providers/telephony/port.ts'
import type { Neighbours } from '../neighbours.ts'
import { type Performer, Retry } from '../shell/outbox.ts'
import type { Feed } from '../shell/shell.ts'

type CarrierEffect = Exclude<
  RoomEffect,
  { type: 'answer-caller' | 'tell-visitor' | 'file-recording' | 'expect-recording' }
>
type Supervise = Extract<RoomEffect, { type: 'supervise-participant' }>

/** What one caller is answered, and what one desk is told, is performed in order. */
export function laneOf(effect: RoomEffect): string {
  if (effect.type === 'supervise-participant') return effect.supervisionId
  if (effect.type === 'end-leg') return effect.providerId
  return effect.type === 'answer-caller' || effect.type === 'tell-visitor' ? effect.callId : effect.type
}

/** Muted until the room has told the carrier otherwise, and no reason for a conference to begin. */
export function superviseDocument(room: string, supervisionId: string): Instructions {
  const manner = { muted: true, starts: false, music: false, announced: false }
  return [{ kind: 'join-room', room, callId: supervisionId, role: 'listener', manner }, { kind: 'hang-up' }]
}

export function carryOut(near: Neighbours, room: string, state: () => RoomState): Performer<RoomInput, RoomEffect> {
  return {
    // Nothing depends on whether the agent has heard the summary.
    outcomeUnknown: () => [],
    async perform(effect, key) {
      if (effect.type === 'tell-visitor') {
        const { deskId, callId, word, sinceMs } = effect
        const input = { type: 'visit.reported' as const, at: near.now(), room, callId, word, sinceMs }
        await near.actor('desk', deskId).deliver(input, `${room}:${key}`)
        return []
      }
      if (effect.type === 'file-recording' || effect.type === 'expect-recording')
        return tellRecordings(near, room, effect)
      if (effect.type === 'supervise-participant' && isOutdated(state(), effect)) return []
      if (effect.type === 'hold-participant' && isInVain(state(), effect)) return []
      if (effect.type !== 'answer-caller') return atCarrier(near, room, effect)
      const { callId, ask } = effect
      const answer = answerOf(room, effect)
      await near.actor('call', callId).deliver({ type: 'flow.answered', at: near.now(), ask, answer }, `${room}:${key}`)
      return []
    },
  }
}

function answerOf(room: string, { callId, answer }: Extract<RoomEffect, { type: 'answer-caller' }>): OutsideAnswer {
  if (answer.is === 'result') return answer
  const { role, muted, starts, music, announced, recorded = false, notice } = answer
  const option = { room, call_id: callId, role, muted, starts, music, announced, recorded, conference: true }
  const join = { type: 'join_room', option }
  const told = notice === undefined ? [] : [{ type: 'consent', option: { text: notice } }]
  return { is: 'steps', actions: [...told, join] }
}

type Told = Extract<RoomEffect, { type: 'file-recording' | 'expect-recording' }>

/** A conference is nobody's, as a call is an agent's. */
async function tellRecordings(near: Neighbours, room: string, effect: Told): Promise<RoomInput[]> {
  const recordings = near.actor('recording', workspaceOf(room))
  const of = { callId: room, agentId: null, atMs: effect.at }
  if (effect.type === 'expect-recording') {
    await recordings.expect({ ...of, conferenceId: effect.conferenceId })
    return []
  }
  const { recordingId, status, seconds, onEndFlowId } = effect
  await recordings.file({ ...of, recordingId, word: status, seconds, ...(onEndFlowId === '' ? {} : { onEndFlowId }) })
  return []
}

/** Something else has been wanted since, or the supervision is over. */
function isOutdated(state: RoomState, { supervisionId, ask }: Supervise): boolean {
  return supervisionOf(state, supervisionId)?.ask !== ask
}

function voiceOf({ mode, coached }: Supervise): ParticipantVoice {
  if (mode === 'listen') return { heardBy: 'nobody' }
  // A whisper that has no ear is none.
  if (mode === 'whisper') return coached === null ? { heardBy: 'nobody' } : { heardBy: 'one', coached }
  return { heardBy: 'all' }
}

async function atCarrier(near: Neighbours, room: string, effect: CarrierEffect): Promise<RoomInput[]> {
  const telephony = await near.telephony(workspaceOf(room))
  if (!telephony) return []
  if (effect.type === 'check-room') return listing(near, room, telephony)
  if (effect.type === 'end-leg') {
    // A leg that is gone already has ended.
    confirmed(await telephony.completeCall(effect.providerId))
    return []
  }
  if (effect.type === 'stop-recording') {
    // One that has ended by itself is as good as stopped; the carrier reports either.
    confirmed(await telephony.stopRoomRecording(effect.conferenceId))
    return []
  }
  const { conferenceId, providerId } = effect
  switch (effect.type) {
    case 'supervise-participant': {
      const { supervisionId, ask, mode } = effect
      const done = await telephony.voiceParticipant(conferenceId, providerId, voiceOf(effect))
      if (confirmed(done)) return [{ type: 'supervision.set', at: near.now(), supervisionId, ask, mode }]
      return [{ type: 'supervision.refused', at: near.now(), supervisionId, ask }]
    }
    case 'whisper':
      await telephony.whisperSummary(conferenceId, providerId, effect.callId)
      return []
    case 'hold-participant': {
      // The callback reports the hold as well; the first of the two makes the fact.
      const done = confirmed(await telephony.holdParticipant(conferenceId, providerId, effect.held))
      return done ? [{ type: 'participant.held', at: near.now(), providerId, held: effect.held }] : []
    }
    case 'mute-participant': {
      const done = confirmed(await telephony.muteParticipant(conferenceId, providerId, effect.muted))
      return done ? [{ type: 'participant.muted', at: near.now(), providerId, muted: effect.muted }] : []
    }
    case 'remove-participant': {
      const done = await telephony.removeParticipant(conferenceId, providerId)
      // Somebody who is not there any more has left.
      const out = confirmed(done) || (!done.ok && done.failure.kind === 'gone')
      return out ? [{ type: 'participant.left', at: near.now(), providerId, conferenceId }] : []
    }
    default:
      return unreachable(effect)
  }
}

/** A list that is refused says nothing; the watch asks again. */
async function listing(near: Neighbours, room: string, telephony: Telephony): Promise<RoomInput[]> {
  const askedMs = near.now()
  const listed = await telephony.listRoom(room)
  if (!confirmed(listed) || !listed.ok) return []
  const { conferenceId = null, participants = [] } = listed.value ?? {}
  return [{ type: 'room.listed', at: near.now(), askedMs, conferenceId, participants }]
}

/** False: the carrier refused. */
function confirmed(done: Carried<unknown>): boolean {
  if (!done.ok && (done.failure.kind === 'unknown' || done.failure.kind === 'throttled'))
    throw new Retry('not confirmed by the carrier')
  return done.ok
}

export function feedToOwner(near: Neighbours, room: string, name: string): Feed<RoomFact> | null {
  const [kind, id = ''] = name.split(':')
  if (kind !== 'desk') return null
  return {
    name,
    delayMs: 0,
    async deliver(facts) {
      await near.actor('desk', id).hearRoom(room, facts)
    },
  }
}

/** Performs the call's debts to the carrier and to its neighbours. */
import type { EndCause } from '../../core/batch/state.ts'
import type { OutsideAnswer } from '../../core/call/flow/state.ts'
import { clearanceAsk } from '../../core/call/life/clearance-ask.ts'
import { deskTold } from '../../core/call/life/life.ts'
import type { CallEffect, CallInput, CallState } from '../../core/call/state.ts'
import { hasDialled } from '../../core/call/transfer/state.ts'
import type { Verdict } from '../../core/clearance/clearance.ts'
import { workspaceOf } from '../../core/ids.ts'
import type { Seller } from '../../core/instruction/instruction.ts'
import type { DeskPhone, Telephony } from '../../providers/telephony/port.ts'
import type { Neighbours } from '../neighbours.ts'
import { sellerOf } from '../seller.ts'
import { type Performer, Retry } from '../shell/outbox.ts'
import { identifyCaller, ringDesk } from './caller.ts'
import { created, heard, searched } from './carrier-answers.ts'
import { fileCall, unseenFiling } from './crm-filing.ts'
import { placeCalls } from './flow-calls.ts'
import { leaveMask, maskConnected } from './flow-mask.ts'
import { askNeighbour, askStranger, leaveQueue, tellStranger } from './flow-outside.ts'
import { leaveConference } from './flow-rooms.ts'
import {
  beginForFlow,
  beginForProgram,
  endRecording,
  pauseRecording,
  recordAnswered,
  resumeRecording,
  tellRecordings,
  unseenByFlow,
  writeDown,
} from './recordings.ts'
import { askAgent, isOfRing } from './ring.ts'
import { handPerson, isOfTransfer, tellPerson } from './transfer.ts'
import { handOver } from './voice/hand-over.ts'
import { fileInInbox, messagesFound } from './voicemail.ts'

type Of<T extends CallEffect['type']> = Extract<CallEffect, { type: T }>

/** `log` returns the conversation as text. */
export function carryOut(
  near: Neighbours,
  callId: string,
  state: () => CallState,
  log: () => string | null,
): Performer<CallInput, CallEffect> {
  return {
    outcomeUnknown(effect) {
      switch (effect.type) {
        case 'create-call':
          return [{ type: 'call.create-unknown', at: near.now() }]
        case 'record-talk':
          // The carrier's recording callback tells whether one runs; a second one is never begun.
          return [{ type: 'talk.noted', at: near.now(), word: 'recording-unknown', data: {} }]
        case 'tell-crm':
          return unseenFiling(effect, near.now())
        case 'flow-ask-stranger':
          return [flowAnswer(near.now(), effect.ask, { is: 'failed', because: 'outcome-unknown' })]
        case 'flow-record':
          // The carrier's recording callback tells whether one runs; a second one is never begun.
          return [unseenByFlow(callId, effect.ask, near.now())]
        case 'control-record':
          return [recordAnswered(near.now(), effect.recording, 'unknown')]
        case 'flow-tell-stranger':
          // Nobody waits for it.
          return []
      }
    },
    async perform(effect, key) {
      if (isOfTransfer(effect)) return handPerson(near, callId, state(), effect, key)
      if (isOfRing(effect)) return askAgent(near, callId, state(), effect, key)
      switch (effect.type) {
        case 'reserve-slot':
          return reserve(near, callId, state())
        case 'free-number':
          await near
            .actor('trunk', workspaceOf(callId))
            .freeNumber(effect.number, callId, effect.used, effect.talkedMs, effect.rejected)
          return []
        case 'count-placed':
          await countPlaced(near, callId, effect)
          return []
        case 'tell-book': {
          const { contactId, status, result, at } = effect
          const shown = status === 'held' ? 'active' : status
          const tried = { contactId, callId, status: shown, result, at }
          await near.actor('workspace', workspaceOf(callId)).contactTried(tried)
          return []
        }
        case 'flow-ask-neighbour':
          return askNeighbour(near, callId, state(), effect, key)
        case 'flow-ask-stranger':
          return askStranger(near, callId, state(), effect)
        case 'flow-tell-stranger':
          return tellStranger(callId, effect)
        case 'flow-leave':
          return leave(near, callId, effect, key)
        case 'flow-tell-neighbour':
          return tellNeighbour(near, callId, state(), effect)
        case 'tell-queue':
          await near
            .actor('queue', effect.queueId)
            .deliver({ type: 'callback.ended', at: near.now(), callId }, `${callId}:${key}`)
          return []
        case 'tell-mask':
          await maskConnected(near, callId, effect.maskId)
          return []
        case 'file-message':
        case 'file-missed':
          await fileInInbox(near, callId, effect)
          return []
        case 'file-recording':
        case 'expect-recording':
          return tellRecordings(near, callId, state(), effect)
        case 'set-number-aside':
          await near.actor('trunk', workspaceOf(callId)).setNumberAside(effect.number, effect.code)
          return []
        case 'tell-batch':
          return tellBatch(near, callId, state(), effect, key)
        case 'tell-desk':
          return tellDesk(near, callId, state(), effect, key)
        case 'ring-desk':
          return ringDesk(near, callId, state(), effect, key)
        case 'identify-caller':
          return identifyCaller(near, callId, state())
        case 'tell-crm':
          return fileCall(near, callId, state(), effect, () => log() ?? '')
        case 'tell-person':
          return tellPerson(near, callId, effect, key)
        case 'offer-transfer':
        case 'withdraw-transfer':
        case 'whisper-summary':
        case 'record-talk':
          return handOver(near, callId, state(), effect, key)
        default:
          return carrier(near, callId, state(), effect)
      }
    },
  }
}

async function tellNeighbour(
  near: Neighbours,
  callId: string,
  state: CallState,
  effect: Of<'flow-tell-neighbour'>,
): Promise<CallInput[]> {
  if (effect.verb === 'transcribe_recording') return writeDown(near, callId, effect.option)
  // What else there is was stored before the inbox, when a voicemail was the call's own recording.
  return effect.verb === 'call' ? placeCalls(near, callId, state, effect) : []
}

function flowAnswer(at: number, ask: number, answer: OutsideAnswer): CallInput {
  return { type: 'flow.answered', at, ask, answer }
}

async function countPlaced(near: Neighbours, callId: string, effect: Of<'count-placed'>): Promise<void> {
  const workspaceId = workspaceOf(callId)
  await near.actor('trunk', workspaceId).countPlaced(effect.number, callId)
  if (effect.contactId !== null)
    await near.actor('workspace', workspaceId).countAttempt(effect.contactId, callId, effect.at ?? near.now())
}

async function reserve(near: Neighbours, callId: string, { call }: CallState): Promise<CallInput[]> {
  // A call that was let go meanwhile takes no place.
  if (call.phase !== 'live') return []
  const { verdict, notBefore } = await near.actor('trunk', workspaceOf(callId)).clear(clearanceAsk(call, callId))
  const at = near.now()
  if (verdict.cleared) return [{ type: 'call.slot-granted', at, notBefore, profile: verdict.profile }]
  return [{ type: 'call.not-cleared', at, rule: verdict.rule, untilMs: verdict.untilMs }]
}

async function carrier(near: Neighbours, callId: string, state: CallState, effect: CallEffect): Promise<CallInput[]> {
  const telephony = await near.telephony(workspaceOf(callId))
  if (!telephony) return [{ type: 'call.create-refused', at: near.now(), code: 20003 }]
  const life = state.call
  switch (effect.type) {
    case 'create-call':
      return create(near, telephony, callId, state, effect)
    case 'search-call':
      return searched(
        await telephony.findCall(dialled(callId, state, effect.party.to), effect.party.from, effect.sinceMs),
        near.now(),
      )
    case 'cancel-call':
      // A call that was answered in the meantime cannot be canceled; its answer webhook gave it the message.
      if (life.phase === 'over' || (life.phase === 'live' && life.answeredAt !== null)) return []
      return heard(await telephony.cancelCall(effect.providerId), effect.providerId, near.now())
    case 'complete-call':
      return heard(await telephony.completeCall(effect.providerId), effect.providerId, near.now())
    case 'fetch-call':
      return heard(await telephony.fetchCall(effect.providerId), effect.providerId, near.now(), 'call.missing')
    case 'flow-record':
      return beginForFlow(near, telephony, callId, state, effect)
    case 'control-record':
      return beginForProgram(near, telephony, callId, state, effect)
    case 'control-stop-recording':
    case 'flow-stop-recording':
      return endRecording(telephony, state)
    case 'control-pause-recording':
      return pauseRecording(near, telephony, state)
    case 'control-resume-recording':
      return resumeRecording(telephony, state)
    case 'find-message':
      return messagesFound(telephony, effect.providerId, near.now)
    case 'redirect-call': {
      if (hasDialled(state.transfer)) return []
      // Once an AI agent or a flow has the call, or an agent hands it over, the call decides where it goes, not the round.
      const ofRound = state.talk === null && state.flow === null && state.transfer?.place == null
      const batchId = ofRound ? batchOf(state) : null
      return heard(await telephony.redirectCall(effect.providerId, callId, batchId), effect.providerId, near.now())
    }
    default:
      return []
  }
}

async function create(
  near: Neighbours,
  telephony: Telephony,
  callId: string,
  state: CallState,
  effect: Of<'create-call'>,
): Promise<CallInput[]> {
  const workspaceId = workspaceOf(callId)
  const { from, extension } = effect.party
  const to = dialled(callId, state, effect.party.to)
  const [seller, clearance] = await askBefore(near, workspaceId, callId)
  if (!clearance.cleared)
    return [{ type: 'call.not-cleared', at: near.now(), rule: clearance.rule, untilMs: clearance.untilMs }]
  const { ringLimitMs, amd, record } = effect.options
  const batchId = batchOf(state)
  const order = { callId, batchId, to, from, seller, ringLimitMs, amd, record, extension: extension ?? null, clearance }
  return [created(await telephony.createCall(order), near.now())]
}

/** Who is called: a number, or a person of ours at their own phone. */
function dialled(callId: string, { call }: CallState, number: string): string | DeskPhone {
  const deskId = call.phase === 'live' ? call.options.phone : undefined
  return deskId === undefined ? number : { deskId, callId }
}

/**
 * The seller, and the gate once more at the moment of dialing. Both are asked before anything is sent: if one does not answer, the
 * create did not happen and may be tried again.
 */
async function askBefore(near: Neighbours, workspaceId: string, callId: string): Promise<[Seller, Verdict]> {
  try {
    return await Promise.all([sellerOf(near, workspaceId), near.actor('trunk', workspaceId).clearAgain(callId)])
  } catch {
    throw new Retry('the workspace did not answer')
  }
}

function providerOf({ call }: CallState): { providerId?: string } {
  return call.phase === 'empty' || call.providerId === null ? {} : { providerId: call.providerId }
}

function batchOf(state: CallState): string | null {
  return state.call.phase === 'empty' ? null : state.call.links.batchId
}

async function tellBatch(
  near: Neighbours,
  callId: string,
  state: CallState,
  effect: Of<'tell-batch'>,
  key: string,
): Promise<CallInput[]> {
  const batchId = batchOf(state)
  if (batchId === null) return []
  const at = near.now()
  const batch = near.actor('batch', batchId)
  const id = `${callId}:${key}`
  if (effect.word === 'ended')
    await batch.deliver({ type: 'leg.ended', at, legId: callId, cause: (effect.cause ?? 'failed') as EndCause }, id)
  else if (effect.word === 'rang') await batch.deliver({ type: 'leg.rang', at, legId: callId }, id)
  else await batch.deliver({ type: 'leg.placed', at, legId: callId, ...providerOf(state) }, id)
  return []
}

async function tellDesk(
  near: Neighbours,
  callId: string,
  state: CallState,
  effect: Of<'tell-desk'>,
  key: string,
): Promise<CallInput[]> {
  const deskId = effect.deskId ?? deskTold(state.call, state.talk)
  if (deskId === null) return []
  const at = near.now()
  const id = `${callId}:${key}`
  const desk = near.actor('desk', deskId)
  if (effect.word === 'queued')
    await desk.deliver({ type: 'leg.queued', at, callId, untilMs: effect.untilMs ?? at }, id)
  else if (effect.word === 'answered') await desk.deliver({ type: 'inbound.answered', at, callId }, id)
  else await desk.deliver({ type: 'inbound.ended', at, callId }, id)
  return []
}

/** The caller has left what an ask of the flow led to. */
function leave(
  near: Neighbours,
  callId: string,
  effect: Extract<CallEffect, { type: 'flow-leave' }>,
  key: string,
): Promise<CallInput[]> {
  if (effect.mask !== undefined) return leaveMask(near, callId, effect)
  return effect.queue === undefined ? leaveConference(near, callId, effect, key) : leaveQueue(near, callId, effect, key)
}

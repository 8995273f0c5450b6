/** Performs the call's debts to the carrier and to its neighbours. */
import type { EndCause } from '../../core/batch/state.ts'
import { deskTold } from '../../core/call/life/life.ts'
import type { CallEffect, CallInput, CallState } from '../../core/call/state.ts'
import { workspaceOf } from '../../core/ids.ts'
import type { Seller } from '../../core/instruction/instruction.ts'
import { telephonyOf } from '../../providers/registry.ts'
import type { Carried, CarrierCall, Telephony } from '../../providers/telephony/port.ts'
import type { Env } from '../env.ts'
import { type Performer, Retry } from '../shell/outbox.ts'
import { stubFor } from '../stubs.ts'
import { identifyCaller, ringDesk } from './caller.ts'
import { fileCall, unseenFiling } from './crm-filing.ts'
import { handOver } from './voice/hand-over.ts'

type Of<T extends CallEffect['type']> = Extract<CallEffect, { type: T }>

/** `log` returns the conversation as text. */
export function carryOut(
  env: Env,
  callId: string,
  state: () => CallState,
  log: () => string | null,
): Performer<CallInput, CallEffect> {
  return {
    outcomeUnknown(effect) {
      switch (effect.type) {
        case 'create-call':
          return [{ type: 'call.create-unknown', at: Date.now() }]
        case 'record-talk':
          // The carrier's recording callback tells whether one runs; a second one is never begun.
          return [{ type: 'talk.noted', at: Date.now(), word: 'recording-unknown', data: {} }]
        case 'tell-crm':
          return unseenFiling(effect)
      }
    },
    async perform(effect, key) {
      switch (effect.type) {
        case 'reserve-slot':
          return reserve(env, callId)
        case 'free-number':
          await stubFor(env, 'trunk', workspaceOf(callId)).freeNumber(effect.number, callId, effect.used)
          return []
        case 'tell-batch':
          return tellBatch(env, callId, state(), effect, key)
        case 'tell-desk':
          return tellDesk(env, callId, state(), effect, key)
        case 'ring-desk':
          return ringDesk(env, callId, state(), effect, key)
        case 'identify-caller':
          return identifyCaller(env, callId, state())
        case 'tell-crm':
          return fileCall(env, callId, state(), effect, () => log() ?? '')
        case 'offer-transfer':
        case 'withdraw-transfer':
        case 'whisper-summary':
        case 'record-talk':
          return handOver(env, callId, state(), effect, key)
        default:
          return carrier(env, callId, state(), effect)
      }
    },
  }
}

async function reserve(env: Env, callId: string): Promise<CallInput[]> {
  const workspaceId = workspaceOf(callId)
  const notBefore = await stubFor(env, 'trunk', workspaceId).slot(callId)
  return [{ type: 'call.slot-granted', at: Date.now(), notBefore }]
}

async function carrier(env: Env, callId: string, state: CallState, effect: CallEffect): Promise<CallInput[]> {
  const telephony = await telephonyOf(env, workspaceOf(callId))
  if (!telephony) return [{ type: 'call.create-refused', at: Date.now(), code: 20003 }]
  const life = state.call
  switch (effect.type) {
    case 'create-call':
      return create(env, telephony, callId, state, effect)
    case 'search-call':
      return search(telephony, effect)
    case 'cancel-call':
      // A call that was answered in the meantime cannot be canceled; its answer webhook gave it the message.
      if (life.phase === 'over' || (life.phase === 'live' && life.answeredAt !== null)) return []
      return heard(await telephony.cancelCall(effect.providerId), effect.providerId)
    case 'complete-call':
      return heard(await telephony.completeCall(effect.providerId), effect.providerId)
    case 'fetch-call':
      return heard(await telephony.fetchCall(effect.providerId), effect.providerId, 'call.missing')
    case 'redirect-call': {
      // Once an AI agent has the call, the call decides where it goes, not the round.
      const batchId = state.talk === null ? batchOf(state) : null
      return heard(await telephony.redirectCall(effect.providerId, callId, batchId), effect.providerId)
    }
    default:
      return []
  }
}

async function create(
  env: Env,
  telephony: Telephony,
  callId: string,
  state: CallState,
  effect: Of<'create-call'>,
): Promise<CallInput[]> {
  const seller = await sellerOf(env, workspaceOf(callId))
  const { to, from } = effect.party
  const answer = await telephony.createCall({ callId, batchId: batchOf(state), to, from, seller, ...effect.options })
  const at = Date.now()
  if (answer.ok) return [{ type: 'call.create-answered', at, ...answer.value }]
  const { failure } = answer
  switch (failure.kind) {
    case 'refused':
      return [{ type: 'call.create-refused', at, code: failure.code }]
    case 'throttled':
      return [{ type: 'call.create-throttled', at, retryAfterMs: failure.retryAfterMs }]
    default:
      return [{ type: 'call.create-unknown', at }]
  }
}

/** Asked before anything is sent: if the workspace does not answer, the create did not happen and may be tried again. */
async function sellerOf(env: Env, workspaceId: string): Promise<Seller> {
  try {
    return await stubFor(env, 'workspace', workspaceId).seller()
  } catch {
    throw new Retry('the workspace did not answer')
  }
}

async function search(telephony: Telephony, effect: Of<'search-call'>): Promise<CallInput[]> {
  const found = await telephony.findCall(effect.party.to, effect.party.from, effect.sinceMs)
  if (!found.ok) throw new Retry('the list could not be read')
  return [{ type: 'call.searched', at: Date.now(), found: found.value }]
}

/** "Already over" counts as done; the carrier's word comes back as a report. */
function heard(
  answer: Carried<CarrierCall>,
  providerId: string,
  whenGone: 'call.missing' | 'call.check-wanted' = 'call.check-wanted',
): CallInput[] {
  const at = Date.now()
  if (answer.ok) return [{ type: 'call.reported', at, providerId, status: answer.value.status }]
  const { failure } = answer
  if (failure.kind === 'gone') return [{ type: whenGone, at }]
  if (failure.kind === 'throttled') throw new Retry('throttled', failure.retryAfterMs)
  if (failure.kind === 'unknown') throw new Retry(failure.message)
  return []
}

function batchOf(state: CallState): string | null {
  return state.call.phase === 'empty' ? null : state.call.links.batchId
}

async function tellBatch(
  env: Env,
  callId: string,
  state: CallState,
  effect: Of<'tell-batch'>,
  key: string,
): Promise<CallInput[]> {
  const batchId = batchOf(state)
  if (batchId === null) return []
  const at = Date.now()
  const batch = stubFor(env, 'batch', batchId)
  const id = `${callId}:${key}`
  if (effect.word === 'ended')
    await batch.deliver({ type: 'leg.ended', at, legId: callId, cause: (effect.cause ?? 'failed') as EndCause }, id)
  else await batch.deliver({ type: effect.word === 'placed' ? 'leg.placed' : 'leg.rang', at, legId: callId }, id)
  return []
}

async function tellDesk(
  env: Env,
  callId: string,
  state: CallState,
  effect: Of<'tell-desk'>,
  key: string,
): Promise<CallInput[]> {
  const deskId = deskTold(state.call, state.talk)
  if (deskId === null) return []
  const at = Date.now()
  const id = `${callId}:${key}`
  const desk = stubFor(env, 'desk', deskId)
  if (effect.word === 'queued')
    await desk.deliver({ type: 'leg.queued', at, callId, untilMs: effect.untilMs ?? at }, id)
  else if (effect.word === 'answered') await desk.deliver({ type: 'inbound.answered', at, callId }, id)
  else await desk.deliver({ type: 'inbound.ended', at, callId }, id)
  return []
}

/** The part `transfer` of a call: an agent hands the person on it over to a colleague, a queue or a number. */
import { once, repeat, tell, unreachable } from '../../machine.ts'
import { type FactOf, type InputOf, isOf, type Making, type Part } from '../../parts.ts'
import { deskNameOfCaller } from '../../phone-names.ts'
import type { CallEffect, CallState, PartFact, PartInput } from '../state.ts'
import { TransferDecision } from './decide.ts'
import { PHASES } from './moves.ts'
import {
  type Helper,
  PICKED_UP,
  phaseOf,
  type Seat,
  type Transfer,
  type TransferEffect,
  type TransferFact,
} from './state.ts'

type Input = InputOf<'transfer', PartInput>
type Fact = FactOf<'transfer', PartFact>

export const transfer: Part<'transfer', CallState, Transfer | null, PartInput, PartFact, CallEffect> = {
  initial: null,
  decide: (making: Making<CallState, Fact>, input: Input) => {
    if (making.state.call.phase === 'live') new TransferDecision(making).take(input)
  },
  strike: making => {
    if (making.state.call.phase === 'live') new TransferDecision(making).strike()
  },
  gaveUp: (making, { effect }) => {
    const given: string = effect
    if (making.state.call.phase === 'live') new TransferDecision(making).gaveUp(given)
  },
  evolve: (slice, fact) => {
    if (isOf('transfer', fact)) return evolveTransfer(slice, fact)
    return fact.type === 'flow-created' && slice?.flowDue ? { ...slice, flowDue: false } : slice
  },
  react: (fact, state) => {
    if (isOf('transfer', fact)) return [...react(fact), ...consulted(fact, state.transfer), ...redirected(fact, state)]
    if (fact.type === 'call-answered') return recorded(state)
    return fact.type === 'call-hungup' ? callOver(state) : []
  },
  deadline: ({ call, transfer }) => (call.phase === 'live' ? deadlineOf(transfer) : null),
  about: {
    'transfer-wanted': ({ origin }) => ({ desk: origin.deskId }),
    'transfer-offered': ({ deskId }) => ({ desk: deskId }),
    'transfer-offer-over': ({ deskId }) => ({ desk: deskId }),
    'transfer-stayed': ({ deskId }) => ({ desk: deskId }),
    'transfer-leaving': ({ taker }) => ({ desk: taker?.deskId ?? null }),
    'transfer-moved': ({ to }) => ({ desk: to }),
    'transfer-picked-up': ({ deskId, room }) => ({ desk: deskId, room }),
    'transfer-lost': 'self',
    'transfer-calling': 'self',
    'transfer-joining': ({ helper }) => (helper.kind === 'desk' ? { desk: helper.deskId } : {}),
    'transfer-consulting': 'self',
    'transfer-parting': 'self',
    'transfer-origin-lost': 'self',
    'transfer-leg-over': 'self',
  },
}

function deadlineOf(transfer: Transfer | null): number | null {
  const stage = transfer?.stage
  return stage !== undefined && 'untilMs' in stage ? stage.untilMs : null
}

function evolveTransfer(slice: Transfer | null, fact: TransferFact): Transfer | null {
  if (fact.type === 'transfer-wanted') {
    const { transferId, origin, target, personal, attended } = fact
    const { place = null, seat = null, alone = false, offers = 0 } = slice ?? {}
    const named = target.to === 'number' ? { ...target, number: personal.number ?? '' } : target
    const begun = { transferId, origin, target: named, stage: { is: 'judged' as const }, place, seat, alone, offers }
    return { ...begun, flowDue: false, ...(attended ? { attended } : {}) }
  }
  if (fact.type === 'transfer-picked-up') return pickedUp(fact)
  if (slice === null) return null
  switch (fact.type) {
    case 'transfer-offered': {
      const { offerId, deskId, untilMs, back } = fact
      return { ...slice, offers: slice.offers + 1, stage: { is: 'offered', offerId, deskId, untilMs, back } }
    }
    case 'transfer-offer-over':
      return slice
    case 'transfer-stayed': {
      if (fact.transferId !== slice.transferId) return slice
      const { stage, origin } = slice
      // Facts of an older release do not say it.
      const late = fact.place === undefined && stage.is === 'leaving' && origin.room !== null
      const said = late ? { at: 'room' as const, room: origin.room ?? '', deskId: origin.deskId } : fact.place
      return { ...slice, place: said === undefined ? slice.place : said, stage: { is: 'there' } }
    }
    case 'transfer-leaving': {
      const { untilMs, taker, from } = fact
      const place = fact.place.at === 'number' ? { ...fact.place, number: fact.personal.number ?? '' } : fact.place
      const before = slice.stage.is === 'leaving' ? slice.stage.before : slice.place
      const stage = { is: 'leaving' as const, untilMs, from, taker, before: before ?? null }
      return { ...slice, place, stage, flowDue: place.at === 'queue' }
    }
    case 'transfer-moved': {
      const { stage } = slice
      return { ...slice, seat: stage.is === 'leaving' ? stage.taker : slice.seat, alone: false, stage: { is: 'there' } }
    }
    case 'transfer-lost': {
      const { stage, seat } = slice
      const gone = (one: Seat | null) => (one?.offerId === fact.offerId ? null : one)
      const next = stage.is === 'leaving' ? { ...stage, taker: gone(stage.taker) } : stage
      return { ...slice, seat: gone(seat), alone: slice.alone || (seat !== null && gone(seat) === null), stage: next }
    }
    case 'transfer-calling':
    case 'transfer-joining':
    case 'transfer-consulting':
    case 'transfer-parting':
    case 'transfer-origin-lost':
    case 'transfer-leg-over':
      return evolveConsult(slice, fact)
    default:
      return unreachable(fact)
  }
}

function pickedUp({
  transferId,
  offerId,
  deskId,
  room,
}: Extract<TransferFact, { type: 'transfer-picked-up' }>): Transfer {
  return {
    transferId,
    origin: { deskId, agentName: '', room: null },
    target: { to: 'desk', deskId },
    stage: { is: 'there' },
    place: { at: 'room', room, deskId },
    seat: { deskId, offerId },
    alone: false,
    offers: 1,
    flowDue: false,
  }
}

/** A call with a customer that an agent takes is recorded, as it is when the agent's phone itself has it. */
function recorded({ call, transfer }: CallState): CallEffect[] {
  if (transfer?.transferId !== PICKED_UP.transferId || call.phase !== 'live') return []
  return deskNameOfCaller(call.party.from) === null ? [once('carrier', { type: 'record-talk' })] : []
}

type ConsultFact = Extract<
  TransferFact,
  { type: `transfer-${'calling' | 'joining' | 'consulting' | 'parting' | 'origin-lost' | 'leg-over'}` }
>

function evolveConsult(slice: Transfer, fact: ConsultFact): Transfer {
  const { stage } = slice
  switch (fact.type) {
    case 'transfer-calling': {
      const { legId, home, untilMs } = fact
      return {
        ...slice,
        leg: { legId, home },
        stage: { is: 'calling', helper: { kind: 'number', legId, home }, untilMs },
      }
    }
    case 'transfer-joining':
      return { ...slice, stage: { is: 'joining', helper: fact.helper, untilMs: fact.untilMs } }
    case 'transfer-consulting': {
      const { phase, callId } = fact
      return 'helper' in stage ? { ...slice, stage: { is: 'consulting', helper: stage.helper, phase, callId } } : slice
    }
    case 'transfer-parting':
      return 'helper' in stage
        ? { ...slice, stage: { is: 'parting', helper: stage.helper, untilMs: fact.untilMs } }
        : slice
    case 'transfer-origin-lost':
      return { ...slice, alone: true }
    case 'transfer-leg-over':
      return slice.leg?.legId === fact.legId ? { ...slice, leg: null } : slice
    default:
      return unreachable(fact)
  }
}

/** What a consultation asks of the target's side and of the room of whoever asks. */
function consulted(fact: TransferFact, transfer: Transfer | null): TransferEffect[] {
  if (fact.type === 'transfer-leg-over') return fact.gone ? [] : [tell({ type: 'end-target', legId: fact.legId })]
  const room = transfer?.origin.room ?? null
  if (!transfer?.attended || room === null) return []
  const { transferId, stage } = transfer
  const hold = (held: boolean, callId: string | null = null) => tell({ type: 'hold-in-room', room, callId, held })
  switch (fact.type) {
    case 'transfer-wanted':
      return [hold(true)]
    case 'transfer-stayed':
      return fact.transferId === transferId ? [hold(false)] : []
    case 'transfer-leaving':
      // They come back into the room, in which they were on hold.
      return fact.place.at === 'room' && fact.place.room === room ? [hold(false)] : []
    case 'transfer-calling':
      return [tell({ type: 'call-target', transferId, legId: fact.legId, room })]
    case 'transfer-joining':
      return [...tellPhase(transfer), ...calledIn(fact.helper, room)]
    case 'transfer-consulting': {
      const { personHeld, targetHeld } = PHASES[fact.phase]
      return [hold(personHeld), hold(targetHeld, fact.callId), ...tellPhase(transfer)]
    }
    case 'transfer-parting': {
      const gone = stage.is === 'parting' ? sentHome(stage.helper) : []
      return [hold(PHASES.parting.personHeld), ...gone, ...tellPhase(transfer)]
    }
    default:
      return []
  }
}

/** The leg of a number comes by itself: its own document leads into the room. */
function calledIn(helper: Helper, room: string): TransferEffect[] {
  if (helper.kind === 'number') return []
  return [tell({ type: 'call-in', deskId: helper.deskId, offerId: helper.offerId, room })]
}

function sentHome(helper: Helper): TransferEffect[] {
  if (helper.kind === 'number') return [tell({ type: 'move-target', legId: helper.legId, room: helper.home })]
  return [tell({ type: 'send-home', deskId: helper.deskId, offerId: helper.offerId })]
}

function tellPhase(transfer: Transfer): TransferEffect[] {
  const phase = phaseOf(transfer)
  const { transferId, origin, stage } = transfer
  if (phase === null) return []
  const told = tell({ type: 'tell-phase', deskId: origin.deskId, transferId, offerId: null, phase })
  const helper = 'helper' in stage && stage.helper.kind === 'desk' ? stage.helper : null
  if (helper === null) return [told]
  return [told, tell({ type: 'tell-phase', deskId: helper.deskId, transferId, offerId: helper.offerId, phase })]
}

function react(fact: TransferFact): TransferEffect[] {
  switch (fact.type) {
    case 'transfer-wanted':
      // A number that is asked first is a call of its own, which the gate is asked about as about every call.
      if (fact.attended) return []
      return fact.target.to === 'number' ? [tell({ type: 'judge-number', transferId: fact.transferId })] : []
    case 'transfer-offered': {
      const { transferId, offerId, deskId, back } = fact
      return [tell({ type: 'offer-person', transferId, offerId, deskId, back })]
    }
    case 'transfer-offer-over': {
      const { offerId, deskId, told } = fact
      return told ? [] : [tell({ type: 'end-offer-of-person', offerId, deskId, over: false })]
    }
    case 'transfer-stayed':
      return [tell({ type: 'tell-origin', transferId: fact.transferId, deskId: fact.deskId, end: fact.because })]
    case 'transfer-moved': {
      const { transferId, from, to } = fact
      const left: TransferEffect[] =
        from === null ? [] : [tell({ type: 'tell-origin', transferId, deskId: from, end: 'moved' })]
      return to === null ? left : [...left, tell({ type: 'tell-taker', deskId: to })]
    }
    case 'transfer-picked-up':
      return [tell({ type: 'tell-picked-up', deskId: fact.deskId })]
    case 'transfer-leaving':
    case 'transfer-lost':
    case 'transfer-calling':
    case 'transfer-joining':
    case 'transfer-consulting':
    case 'transfer-parting':
    case 'transfer-origin-lost':
    case 'transfer-leg-over':
      return []
    default:
      return unreachable(fact)
  }
}

/** The carrier must ask again; and the round of the person's leg is over for its agent. */
function redirected(fact: TransferFact, { call }: CallState): CallEffect[] {
  if (call.phase !== 'live') return []
  if (fact.type === 'transfer-moved' && fact.from !== null && call.links.batchId !== null)
    return [tell({ type: 'tell-batch', word: 'ended', cause: 'completed' })]
  if (fact.type !== 'transfer-leaving' || fact.asking || call.providerId === null) return []
  return [repeat('carrier', { type: 'redirect-call', providerId: call.providerId })]
}

/** Everybody whose seat this call has, or is asked for, hears of its end. */
function callOver({ transfer }: CallState): TransferEffect[] {
  if (transfer === null) return []
  const { stage, seat, leg = null } = transfer
  const seats: Seat[] = stage.is === 'offered' ? [{ deskId: stage.deskId, offerId: stage.offerId }] : []
  if (stage.is === 'leaving' && stage.taker !== null) seats.push(stage.taker)
  if ('helper' in stage && stage.helper.kind === 'desk') seats.push(stage.helper)
  if (seat !== null) seats.push(seat)
  const told = seats.map(({ deskId, offerId }) => tell({ type: 'end-offer-of-person', deskId, offerId, over: true }))
  return leg === null ? told : [...told, tell({ type: 'end-target', legId: leg.legId })]
}

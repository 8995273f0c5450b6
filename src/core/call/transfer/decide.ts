import { ownerOfRoom } from '../../ids.ts'
import { unreachable } from '../../machine.ts'
import type { FactOf, InputOf, Making } from '../../parts.ts'
import { ringsAtDesk } from '../life/decide.ts'
import type { CallState, PartFact, PartInput } from '../state.ts'
import { isTalking, type Move, mayMove, type Talking } from './moves.ts'
import { backTo, helperIn, idOf, isWith } from './standing.ts'
import {
  CALLING_MS,
  CALLING_SLACK_MS,
  type Helper,
  LEAVE_MS,
  OFFER_MS,
  PICKED_UP,
  type Place,
  phaseOf,
  type Seat,
  type Transfer,
  type TransferEnd,
  VISIT_MS,
} from './state.ts'

type Input = InputOf<'transfer', PartInput>
type Fact = FactOf<'transfer', PartFact>
type Of<T extends Input['type']> = Extract<Input, { type: T }>

/** What a transfer decides. The call is live. */
export class TransferDecision {
  readonly #making: Making<CallState, Fact>

  constructor(making: Making<CallState, Fact>) {
    this.#making = making
  }

  get #at(): number {
    return this.#making.at
  }
  get #transfer(): Transfer | null {
    return this.#making.state.transfer
  }
  #add(fact: Fact): void {
    this.#making.add(fact)
  }

  take(input: Input): void {
    switch (input.type) {
      case 'transfer.wanted':
        return this.#wanted(input)
      case 'transfer.unwanted':
        return this.#unwanted(input)
      case 'transfer.answered':
        return this.#answered(input)
      case 'transfer.judged':
        return this.#judged(input)
      case 'transfer.fetched':
        return this.#fetched()
      case 'transfer.dialed':
        return this.#dialed(input.reached)
      case 'transfer.move-wanted':
        return this.#moveWanted(input)
      case 'transfer.origin-lost':
        return this.#originLost(input.transferId)
      case 'transfer.visited':
        return this.#visited(input)
      default:
        return unreachable(input)
    }
  }

  /**
   * The agent whose phone rings takes the caller to their open line. Whoever is gone or waits elsewhere by now has told the desk that the ringing
   * is over, and their seat is free again.
   */
  #pickedUp(room: string): void {
    const { call, transfer } = this.#making.state
    // A repeat.
    if (transfer?.seat?.offerId === PICKED_UP.offerId) return
    const { id: deskId } = ownerOfRoom(room)
    const rings = call.phase === 'live' && ringsAtDesk(call) && call.links.deskId === deskId
    if (rings && transfer === null && !this.#isEnding())
      this.#add({ type: 'transfer-picked-up', at: this.#at, ...PICKED_UP, deskId, room })
  }

  /** One transfer at a time, and only by whoever has the person. */
  #wanted({ transferId, origin, target, ask }: Of<'transfer.wanted'>): void {
    const before = this.#transfer
    if (before?.transferId === transferId) return
    const busy = before !== null && before.stage.is !== 'there'
    if (busy || !isWith(before, origin.deskId) || this.#isEnding())
      return this.#stays(transferId, origin.deskId, 'failed')
    const number = target.to === 'number' ? target.number : null
    const shown = target.to === 'number' ? { ...target, number: '' } : target
    const attended = ask === undefined ? {} : { attended: true as const }
    this.#add({
      type: 'transfer-wanted',
      at: this.#at,
      transferId,
      origin,
      target: shown,
      ...attended,
      personal: { number },
    })
    if (ask !== undefined && (origin.room === null || target.to === 'queue'))
      return this.#stays(transferId, origin.deskId, 'failed')
    if (ask !== undefined && target.to === 'number') {
      const untilMs = this.#at + CALLING_MS + CALLING_SLACK_MS
      return this.#add({ type: 'transfer-calling', at: this.#at, transferId, ...ask, untilMs })
    }
    if (target.to === 'queue') return this.#leave({ at: 'queue', queueId: target.queueId }, null, origin.deskId)
    if (target.to !== 'desk') return
    if (target.deskId === origin.deskId) return this.#stays(transferId, origin.deskId, 'not-there')
    this.#offer(target.deskId, false)
  }

  #unwanted({ transferId }: Of<'transfer.unwanted'>): void {
    const transfer = this.#transfer
    if (transfer?.transferId !== transferId) return
    const { stage, origin } = transfer
    if (stage.is === 'offered' && !stage.back) {
      this.#endOffer('taken-back', false)
      this.#back('taken-back')
    }
    // The target of a consultation is let go, unless it is on its way to where the person will be.
    if (stage.is === 'calling' || stage.is === 'joining' || stage.is === 'consulting')
      this.#endConsult(stage.helper, 'taken-back', false)
    if (stage.is === 'judged') this.#stays(transferId, origin.deskId, 'taken-back')
  }

  #answered({ offerId, answer, room }: Of<'transfer.answered'>): void {
    const transfer = this.#transfer
    if (offerId === PICKED_UP.offerId && answer === 'accepted') return this.#pickedUp(room)
    if (transfer === null) return
    const { stage, seat, origin } = transfer
    if (stage.is === 'offered' && stage.offerId === offerId) {
      const { deskId, back } = stage
      const took = { deskId, offerId }
      if (answer === 'accepted' && transfer.attended && !back)
        return this.#joining({ kind: 'desk', deskId, offerId, home: room })
      if (answer === 'accepted') return this.#leave({ at: 'room', room, deskId }, took, back ? null : origin.deskId)
      const because = answer === 'declined' ? 'declined' : 'not-there'
      // A line that is lost keeps the seat until the desk is told that the offer is over.
      this.#endOffer(because, answer !== 'left')
      return this.#back(because)
    }
    const helper = helperIn(stage)
    if (helper?.kind === 'desk' && helper.offerId === offerId && answer !== 'accepted')
      return this.#endConsult(helper, answer === 'declined' ? 'left' : 'not-there', answer === 'declined')
    if (answer !== 'left') return
    if (stage.is === 'leaving' && stage.taker?.offerId === offerId) return this.#takerLost(stage.taker, stage.from)
    if (seat?.offerId === offerId) this.#holderLost(seat)
  }

  #judged({ transferId, cleared }: Of<'transfer.judged'>): void {
    const transfer = this.#transfer
    if (transfer?.transferId !== transferId || transfer.stage.is !== 'judged') return
    const { origin, target } = transfer
    if (!cleared || target.to !== 'number') return this.#stays(transferId, origin.deskId, 'not-cleared')
    this.#leave({ at: 'number', number: target.number }, null, origin.deskId)
  }

  #fetched(): void {
    const transfer = this.#transfer
    if (transfer?.stage.is !== 'leaving') return
    const { transferId, stage } = transfer
    this.#add({ type: 'transfer-moved', at: this.#at, transferId, from: stage.from, to: stage.taker?.deskId ?? null })
  }

  /** The carrier asks what comes after the number. */
  #dialed(reached: boolean): void {
    if (this.#transfer?.place?.at !== 'number' || this.#transfer.stage.is !== 'there') return
    if (reached) return this.#leave({ at: 'nobody' }, null, null, true)
    const { transferId } = this.#transfer
    this.#add({ type: 'transfer-lost', at: this.#at, transferId, offerId: null, because: 'no-answer' })
    this.#comeBack(true)
  }

  #joining(helper: Helper): void {
    const transferId = this.#transfer?.transferId ?? ''
    this.#add({ type: 'transfer-joining', at: this.#at, transferId, helper, untilMs: this.#at + VISIT_MS })
  }

  #moveWanted({ transferId, move }: Of<'transfer.move-wanted'>): void {
    const transfer = this.#transfer
    const phase = phaseOf(transfer)
    if (transfer?.transferId !== transferId || phase === null || !mayMove(phase, move)) return
    if (move === 'cancel') return this.#unwanted({ type: 'transfer.unwanted', at: this.#at, transferId })
    const { stage } = transfer
    if (stage.is !== 'consulting') return
    if (move === 'complete') return this.#part(transferId)
    this.#consulting(transferId, after(move, stage.phase), stage.callId)
  }

  #consulting(transferId: string, phase: Talking, callId: string): void {
    this.#add({ type: 'transfer-consulting', at: this.#at, transferId, phase, callId })
  }

  /** The target goes home first: until it is there the person stays, so that they are never alone on the way. */
  #part(transferId: string): void {
    this.#add({ type: 'transfer-parting', at: this.#at, transferId, untilMs: this.#at + VISIT_MS })
  }

  /** Whoever asks is gone while the target is with them: the person is handed over early, as if they had said so. */
  #originLost(transferId: string): void {
    const transfer = this.#transfer
    const phase = phaseOf(transfer)
    if (transfer?.transferId !== transferId || phase === null || transfer.alone) return
    if (!isTalking(phase) && phase !== 'parting') return
    this.#add({ type: 'transfer-origin-lost', at: this.#at, transferId })
    if (phase !== 'parting') this.#part(transferId)
  }

  #visited({ visitId, callId, is, because = 'not-there' }: Of<'transfer.visited'>): void {
    const transfer = this.#transfer
    if (transfer === null) return
    const { stage, transferId, origin, leg = null } = transfer
    const helper = helperIn(stage)
    const its = helper !== null && idOf(helper) === visitId
    if (is === 'gone') {
      if (its) return this.#endConsult(helper, because, helper.kind === 'number')
      return leg?.legId === visitId ? this.#legGone(transfer, leg.legId) : undefined
    }
    if (!its) return
    if (is === 'in' && stage.is === 'calling') this.#joining(helper)
    if (is === 'in' && (stage.is === 'joining' || stage.is === 'calling'))
      return this.#consulting(transferId, 'asking', callId)
    if (is !== 'home' || stage.is !== 'parting') return
    const place = { at: 'room' as const, room: helper.home, deskId: helper.kind === 'desk' ? helper.deskId : '' }
    const taker = helper.kind === 'desk' ? { deskId: helper.deskId, offerId: helper.offerId } : null
    this.#leave(place, taker, origin.deskId)
  }

  /** The number with which the person is, or on the way to which they are, has hung up. */
  #legGone({ stage, origin, transferId }: Transfer, legId: string): void {
    this.#legOver(legId, true)
    if (stage.is === 'leaving' && stage.from !== null) return this.#stays(transferId, origin.deskId, 'not-there')
    if (stage.is === 'there') this.#leave({ at: 'nobody' }, null, null)
  }

  #legOver(legId: string, gone: boolean): void {
    const transferId = this.#transfer?.transferId ?? ''
    this.#add({ type: 'transfer-leg-over', at: this.#at, transferId, legId, gone })
  }

  /** A consultation came to nothing: the target goes, and the person is back with whoever asked. `told`: the target knows it */
  #endConsult(helper: Helper, because: Exclude<TransferEnd, 'moved'>, told: boolean): void {
    const { transferId = '', origin } = this.#transfer ?? {}
    if (helper.kind === 'desk') this.#add({ ...this.#over(helper.offerId, helper.deskId, because), told })
    else if (told) this.#legOver(helper.legId, true)
    this.#stays(transferId, origin?.deskId ?? '', because)
  }

  strike(): void {
    const transfer = this.#transfer
    if (transfer === null) return
    const { stage } = transfer
    if ((stage.is === 'calling' || stage.is === 'joining' || stage.is === 'parting') && this.#at >= stage.untilMs)
      return this.#endConsult(stage.helper, stage.is === 'calling' ? 'no-answer' : 'not-there', false)
    if (stage.is === 'offered' && this.#at >= stage.untilMs) {
      this.#endOffer('no-answer', false)
      this.#back('no-answer')
    } else if (stage.is === 'leaving' && this.#at >= stage.untilMs) this.#notMoved()
  }

  gaveUp(effect: string): void {
    const transfer = this.#transfer
    if (transfer === null) return
    const { stage, transferId, origin } = transfer
    if (effect === 'offer-person' && stage.is === 'offered') {
      this.#endOffer('not-there', false)
      this.#back('not-there')
    }
    if (effect === 'redirect-call' && stage.is === 'leaving') this.#notMoved()
    const helper = helperIn(stage)
    // What cannot be told to the target's side cannot happen there.
    if ((effect === 'call-in' && stage.is === 'joining') || (effect === 'call-target' && stage.is === 'calling'))
      if (helper !== null) this.#endConsult(helper, 'failed', false)
    if ((effect === 'send-home' || effect === 'move-target') && stage.is === 'parting')
      this.#endConsult(stage.helper, 'failed', false)
    if (effect === 'judge-number' && stage.is === 'judged') this.#stays(transferId, origin.deskId, 'failed')
  }

  /**
   * The carrier did not take the person anywhere: they are still with whoever wanted to hand over, and whoever had said yes is free
   * again. A person who waits for us has nobody to stay with, so the carrier is asked again.
   */
  #notMoved(): void {
    const transfer = this.#transfer
    if (transfer?.stage.is !== 'leaving') return
    const { transferId, stage, place } = transfer
    if (stage.from === null) return place === null ? undefined : this.#leave(place, stage.taker, null)
    if (stage.taker !== null) this.#freeSeat(stage.taker, 'failed')
    this.#stays(transferId, stage.from, 'failed')
  }

  /** Whoever had said yes has lost their line before the person was with them. */
  #takerLost(taker: Seat, from: string | null): void {
    this.#freeSeat(taker, 'not-there')
    if (from === null) return this.#comeBack(false)
    this.#stays(this.#transfer?.transferId ?? '', from, 'not-there')
  }

  /** Whoever has the person has lost their line. If somebody else is on the way to them, that goes on. */
  #holderLost(seat: Seat): void {
    this.#freeSeat(seat, 'not-there')
    if (this.#transfer?.stage.is === 'there') this.#comeBack(false)
  }

  #freeSeat({ deskId, offerId }: Seat, because: TransferEnd): void {
    const transferId = this.#transfer?.transferId ?? ''
    this.#add({ ...this.#over(offerId, deskId, because), told: false })
    this.#add({ type: 'transfer-lost', at: this.#at, transferId, offerId, because })
  }

  #offer(deskId: string, back: boolean): void {
    const transfer = this.#transfer
    if (transfer === null) return
    const { transferId, offers } = transfer
    const offerId = `${transferId}-${offers + 1}`
    const untilMs = this.#at + OFFER_MS
    this.#add({ type: 'transfer-offered', at: this.#at, transferId, offerId, deskId, untilMs, back })
  }

  #over(offerId: string, deskId: string, because: TransferEnd) {
    const transferId = this.#transfer?.transferId ?? ''
    return { type: 'transfer-offer-over' as const, at: this.#at, transferId, offerId, deskId, because }
  }

  /** `told`: the desk knows, because it has said so itself */
  #endOffer(because: TransferEnd, told: boolean): void {
    const stage = this.#transfer?.stage
    if (stage?.is === 'offered') this.#add({ ...this.#over(stage.offerId, stage.deskId, because), told })
  }

  /** An offer came to nothing: the person stays where they are, or, when they had come back already, speaks to the voicemail. */
  #back(because: Exclude<TransferEnd, 'moved'>): void {
    const transfer = this.#transfer
    if (transfer?.stage.is !== 'offered') return
    const { transferId, stage, origin } = transfer
    if (stage.back) return this.#leave(this.#untaken(), null, null)
    this.#stays(transferId, origin.deskId, because)
  }

  /** Where somebody is whom nobody takes: in the queue that their number names, or they leave a message. */
  #untaken(): Place {
    const { call } = this.#making.state
    const queueId = call.phase === 'live' ? call.unanswered : undefined
    return queueId === undefined ? { at: 'voicemail' } : { at: 'queue', queueId }
  }

  #stays(transferId: string, deskId: string, because: Exclude<TransferEnd, 'moved'>): void {
    // Whoever got the person by an earlier transfer, and wanted to hand them on, may have lost their line meanwhile.
    const transfer = this.#transfer
    const place = transfer?.transferId === transferId ? backTo(this.#making.state) : undefined
    this.#add({
      ...{ type: 'transfer-stayed', at: this.#at, transferId, deskId, because },
      ...(place === undefined ? {} : { place }),
    })
    // Nobody needs the number any more that was asked first.
    const leg = transfer?.transferId === transferId ? (this.#transfer?.leg ?? null) : null
    if (leg !== null) this.#legOver(leg.legId, false)
    if (transfer?.transferId === transferId && transfer.alone) this.#comeBack(false)
  }

  /** The person hears music, and whoever handed over is rung. */
  #comeBack(asking: boolean): void {
    const origin = this.#transfer?.origin
    if (origin === undefined) return
    this.#leave({ at: 'hold' }, null, null, asking)
    this.#offer(origin.deskId, true)
  }

  #leave(place: Place, taker: Seat | null, from: string | null, asking = false): void {
    const transferId = this.#transfer?.transferId ?? ''
    const number = place.at === 'number' ? place.number : null
    const shown = place.at === 'number' ? { ...place, number: '' } : place
    const untilMs = this.#at + LEAVE_MS
    const about = { at: this.#at, transferId, place: shown, taker, from, untilMs, asking, personal: { number } }
    this.#add({ type: 'transfer-leaving', ...about })
    if (asking) this.#fetched()
  }

  #isEnding(): boolean {
    const { call } = this.#making.state
    return call.phase !== 'live' || call.status === 'terminating'
  }
}

function after(move: Exclude<Move, 'complete' | 'cancel'>, phase: Talking): Talking {
  if (move === 'merge') return 'merged'
  return phase === 'asking' ? 'swapped' : 'asking'
}

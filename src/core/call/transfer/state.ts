/**
 * The vocabulary of a transfer: a part of the call of the person who is handed over. They stay where they are until the target has
 * said yes, and when the target is lost afterwards they hear music and come back to whoever handed them over.
 */
import type { Repeat } from '../../machine.ts'
import type { OfferAnswer } from '../../queue/state.ts'
import type { Move, Phase, Talking } from './moves.ts'

/** A colleague who is asked, or who gets somebody back, is rung so long. */
export const OFFER_MS = 25_000
/** The carrier has been told to ask again, and has not; the person is still where they were. */
export const LEAVE_MS = 15_000
/** A target that has said yes, or goes back, is in the other room by then. */
export const VISIT_MS = 15_000
/** A number that is asked first is rung so long. */
export const CALLING_MS = 30_000
/** Its leg says how it ended; if it does not, it is given up so long after that. */
export const CALLING_SLACK_MS = 15_000

/**
 * A caller who rang an agent's phone, and comes to that agent's open line instead. It is the state of a transfer that is done: the desk has
 * the seat, and what happens later to the agent's line is decided as for everybody who was handed over.
 */
export const PICKED_UP = { transferId: 'ring', offerId: 'ring-1' }

export type Target =
  /** `agreed`: whoever sits there has taken the person over, so nobody has to be asked */
  { to: 'desk'; deskId: string; agreed?: true } | { to: 'number'; number: string } | { to: 'queue'; queueId: string }
/** Who hands over. `room`: where they and the person are; null: the person rang through to the agent's browser */
export interface Origin {
  deskId: string
  agentName: string
  room: string | null
}

/** Where the carrier takes the person when it asks. */
export type Place =
  | { at: 'room'; room: string; deskId: string }
  | { at: 'number'; number: string }
  /** the flow that waits in the queue says what is heard */
  | { at: 'queue'; queueId: string }
  /** music, while whoever handed over is rung */
  | { at: 'hold' }
  | { at: 'voicemail' }
  /** the number is done with the call */
  | { at: 'nobody' }

/** A desk that has said yes to an offer. Its seat is held until it is told of the end. */
export interface Seat {
  deskId: string
  offerId: string
}

/** Whom the agent speaks with first. `home`: the room where the person will be with them */
export type Helper =
  | { kind: 'desk'; deskId: string; offerId: string; home: string }
  | { kind: 'number'; legId: string; home: string }

export type Stage =
  /** a desk rings; the person has not moved. `back`: it is the desk that handed over, and the person hears music */
  | { is: 'offered'; offerId: string; deskId: string; untilMs: number; back: boolean }
  /** the gate is asked about a number */
  | { is: 'judged' }
  /** the number that is asked first rings, as a leg of its own */
  | { is: 'calling'; helper: Helper; untilMs: number }
  /** the target has said yes and is on the way into the room of whoever asks */
  | { is: 'joining'; helper: Helper; untilMs: number }
  /** the target is there. `callId`: its leg, as the room knows it */
  | { is: 'consulting'; helper: Helper; phase: Talking; callId: string }
  /** the target is on the way to its `home`, and the person follows */
  | { is: 'parting'; helper: Helper; untilMs: number }
  /**
   * the carrier was told to ask again, and will take the person to the place. `from`: the desk that is then free; `before`: where they are
   * until then, absent in states of an older release
   */
  | { is: 'leaving'; untilMs: number; from: string | null; taker: Seat | null; before?: Place | null }
  /** the person is at the place */
  | { is: 'there' }

export interface Transfer {
  transferId: string
  origin: Origin
  target: Target
  stage: Stage
  /** null: the person has not moved yet */
  place: Place | null
  /** whose seat the person has now, from an earlier transfer */
  seat: Seat | null
  /** whoever had the person has lost their line */
  alone: boolean
  /** how often somebody was rung for this person: each offer has a name of its own */
  offers: number
  /** the flow that waits in the queue has not begun yet */
  flowDue: boolean
  /** the agent speaks with the target first */
  attended?: true
  /** the leg of the number with which the person is, or will be, after they were asked first */
  leg?: { legId: string; home: string } | null
}

/** Null: nobody is asked first now. */
export function phaseOf(transfer: Transfer | null): Phase | null {
  if (!transfer?.attended) return null
  const { stage } = transfer
  switch (stage.is) {
    case 'offered':
      return stage.back ? null : 'ringing'
    case 'judged':
    case 'calling':
      return 'ringing'
    case 'joining':
    case 'parting':
      return stage.is
    case 'consulting':
      return stage.phase
    default:
      return null
  }
}

/** The number rings already: a redirect whose answer was lost has happened, and once more would hang up on whoever takes the call. */
export function hasDialled(transfer: Transfer | null): boolean {
  return transfer?.place?.at === 'number' && transfer.stage.is === 'there'
}

/** What becomes of it, for the desk that handed over. `left`: the target was asked first, and did not take the person */
export type TransferEnd =
  | 'moved'
  | 'left'
  | 'declined'
  | 'no-answer'
  | 'not-there'
  | 'not-cleared'
  | 'taken-back'
  | 'failed'

export type TransferInput = {
  at: number
} /** `ask`: the target is asked first; a number is called as this leg, and meets the person in this room. Ids are made outside */ & (
  | {
      type: 'transfer.wanted'
      transferId: string
      origin: Origin
      target: Target
      ask?: { legId: string; home: string }
    }
  /** whoever hands over wants something of a consultation */
  | { type: 'transfer.move-wanted'; transferId: string; move: Move }
  /** the line of whoever hands over is gone, while the target is with them */
  | { type: 'transfer.origin-lost'; transferId: string }
  /**
   * Where the target is: in the room of whoever asks, at home, or gone. `visitId`: the offer that a desk has accepted, or the leg of a number;
   * `callId`: its leg, as the room knows it
   */
  | {
      type: 'transfer.visited'
      visitId: string
      callId: string
      is: 'in' | 'home' | 'gone'
      because?: Exclude<TransferEnd, 'moved'>
    }
  /** whoever hands over has thought better of it */
  | { type: 'transfer.unwanted'; transferId: string }
  /** a desk says what becomes of an offer, or of the conversation after it */
  | { type: 'transfer.answered'; offerId: string; answer: OfferAnswer; room: string; reason: string | null }
  /** the gate about the number */
  | { type: 'transfer.judged'; transferId: string; cleared: boolean }
  /** the carrier asks where the person goes */
  | { type: 'transfer.fetched' }
  /** the number is gone, or never answered */
  | { type: 'transfer.dialed'; reached: boolean }
)

export type TransferFact = { at: number } & (
  | {
      type: 'transfer-wanted'
      transferId: string
      origin: Origin
      target: Target
      attended?: true
      personal: { number: string | null }
    }
  /** a number that is asked first rings */
  | { type: 'transfer-calling'; transferId: string; legId: string; home: string; untilMs: number }
  /** the target has said yes */
  | { type: 'transfer-joining'; transferId: string; helper: Helper; untilMs: number }
  /** who speaks with whom, now that the target is in the room of whoever asks */
  | { type: 'transfer-consulting'; transferId: string; phase: Talking; callId: string }
  /** the consultation is over, and the target goes to where the person will be */
  | { type: 'transfer-parting'; transferId: string; untilMs: number }
  /** whoever asks has lost their line */
  | { type: 'transfer-origin-lost'; transferId: string }
  /** the leg of the number is not needed any more, or is gone */
  | { type: 'transfer-leg-over'; transferId: string; legId: string; gone: boolean }
  /** `back`: the desk that handed over gets them back */
  | { type: 'transfer-offered'; transferId: string; offerId: string; deskId: string; untilMs: number; back: boolean }
  /** the offer is not there any more */
  | {
      type: 'transfer-offer-over'
      transferId: string
      offerId: string
      deskId: string
      because: TransferEnd
      told: boolean
    }
  /**
   * the person stays with, or has come back to, whoever handed over. `place`: where the carrier leads them when it asks late; null: the flow or
   * the AI agent that has brought them says it. Absent: nobody has told it to ask
   */
  | {
      type: 'transfer-stayed'
      transferId: string
      deskId: string
      because: Exclude<TransferEnd, 'moved'>
      place?: Place | null
    }
  | {
      type: 'transfer-leaving'
      transferId: string
      place: Place
      taker: Seat | null
      from: string | null
      untilMs: number
      /** the carrier is asking at this moment, so that it needs no redirect */
      asking: boolean
      personal: { number: string | null }
    }
  /** the carrier has asked: the person is not where they were */
  | { type: 'transfer-moved'; transferId: string; from: string | null; to: string | null }
  /** the agent whose phone rings takes the caller to their open line; the carrier brings them there when the phone stops ringing */
  | { type: 'transfer-picked-up'; transferId: string; offerId: string; deskId: string; room: string }
  /** whoever had the person, or had said yes, is gone. `offerId` null: a number */
  | { type: 'transfer-lost'; transferId: string; offerId: string | null; because: TransferEnd }
)

export type TransferEffect = Repeat<
  'neighbour',
  | { type: 'offer-person'; transferId: string; offerId: string; deskId: string; back: boolean }
  /** `over`: the call is */
  | { type: 'end-offer-of-person'; offerId: string; deskId: string; over: boolean }
  | { type: 'judge-number'; transferId: string }
  /** the desk that handed over hears how it went */
  | { type: 'tell-origin'; transferId: string; deskId: string; end: TransferEnd }
  /** its phone may stop ringing */
  | { type: 'tell-picked-up'; deskId: string }
  /** the desk that takes over: the person is in its room */
  | { type: 'tell-taker'; deskId: string }
  /** the line of the agent who is asked comes into the room of whoever asks */
  | { type: 'call-in'; deskId: string; offerId: string; room: string }
  /** and goes home again */
  | { type: 'send-home'; deskId: string; offerId: string }
  /** the number is called, and its leg comes into the room */
  | { type: 'call-target'; transferId: string; legId: string; room: string }
  | { type: 'move-target'; legId: string; room: string }
  | { type: 'end-target'; legId: string }
  | { type: 'hold-in-room'; room: string; callId: string | null; held: boolean }
  /** both desks show where a consultation is. `offerId`: it is the desk of whoever is asked */
  | { type: 'tell-phase'; deskId: string; transferId: string; offerId: string | null; phase: Phase }
>

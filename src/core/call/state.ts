/** The vocabulary of a call: the parts of its state, its inputs, facts and effects. Each part defines its own in its folder. */
import type { GivenUpFact, Once, Repeat } from '../machine.ts'
import type { CommonInput } from '../parts.ts'
import type { Consult, ConsultEffect, ConsultFact, ConsultInput } from './consult/consult.ts'
import type { Control, ControlEffect, ControlFact, ControlInput } from './control/state.ts'
import type { CrmDebt, CrmEffect, CrmFact, CrmInput } from './crm/crm.ts'
import type { Flow, FlowEffect, FlowFact, FlowInput } from './flow/state.ts'
import type { ContactTried } from './life/contact.ts'
import type { CallParty, Life, LifeFact, LifeInput, PlaceOptions } from './life/state.ts'
import type { RecordingEffect, RecordingFact, RecordingInput, Recordings } from './recording/recording.ts'
import type { Ring, RingEffect, RingFact, RingInput } from './ring/state.ts'
import type { Talk, TalkEffect, TalkFact, TalkInput } from './talk/talk.ts'
import type { Transfer, TransferEffect, TransferFact, TransferInput } from './transfer/state.ts'
import type { Voicemail, VoicemailEffect, VoicemailFact, VoicemailInput } from './voicemail/state.ts'

export * from './life/state.ts'

export interface CallState {
  call: Life
  /** an AI agent has this call, or had it */
  talk: Talk | null
  /** a flow runs on this call, or ran */
  flow: Flow | null
  /** somebody hands the person over, or has done so */
  transfer: Transfer | null
  /** the call itself asks for an agent: its flow does, or a program has called them */
  ring: Ring | null
  /** an agent asks this number first, before they hand somebody over to it */
  consult: Consult | null
  /** what a program has the person hear instead, and whether it records them */
  control: Control
  recording: Recordings
  /** what the caller leaves behind who reaches nobody; null: nobody was missed here */
  voicemail: Voicemail | null
  /** what is owed to the CRM; null: nothing */
  crm: CrmDebt | null
}
/** The mask of this call: whoever is on its other side is nobody's to see. Null: there is none. */
export function maskOf({ call, flow }: Pick<CallState, 'call' | 'flow'>): string | null {
  return (call.phase === 'empty' ? undefined : call.links.maskId) ?? flow?.maskId ?? null
}

export type PartInput =
  | LifeInput
  | TalkInput
  | FlowInput
  | TransferInput
  | RingInput
  | ConsultInput
  | ControlInput
  | RecordingInput
  | VoicemailInput
  | CrmInput
export type PartFact =
  | LifeFact
  | TalkFact
  | FlowFact
  | TransferFact
  | RingFact
  | ConsultFact
  | ControlFact
  | RecordingFact
  | VoicemailFact
  | CrmFact
export type CallInput = PartInput | CommonInput
export type CallFact = PartFact | GivenUpFact

export type EndCauseWord =
  | 'completed'
  | 'busy'
  | 'no-answer'
  | 'failed'
  | 'canceled'
  | 'refused'
  | 'number-refused'
  | 'not-cleared'
export type LifeEffect =
  /** once: an outcome that we did not see becomes `call.create-unknown`; the call is looked for and never created again */
  | Once<'carrier', { type: 'create-call'; party: CallParty; options: PlaceOptions }>
  | Repeat<
      'carrier',
      | { type: 'search-call'; party: CallParty; sinceMs: number }
      | { type: 'fetch-call'; providerId: string }
      | { type: 'cancel-call'; providerId: string }
      | { type: 'complete-call'; providerId: string }
      | { type: 'redirect-call'; providerId: string }
    >
  | Repeat<
      'neighbour',
      | { type: 'reserve-slot' }
      /** the caller id's cool-down starts when its call ends (S3-64) */
      | { type: 'free-number'; number: string; used: boolean; talkedMs: number; rejected?: boolean }
      /** the carrier does not take calls from this number: nothing is dialled from it until somebody saves it again */
      | { type: 'set-number-aside'; number: string; code: number }
      /** the carrier took the call: its number's attempts and its contact's are counted, once (S3-1) */
      | { type: 'count-placed'; number: string; contactId: string | null; at?: number }
      /** what became of a contact who was called outside every round */
      | ({ type: 'tell-book'; at: number } & ContactTried)
      /** a callback of a queue is over, or was never answered */
      | { type: 'tell-queue'; queueId: string }
      /** both sides of this mask talk */
      | { type: 'tell-mask'; maskId: string }
      | { type: 'tell-batch'; word: 'placed' | 'rang' | 'ended'; cause: EndCauseWord | null }
      /** `deskId`: of a call that this desk does not have any more */
      | { type: 'tell-desk'; word: 'queued' | 'answered' | 'ended'; untilMs: number | null; deskId?: string }
      /** the desk rings, with what the book knows of the caller */
      | { type: 'ring-desk'; deskId: string }
      /** the book and the CRM are asked about the caller */
      | { type: 'identify-caller' }
    >
export type CallEffect =
  | LifeEffect
  | TalkEffect
  | FlowEffect
  | TransferEffect
  | RingEffect
  | ConsultEffect
  | ControlEffect
  | RecordingEffect
  | VoicemailEffect
  | CrmEffect

/** Debts of one lane are performed in order. A slow CRM or desk does not delay requests to the carrier. */
const LANES = {
  'create-call': 'carrier',
  'search-call': 'carrier',
  'fetch-call': 'carrier',
  'cancel-call': 'carrier',
  'complete-call': 'carrier',
  'redirect-call': 'carrier',
  'record-talk': 'carrier',
  'reserve-slot': 'carrier',
  'free-number': 'carrier',
  'set-number-aside': 'carrier',
  'whisper-summary': 'carrier',
  'tell-batch': 'batch',
  'tell-queue': 'queue',
  'tell-mask': 'mask',
  'tell-desk': 'desk',
  'ring-desk': 'desk',
  'offer-transfer': 'desk',
  'withdraw-transfer': 'desk',
  'offer-person': 'desk',
  'end-offer-of-person': 'desk',
  'tell-origin': 'desk',
  'tell-picked-up': 'desk',
  'tell-taker': 'desk',
  'call-in': 'desk',
  'send-home': 'desk',
  'tell-phase': 'desk',
  'ring-agent': 'desk',
  'end-ring': 'desk',
  'name-agent': 'desk',
  'hold-in-room': 'room',
  'call-target': 'target',
  'move-target': 'target',
  'end-target': 'target',
  'tell-person': 'target',
  'judge-number': 'flow',
  'identify-caller': 'book',
  'count-placed': 'book',
  'tell-book': 'book',
  'tell-crm': 'crm',
  'control-record': 'carrier',
  'control-stop-recording': 'carrier',
  'control-pause-recording': 'carrier',
  'control-resume-recording': 'carrier',
  'find-message': 'carrier',
  'file-message': 'inbox',
  'file-missed': 'inbox',
  'file-recording': 'recordings',
  'expect-recording': 'recordings',
  'flow-record': 'carrier',
  'flow-stop-recording': 'carrier',
  'flow-ask-neighbour': 'flow',
  'flow-tell-neighbour': 'flow',
  'flow-leave': 'flow',
  'flow-ask-stranger': 'flow-ask',
  'flow-tell-stranger': 'flow-news',
} as const satisfies Record<CallEffect['type'], string>

export function laneOf(effect: CallEffect): string {
  // Somebody else's server that hangs holds up no later question: the flow has gone on without its answer.
  return effect.type === 'flow-ask-stranger' ? `${LANES[effect.type]}-${effect.ask}` : LANES[effect.type]
}

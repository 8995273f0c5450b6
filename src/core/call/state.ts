/** The vocabulary of a call: the parts of its state, its inputs, facts and effects. Each part defines its own in its folder. */
import type { GivenUpFact, Once, Repeat } from '../machine.ts'
import type { CommonInput } from '../parts.ts'
import type { CrmDebt, CrmEffect, CrmFact, CrmInput } from './crm/crm.ts'
import type { CallParty, Life, LifeFact, LifeInput, PlaceOptions } from './life/state.ts'
import type { RecordingFact, RecordingInput, Recordings } from './recording/recording.ts'
import type { Talk, TalkEffect, TalkFact, TalkInput } from './talk/talk.ts'

export * from './life/state.ts'

export interface CallState {
  call: Life
  /** an AI agent has this call, or had it */
  talk: Talk | null
  recording: Recordings
  /** what is owed to the CRM; null: nothing */
  crm: CrmDebt | null
}
export type PartInput = LifeInput | TalkInput | RecordingInput | CrmInput
export type PartFact = LifeFact | TalkFact | RecordingFact | CrmFact
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
      | { type: 'count-placed'; number: string; contactId: string | null }
      | { type: 'tell-batch'; word: 'placed' | 'rang' | 'ended'; cause: EndCauseWord | null }
      | { type: 'tell-desk'; word: 'queued' | 'answered' | 'ended'; untilMs: number | null }
      /** the desk rings, with what the book knows of the caller */
      | { type: 'ring-desk'; deskId: string }
      /** the book and the CRM are asked about the caller */
      | { type: 'identify-caller' }
    >
export type CallEffect = LifeEffect | TalkEffect | CrmEffect

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
  'tell-desk': 'desk',
  'ring-desk': 'desk',
  'offer-transfer': 'desk',
  'withdraw-transfer': 'desk',
  'identify-caller': 'book',
  'count-placed': 'book',
  'tell-crm': 'crm',
} as const satisfies Record<CallEffect['type'], string>

export function laneOf(effect: CallEffect): string {
  return LANES[effect.type]
}

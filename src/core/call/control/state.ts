/**
 * The vocabulary of control: a part of the call by which a program interrupts what the person hears. They hear music, silence or words
 * instead, and then what decides the call goes on where it was. And it begins and ends recordings.
 */
import type { Once, Repeat } from '../../machine.ts'

/** `moh` is music without a hold: the same for the person, and ended on its own. */
export const PAUSES = ['hold', 'moh', 'silence'] as const
export type Pause = (typeof PAUSES)[number]
export const WORDS_CHARS_MAX = 1_000

/** What the person hears instead. */
export type Instead =
  | { is: Pause; turn: number }
  /** then the carrier asks with the token of this turn */
  | { is: 'talk'; turn: number; text: string; language: string }

export interface Control {
  /** null: nothing; what decides the call is heard */
  instead: Instead | null
  /** how often something was heard instead */
  turns: number
  /**
   * `asked`: the carrier is being asked to record; `pausing`: to hear silence meanwhile, which it has not confirmed. One that somebody else has begun
   * is `none` until it is paused
   */
  recording: 'none' | 'asked' | 'running' | 'pausing' | 'paused'
  /** how often the carrier was asked to record */
  recordings: number
}
export const NO_CONTROL: Control = { instead: null, turns: 0, recording: 'none', recordings: 0 }

/** Why a program cannot control a call now. */
export type NoControl =
  /** it is over, or about to be */
  | 'call-over'
  | 'not-answered'
  /** the person is with somebody, in a queue or in a conference: what they hear there is decided there */
  | 'with-somebody'
  /** an AI agent speaks with them */
  | 'with-ai'
  | 'recorded-already'
  | 'not-recorded'
  | 'paused-already'
  | 'not-paused'

export type ControlInput = { at: number } & (
  | { type: 'control.pause-wanted'; pause: Pause; on: boolean }
  | { type: 'control.talk-wanted'; text: string; language: string }
  /** the carrier has said the words of this turn */
  | { type: 'control.said'; turn: number }
  /** `onEndFlowId`: a flow that begins when the recording is there; absent: none does */
  | { type: 'control.record-wanted'; on: boolean; onEndFlowId?: string }
  /** what the carrier says to the start of recording number `recording`; `unknown`: its own report will tell */
  | { type: 'control.record-answered'; recording: number; answer: 'running' | 'refused' | 'unknown' }
  /** what is said now is not to be recorded (a card number), or is again */
  | { type: 'control.record-pause-wanted'; on: boolean }
  /** what the carrier says to it */
  | { type: 'control.record-pause-answered'; answer: 'paused' | 'refused' }
)

export type ControlFact = { at: number } & (
  | { type: 'control-began'; instead: Pause | 'talk'; turn: number; language: string; personal: { text: string } }
  /** `asking`: the carrier asks at this moment and needs no redirect */
  | { type: 'control-ended'; turn: number; because: 'wanted' | 'said' | 'replaced' | 'taken-over'; asking: boolean }
  | { type: 'control-record-wanted'; recording: number; onEndFlowId?: string }
  | { type: 'control-record-answered'; recording: number; answer: 'running' | 'refused' | 'unknown' }
  | { type: 'control-record-ended'; recording: number }
  | { type: 'control-record-pause-wanted' }
  | { type: 'control-record-pause-answered'; answer: 'paused' | 'refused' }
  | { type: 'control-record-resumed' }
)

export type ControlEffect =
  /** once: a second recording of one call would be paid for twice */
  | Once<'carrier', { type: 'control-record'; recording: number; onEndFlowId?: string }>
  | Repeat<
      'carrier',
      | { type: 'control-stop-recording'; recording: number }
      /** paused twice, it is paused */
      | { type: 'control-pause-recording' }
      | { type: 'control-resume-recording' }
    >

export function turnToken(turn: number): string {
  return `instead-${turn}`
}

/** The turn that a token belongs to; null: it is none of ours. */
export function turnOfToken(token: string): number | null {
  const found = /^instead-(\d{1,7})$/.exec(token)
  return found ? Number(found[1]) : null
}

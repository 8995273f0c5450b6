/**
 * What the rest of the page knows of the browser phone. Only this folder may import the carrier's SDK; screens read a
 * `PhoneSnapshot` and call `Phone`, and never see a call object.
 */
import type { DeskAction, DeskView } from '../../wire/desk.ts'
import type { Answer } from '../desk/link.ts'

/** What stands in the way, each with words and a way on in `words.ts`. */
export type PhoneFault =
  | 'microphone-refused'
  | 'no-microphone'
  | 'microphone-busy'
  | 'unsupported'
  | 'token-refused'
  | 'token-expired'
  | 'offline'
  | 'claim-refused'
  | 'media-blocked'

export type PhonePhase =
  /** before the headset check, or after sign-out */
  | { name: 'off' }
  /** another tab of this browser, or another browser, owns the phone */
  | { name: 'elsewhere'; where: 'tab' | 'machine' }
  | { name: 'starting'; step: 'microphone' | 'claim' | 'token' | 'register' }
  | { name: 'registered' }
  /** trying again by itself */
  | { name: 'offline'; fault: PhoneFault; retryAtMs: number }
  /** needs the person: the fault says what to do */
  | { name: 'blocked'; fault: PhoneFault }

export type LinePhase =
  | 'closed'
  | 'opening'
  | 'open'
  | 'reconnecting'
  /** the browser wants a click before it plays sound */
  | 'needs-gesture'

export type QualityLevel = 'good' | 'fair' | 'poor' | 'bad'

export interface Quality {
  level: QualityLevel
  /** in words; null when good */
  cause: string | null
}

export interface AudioDevice {
  id: string
  label: string
}

export interface AudioDevices {
  inputs: AudioDevice[]
  outputs: AudioDevice[]
  inputId: string
  outputId: string
  /** some browsers cannot choose a speaker */
  outputSelectable: boolean
}

export interface PhoneSnapshot {
  phase: PhonePhase
  line: LinePhase
  /** true sound state of the microphone towards the line */
  muted: boolean
  /** the inbound call whose sound is on, by our own call id */
  inboundCallId: string | null
  /** the agent speaks while muted */
  speakingWhileMuted: boolean
  quality: Quality
  devices: AudioDevices
  /** page clock; null before the first token */
  tokenExpiresAtMs: number | null
}

/** What the phone needs of the desk. */
export interface PhoneDesk {
  tabId: string
  view(): DeskView | null
  linkOpen(): boolean
  send(action: DeskAction): Promise<Answer>
  /** called after each view and each change of the link */
  onChange(listener: () => void): () => void
  notify(tone: 'info' | 'problem', text: string): void
}

export interface Phone {
  readonly get: () => PhoneSnapshot
  readonly subscribe: (listener: () => void) => () => void
  /** After a person's gesture, or by itself after a reload. Does nothing when it runs already. */
  start(): void
  /** "Use it here": takes the phone from the other tab or browser. */
  takeOver(): void
  /** Sound on again after the browser asked for a gesture; must be called inside a click. */
  rejoin(): void
  /** Mutes here and now; telling the desk is part of it. */
  setMuted(muted: boolean): void
  /** DTMF, `[0-9A-D#*]`, into the call that the agent hears. Returns false when there is none. */
  sendDigits(digits: string): boolean
  /** The desk has accepted the inbound call: take its sound as soon as the carrier offers it. */
  acceptInbound(callId: string): void
  declineInbound(callId: string): void
  setInput(deviceId: string): Promise<void>
  setOutput(deviceId: string): Promise<void>
  /** Sign-out: everything is let go. */
  stop(): void
}

export const PHONE_OFF: PhoneSnapshot = {
  phase: { name: 'off' },
  line: 'closed',
  muted: false,
  inboundCallId: null,
  speakingWhileMuted: false,
  quality: { level: 'good', cause: null },
  devices: { inputs: [], outputs: [], inputId: 'default', outputId: 'default', outputSelectable: false },
  tokenExpiresAtMs: null,
}

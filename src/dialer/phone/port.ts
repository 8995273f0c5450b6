/**
 * The port of the browser phone. Only this folder may import the carrier's SDK; screens read a `PhoneSnapshot`, call `Phone`,
 * and never use a call object of the SDK.
 */
import type { DeskAction, DeskView } from '../../wire/desk.ts'
import type { Answer } from '../desk/link.ts'

/** The reasons why the phone does not work; `faults.ts` has words and advice for each. */
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
  /** the phone tries again by itself */
  | { name: 'offline'; fault: PhoneFault; retryAtMs: number }
  /** the person must act; the words of the fault say how */
  | { name: 'blocked'; fault: PhoneFault }

export type LinePhase =
  | 'closed'
  | 'opening'
  | 'open'
  | 'reconnecting'
  /** the browser needs a click before it plays sound */
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
  /** true: the microphone is muted; the phone's own state, which the desk may not know yet */
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

/** The part of the desk that the phone uses. */
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
  /** Starts the phone, after a click or by itself after a reload. Does nothing if it runs already. */
  start(): void
  /** "Use it here": takes the phone from the other tab or browser. */
  takeOver(): void
  /** Turns the sound on again if the browser needs a click; must be called during a click. */
  rejoin(): void
  /** Mutes or unmutes at once, and reports it to the desk. */
  setMuted(muted: boolean): void
  /** The energy of what arrives and of what leaves now, 0 to 1. */
  levels(): { in: number; out: number }
  /** Sends DTMF (`[0-9A-D#*]`) into the call that the agent hears. False: there is no such call. */
  sendDigits(digits: string): boolean
  /** Takes an inbound call that the desk has accepted, as soon as the carrier offers it. */
  acceptInbound(callId: string): void
  declineInbound(callId: string): void
  /** Asks for a new token, because the voice profile has changed. With somebody on the line nothing is done: the server keeps to the profile by itself. */
  renewPass(): void
  setInput(deviceId: string): Promise<void>
  setOutput(deviceId: string): Promise<void>
  /** Stops the phone at sign-out and frees everything. */
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

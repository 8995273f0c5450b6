/**
 * The contract between the engine (which calls exist, what their TwiML does) and the sound. The engine decides; the
 * audio plane only plays, mixes and listens. One tick is 20 ms: 160 bytes of 8 kHz µ-law. All ids are Twilio call SIDs
 * ("CA…") except conference keys, which the engine chooses.
 */

import type { Disturbance } from '../signalling/disturbance.ts'

/** 8 kHz mono µ-law samples, any length; the plane cuts them into 160-byte frames. */
export type Clip = Uint8Array

/** A program's live sound: fills one frame of 160 µ-law bytes. False when it has nothing to say in this tick. */
export type EarSource = (out: Uint8Array) => boolean

/** How loud a leg is right now, 0…1 RMS of the last 200 ms, both directions. */
export interface Levels {
  /** what the party says into the phone */
  says: number
  /** what the party hears from the phone */
  hears: number
}

export interface AudioPlane {
  /** false for a plane without sound, as tests use it: nothing can be listened to */
  readonly hears: boolean
  /** A party exists (ringing is enough). Idempotent. */
  addLeg(callSid: string): void
  /** Remove the party with its players and its place in a conference or bridge. Idempotent. */
  removeLeg(callSid: string): void

  /** The party (a scripted person) speaks this clip, in place of the one before. Returns its length in ms. */
  speak(callSid: string, clip: Clip): number
  stopSpeaking(callSid: string): void
  /**
   * The network plays this clip to the party (Say, Play, hold music, ringback). `loop` repeats it until it is stopped.
   */
  play(callSid: string, clip: Clip, options?: { loop?: boolean }): number
  stopPlaying(callSid: string): void
  /** A live source that the party hears beside what is played; it is asked once a tick. Null removes it. */
  setSource(callSid: string, source: EarSource | null): void

  /** Two legs hear each other (`<Dial><Number>`, `<Dial><Client>`). Leaving either side ends the bridge. With itself: an echo. */
  bridge(a: string, b: string): void
  unbridge(callSid: string): void

  /**
   * `program` is a leg without a phone: `a` is its voice, and what is played to it is heard by `a`. `unbridge` ends it.
   */
  attachProgram(a: string, program: string): void

  /** A leg enters a conference: from the next tick it hears everyone else, mixed. Moves it out of any other one. */
  join(conference: string, callSid: string, options?: { muted?: boolean; held?: boolean }): void
  leave(callSid: string): void
  setMuted(callSid: string, muted: boolean): void
  /** Background noise behind the party's voice: its RMS, 0…1. It is always the same for one call. */
  setNoise(callSid: string, level: number): void
  /** Only the coached party hears this one; null: everybody hears it again. */
  setCoaching(callSid: string, coached: string | null): void
  /** A held party hears `holdClip` in a loop (or silence) and is not heard. */
  setHeld(callSid: string, held: boolean, holdClip?: Clip): void

  levels(callSid: string): Levels
  /**
   * Calls back with every frame that the party says and hears: for recordings, detection and a developer's headphones.
   * Returns the unsubscriber.
   */
  tap(callSid: string, listener: (says: Uint8Array, hears: Uint8Array) => void): () => void
  /**
   * Calls back with every frame of a conference as a silent member hears it. The conference may still be empty. Returns
   * the unsubscriber.
   */
  tapRoom(conference: string, listener: (frame: Uint8Array) => void): () => void
  /** Frames from outside replace the scripted voice (a developer's microphone, a browser peer). */
  feed(callSid: string, frame: Uint8Array): void
  /** Advance one 20 ms tick. The real-time driver calls this; tests call it by hand. */
  tick(): void
}

export type SoundName = 'ringback' | 'hold' | 'beep' | 'silence' | 'busy' | 'fax'

/** Text to sound. Deterministic: the same words give the same samples. */
export interface Voices {
  /** µ-law 8 kHz of `text`; `voice` is a TwiML voice name, unknown ones fall back; `speed` 1 is its own pace. Cached. */
  say(text: string, voice?: string, speed?: number): Promise<Clip>
  /** Standard sounds: `ringback` (440 + 480 Hz cadence), `hold` (quiet music), `beep` (1 kHz, 500 ms), `silence`. */
  /** The tones of keys, half a second each; `w` is half a second of silence, `W` a whole one. */
  digits(digits: string): Clip
  sound(name: SoundName, ms?: number): Clip
}

/** A call that rings at browsers. */
export interface RingingClient {
  callSid: string
  from: string
  to: string
  parameters: Record<string, string>
  /** attestation of the caller's number (`call.callerInfo`); absent when the call does not come from a phone */
  stirStatus?: string
}

/**
 * The browser SDK's side of the network: signalling (`/signal`, frames {type, version, payload}) and one WebRTC peer
 * per call. The engine is told what devices want, and tells devices what happened.
 */
export interface BrowserGateway {
  /** Devices registered under an identity right now (register, not merely listen). */
  devices(identity: string): string[]
  /** Ring every device of the identity; one `onClientAnswered` or `onClientGone` follows unless cancelled. */
  ring(identity: string, call: RingingClient): void
  /** Stop ringing (cancel) or end an open call (hangup) towards the browser. */
  cancel(callSid: string): void
  hangup(callSid: string, error?: { code: number; message: string }): void
  /** The outgoing call of a device: far side rings / has answered. */
  ringing(callSid: string): void
  answered(callSid: string): void
  /** The program's message to the page; `content` is JSON. */
  sendMessage?(
    callSid: string,
    message: { sid: string; content: unknown; contentType: string; messageType: string },
  ): void
  /** Keys that the network presses towards the page. */
  sendDigits?(callSid: string, digits: string): void
  /** Disturb the browsers of an identity on purpose. Returns how many there were. */
  disturb?(identity: string, disturbance: Disturbance): number
}

/** The events that the gateway passes to the engine. The engine chooses the `callSid` of an outgoing call in `onInvite`. */
export interface BrowserEvents {
  /** Check a token, return its claims or a Twilio error code (31204 invalid, 31205 expired). */
  authorize(token: string):
    | {
        identity: string
        accountSid: string
        applicationSid: string | null
        incoming: boolean
        ttl: number
        /** the account's region, e.g. us1 */
        home?: string
      }
    | { code: number; message: string }
  /** A device places a call. Return the new CallSid. Called after the offer was accepted and media is being set up. */
  onInvite(
    device: { identity: string; accountSid: string; applicationSid: string | null },
    parameters: Record<string, string>,
  ): string
  /** One device of a ringing identity has accepted; media flows under this callSid. */
  onClientAnswered(callSid: string): void
  /** Ringing was rejected by the device; `gone`: no device is left that could answer. */
  onClientRejected(callSid: string, how: 'declined' | 'gone'): void
  /** The browser hung up, or vanished for longer than its reconnect window. */
  onClientHangup(callSid: string): void
  onDtmf(callSid: string, digits: string): void
}

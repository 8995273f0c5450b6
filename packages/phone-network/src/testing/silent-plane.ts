import type { AudioPlane, Clip, Voices } from '../media/plane.ts'
import { estimateMs } from '../sounds.ts'

/** A sound plane without sound, for tests: it records the engine's commands. */

export interface SilentPlane extends AudioPlane {
  /** e.g. `join CF… CA…`, in order */
  readonly did: string[]
}

const SAMPLES_PER_MS = 8

export function silentPlane(): SilentPlane {
  const did: string[] = []
  const note =
    (what: string) =>
    (...args: unknown[]): void => {
      did.push([what, ...args.filter(arg => typeof arg === 'string' || typeof arg === 'boolean')].join(' '))
    }
  const timed =
    (what: string) =>
    (callSid: string, clip: Clip): number => {
      did.push(`${what} ${callSid}`)
      return Math.round(clip.length / SAMPLES_PER_MS)
    }
  return {
    did,
    hears: false,
    addLeg: note('addLeg'),
    removeLeg: note('removeLeg'),
    speak: timed('speak'),
    stopSpeaking: note('stopSpeaking'),
    play: timed('play'),
    stopPlaying: note('stopPlaying'),
    setSource: note('setSource'),
    bridge: note('bridge'),
    attachProgram: note('attachProgram'),
    unbridge: note('unbridge'),
    join: note('join'),
    leave: note('leave'),
    setMuted: note('setMuted'),
    setNoise: note('setNoise'),
    setCoaching: note('setCoaching'),
    setHeld: note('setHeld'),
    levels: () => ({ says: 0.25, hears: 0.5 }),
    tap: () => () => undefined,
    tapRoom: () => () => undefined,
    feed: note('feed'),
    tick: () => undefined,
  }
}

/** Silence as long as the words would take. */
export function silentVoices(): Voices {
  return {
    say: text => Promise.resolve(new Uint8Array(estimateMs(text) * SAMPLES_PER_MS)),
    digits: digits => new Uint8Array(digits.length * 500 * SAMPLES_PER_MS),
    sound: (_name, ms = 500) => new Uint8Array(ms * SAMPLES_PER_MS),
  }
}

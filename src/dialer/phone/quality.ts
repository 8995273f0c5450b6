/**
 * The quality pill: translates the SDK's warnings to a level and a cause in words. The level changes only if its cause has
 * lasted for three seconds, so that the pill does not flicker.
 * Names: voice-sdk 2.18.5, `Call` event `warning`.
 */
import type { Quality, QualityLevel } from './port.ts'

const HYSTERESIS_MS = 3000

interface Warning {
  level: QualityLevel
  cause: string
}

const WARNINGS: Record<string, Warning> = {
  'high-rtt': { level: 'fair', cause: 'Slow network: long delay' },
  'high-jitter': { level: 'poor', cause: 'Uneven network: sound may break up' },
  'high-packet-loss': { level: 'poor', cause: 'The network loses sound packets' },
  'high-packets-lost-fraction': { level: 'poor', cause: 'The network loses sound packets' },
  'low-mos': { level: 'bad', cause: 'The sound is breaking up' },
  'low-bytes-received': { level: 'bad', cause: 'No sound is arriving' },
  'low-bytes-sent': { level: 'bad', cause: 'Your sound is not leaving' },
  'ice-connectivity-lost': { level: 'bad', cause: 'The sound connection is lost, reconnecting' },
  'constant-audio-input-level': { level: 'fair', cause: 'Your microphone is silent' },
  'constant-audio-output-level': { level: 'fair', cause: 'The other side is silent' },
}

/** Silence is no problem while there is no conversation or the agent is muted. */
export interface QualityContext {
  talking: boolean
  muted: boolean
}
const NEEDS_TALK = new Set(['constant-audio-output-level', 'low-bytes-received', 'constant-audio-input-level'])
const NEEDS_UNMUTED = new Set(['constant-audio-input-level', 'low-bytes-sent'])

const ORDER: QualityLevel[] = ['good', 'fair', 'poor', 'bad']
const GOOD: Quality = { level: 'good', cause: null }

export class QualityMeter {
  readonly #active = new Set<string>()
  #shown: Quality = GOOD
  #candidate: Quality = GOOD
  #candidateSinceMs = 0

  warn(name: string): void {
    if (name in WARNINGS) this.#active.add(name)
  }

  clear(name: string): void {
    this.#active.delete(name)
  }

  /** Forgets the warnings, because a new call begins. */
  reset(): void {
    this.#active.clear()
  }

  /** Returns the quality to show now; call it about once a second. */
  read(nowMs: number, context: QualityContext): Quality {
    const target = this.#worst(context)
    if (target.cause !== this.#candidate.cause) {
      this.#candidate = target
      this.#candidateSinceMs = nowMs
    }
    if (nowMs - this.#candidateSinceMs >= HYSTERESIS_MS) this.#shown = this.#candidate
    return this.#shown
  }

  #worst({ talking, muted }: QualityContext): Quality {
    let worst: Quality = GOOD
    for (const name of this.#active) {
      if ((NEEDS_TALK.has(name) && !talking) || (NEEDS_UNMUTED.has(name) && muted)) continue
      const warning = WARNINGS[name]
      if (warning !== undefined && ORDER.indexOf(warning.level) > ORDER.indexOf(worst.level)) worst = warning
    }
    return worst
  }
}

/**
 * Turns probabilities of speech into "someone speaks" and "someone stopped". The gate opens when enough of the last frames
 * count as speech, so that a click does not open it. It closes after a time below a lower bar, so that a soft syllable does
 * not close it.
 */

export interface GateRules {
  /** a frame counts as speech from this probability on */
  openFrom: number
  /** an open gate hears silence below this one */
  closeBelow: number
  /** this many of the last `window` frames must be speech */
  needed: number
  /** a number of frames of 20 ms, at most 30 */
  window: number
  /** a silence of this length closes an open gate */
  closeAfterMs: number
}

/**
 * Both were chosen on recordings of people (`npm run vad:tune`) for the weights of src/media/vad/speech8k.bin; other weights
 * need other numbers. Of the rules with at most 1.5 % missed and 0.6 false starts a minute, this one closes soonest:
 * docs/decisions/020-published-speech-detector.md has the figures.
 */
const OPEN_FROM = 0.4
const CLOSE_BELOW = 0.25

/** This gate follows the caller's turn while we are silent. */
export const TURN_GATE: GateRules = {
  openFrom: OPEN_FROM,
  closeBelow: CLOSE_BELOW,
  needed: 3,
  window: 4,
  closeAfterMs: 300,
}
/** This gate decides whether the caller interrupts us. It opens about 0.1 s later and has about half as many false starts. */
export const BARGE_IN_GATE: GateRules = { ...TURN_GATE, needed: 8, window: 9 }

const FRAME_MS = 20
const WINDOW_MAX = 30

export type GateChange =
  /** `sinceMs` is when the first frame of this speech began. */
  | { type: 'opened'; atMs: number; sinceMs: number }
  /** `sinceMs` is when the silence began. */
  | { type: 'closed'; atMs: number; sinceMs: number }

export interface Gate {
  readonly open: boolean
  /** when the present silence of an open gate began; null while there is speech, and while the gate is closed */
  readonly quietSinceMs: number | null
  /**
   * Takes one frame that ended at `atMs`. With `null` the last probability holds, because the network's chunk is longer than
   * a frame and brings nothing new with each. The caller passes a probability of 0 for missing frames. A time
   * before that of the last frame counts as that time.
   */
  hear(atMs: number, probability: number | null): GateChange | null
}

/** Throws a `RangeError` for rules that could never open or never close. */
export function createGate(rules: GateRules = TURN_GATE): Gate {
  check(rules)
  const mask = 2 ** rules.window - 1
  let recent = 0
  let last = 0
  let now = Number.NEGATIVE_INFINITY
  let open = false
  let quietSinceMs: number | null = null

  function opening(): GateChange | null {
    if (ones(recent) < rules.needed) return null
    open = true
    quietSinceMs = null
    return { type: 'opened', atMs: now, sinceMs: now - (32 - Math.clz32(recent)) * FRAME_MS }
  }
  function closing(): GateChange | null {
    if (last >= rules.closeBelow) {
      quietSinceMs = null
      return null
    }
    quietSinceMs ??= now - FRAME_MS
    if (now - quietSinceMs < rules.closeAfterMs) return null
    const sinceMs = quietSinceMs
    open = false
    quietSinceMs = null
    recent = 0
    return { type: 'closed', atMs: now, sinceMs }
  }
  return {
    get open() {
      return open
    },
    get quietSinceMs() {
      return quietSinceMs
    },
    hear(atMs, probability) {
      now = Math.max(now, atMs)
      // A probability that is no number counts as no speech.
      if (probability !== null) last = probability >= 0 ? probability : 0
      recent = ((recent << 1) | (last >= rules.openFrom ? 1 : 0)) & mask
      return open ? closing() : opening()
    },
  }
}

function ones(bits: number): number {
  let count = 0
  for (let left = bits; left !== 0; left &= left - 1) count += 1
  return count
}

function check({ openFrom, closeBelow, needed, window, closeAfterMs }: GateRules): void {
  const whole = Number.isInteger(needed) && Number.isInteger(window)
  if (!whole || needed < 1 || needed > window || window > WINDOW_MAX)
    throw new RangeError(`${needed} of ${window} frames`)
  if (!(closeBelow <= openFrom && closeBelow > 0))
    throw new RangeError(`closes below ${closeBelow}, opens from ${openFrom}`)
  if (!(closeAfterMs >= FRAME_MS)) throw new RangeError(`closes after ${closeAfterMs} ms`)
}

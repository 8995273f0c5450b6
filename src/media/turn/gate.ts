/**
 * From probabilities of speech to "someone speaks" and "someone stopped". Opens when enough of the last frames are loud
 * in the network's eyes, closes after a time below a lower bar, so that a soft syllable does not close it and a click does
 * not open it.
 */

export interface GateRules {
  /** a frame counts as speech from this probability on */
  openFrom: number
  /** an open gate hears silence below this one */
  closeBelow: number
  /** so many of the last `window` frames must be speech */
  needed: number
  /** frames of 20 ms, at most 30 */
  window: number
  /** silence of this length closes */
  closeAfterMs: number
}

/**
 * For the weights of src/media/vad/speech8k.bin, by `scripts/vad/train/tune.ts` on the dev voices: the lowest bar with at
 * most 0.6 false starts a minute (0.5; at 0.6 there are 0.9), and the lower one that keeps missed utterances under 1.5 %.
 * Other weights want other numbers: the published ones of Silero VAD did best at 0.4 and 0.25.
 */
const OPEN_FROM = 0.7
const CLOSE_BELOW = 0.2

/** The caller's turn. */
export const TURN_GATE: GateRules = {
  openFrom: OPEN_FROM,
  closeBelow: CLOSE_BELOW,
  needed: 3,
  window: 4,
  closeAfterMs: 300,
}
/** The caller speaks while we do: 8 of 9 frames (0.3 false starts a minute, 200 ms). */
export const BARGE_IN_GATE: GateRules = { ...TURN_GATE, needed: 8, window: 9 }

const FRAME_MS = 20
const WINDOW_MAX = 30

export type GateChange =
  /** `sinceMs`: when the first frame of this speech began */
  | { type: 'opened'; atMs: number; sinceMs: number }
  /** `sinceMs`: when the silence began */
  | { type: 'closed'; atMs: number; sinceMs: number }

export interface Gate {
  readonly open: boolean
  /** when the present silence of an open gate began; null while there is speech, or while closed */
  readonly quietSinceMs: number | null
  /**
   * One frame that ended at `atMs`. `null`: the network has nothing new (its chunk is longer than a frame), the last
   * probability holds. Where frames stay away, the caller says so with a probability of 0. Time never runs backwards here.
   */
  hear(atMs: number, probability: number | null): GateChange | null
}

/** Throws for rules that could never open or never close. */
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
      // What is no number is no speech.
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

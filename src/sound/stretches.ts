/** Where somebody speaks in a piece of a recording, by loudness alone: what is sent to a transcriber, and where a long recording may be cut. */

/** A window is loud or it is not. */
const WINDOW_MS = 20
/** Root mean square of a window with a voice in it; noise of a telephone line has less. */
const LOUD = 200
/** A pause within what one says is shorter. */
const PAUSE_WINDOWS = 35
/** Soft sounds before and after the loud ones. */
const EDGE_WINDOWS = 10
/** A click is shorter. */
const LOUD_WINDOWS_MIN = 3
/** What somebody says without a pause is given in parts of this length. */
const LONGEST_WINDOWS = 1_000
/** Between two people so much silence is a place for a cut. */
const GAP_WINDOWS = 15

/** From a sample to another one, which is not in it. */
export interface Stretch {
  from: number
  to: number
}

/** Stretches with speech in one channel, in their order, none over another. */
export function stretchesOf(samples: Int16Array, hz: number): Stretch[] {
  const size = sizeOf(hz)
  const loud = loudness(samples, size)
  const found: Stretch[] = []
  for (const { from, to } of runs(loud)) {
    const before = found.at(-1)?.to ?? 0
    const begin = Math.max(before, (from - EDGE_WINDOWS) * size, 0)
    found.push({ from: begin, to: Math.min((to + EDGE_WINDOWS) * size, samples.length) })
  }
  return found
}

/**
 * Where a piece of a longer sound is cut, so that nobody is speaking: the middle of the last silence of all channels in its second half. Without one,
 * it is the end of the piece.
 */
export function cutOf(channels: readonly Int16Array[], hz: number): number {
  const length = channels[0]?.length ?? 0
  const size = sizeOf(hz)
  const loud = channels.map(samples => loudness(samples, size))
  const windows = Math.floor(length / size)
  let quiet = 0
  for (let at = windows - 1; at >= windows / 2; at -= 1) {
    quiet = loud.some(side => side[at]) ? 0 : quiet + 1
    if (quiet === GAP_WINDOWS) return (at + Math.floor(GAP_WINDOWS / 2)) * size
  }
  return length
}

/** Runs of windows, from one to another that is not in it: pauses are bridged, clicks are left out, long ones are cut. */
function runs(loud: readonly boolean[]): Stretch[] {
  const found: Stretch[] = []
  let from: number | null = null
  let last = 0
  let count = 0
  const close = () => {
    if (from !== null && count >= LOUD_WINDOWS_MIN) found.push({ from, to: last + 1 })
    from = null
    count = 0
  }
  for (const [at, isLoud] of loud.entries()) {
    if (from !== null && (at - last > PAUSE_WINDOWS || at - from >= LONGEST_WINDOWS)) close()
    if (!isLoud) continue
    from ??= at
    last = at
    count += 1
  }
  close()
  return found
}

function sizeOf(hz: number): number {
  return Math.max(1, Math.round((hz * WINDOW_MS) / 1_000))
}

function loudness(samples: Int16Array, size: number): boolean[] {
  return Array.from({ length: Math.floor(samples.length / size) }, (_, window) => {
    let energy = 0
    for (let at = window * size; at < (window + 1) * size; at += 1) energy += (samples[at] as number) ** 2
    return Math.sqrt(energy / size) >= LOUD
  })
}

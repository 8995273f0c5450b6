/** The samples of both sides of a recorded call, and the instants of an interruption in them (8 samples a millisecond). */
import type { AiStage, Held } from '../../test/voice/ai-stage.ts'
import { fetchRecording } from './recording.ts'

export interface Stereo {
  caller: Int16Array
  agent: Int16Array
}

const HEADER_BYTES = 44
const FRAME = 160
/** The length of a clip's beginning by which the clip is found. */
const SHAPE_SAMPLES = 8_000
const LOUD_RMS = 160
/** After a clear the carrier plays digital silence. Inside a sentence no voice is digitally silent for this long. */
const SILENCE_SAMPLES = 1_600

export async function stereoOf(stage: AiStage, held: Held): Promise<Stereo> {
  const file = await fetchRecording(stage, held)
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const length = Math.floor((file.length - HEADER_BYTES) / 4)
  const channel = (offset: number) =>
    Int16Array.from({ length }, (_, at) => view.getInt16(HEADER_BYTES + at * 4 + offset, true))
  return { caller: channel(0), agent: channel(2) }
}

/** The level of the samples that are louder than silence. */
export function rmsOf(samples: Int16Array): number {
  const loud = samples.filter(sample => Math.abs(sample) > LOUD_RMS)
  return Math.sqrt(loud.reduce((sum, sample) => sum + sample ** 2, 0) / Math.max(1, loud.length))
}

/** The sample where this clip's first sound is, whatever noise is over it: it lies on a frame of the line. */
export function onsetOf(line: Int16Array, clip: Int16Array): number {
  const shape = clip.subarray(0, SHAPE_SAMPLES)
  let best = 0
  let bestMatch = Number.NEGATIVE_INFINITY
  for (let from = 0; from + shape.length <= line.length; from += FRAME) {
    let match = 0
    for (let at = 0; at < shape.length; at += 1) match += (line[from + at] as number) * (shape[at] as number)
    if (match <= bestMatch) continue
    bestMatch = match
    best = from
  }
  return best + firstLoud(clip)
}

function firstLoud(clip: Int16Array): number {
  for (let from = 0; from + 80 <= clip.length; from += 80) {
    const window = clip.subarray(from, from + 80)
    if (Math.sqrt(window.reduce((sum, sample) => sum + sample ** 2, 0) / 80) > LOUD_RMS) return from
  }
  return 0
}

/** Where the sound that ends at `to` began: after the last long silence before it. */
export function soundFrom(agent: Int16Array, to: number): number {
  let since = to
  for (let at = to - 1; at >= 0; at -= 1) {
    if (agent[at] !== 0) since = at
    else if (since - at >= SILENCE_SAMPLES) return since
  }
  return since
}

/** The sample from which the agent's side is silent for `SILENCE_SAMPLES`; `from` if it is silent there already. */
export function silentFrom(agent: Int16Array, from: number): number {
  let since = from
  for (let at = from; at < agent.length; at += 1) {
    if (agent[at] !== 0) since = at + 1
    else if (at - since >= SILENCE_SAMPLES) return since
  }
  return since
}

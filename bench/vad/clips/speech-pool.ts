/** Many utterances of one voice. A synthesizer's are made once and kept in a file, because mixing draws from them again and again. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createChance } from './chance.ts'
import { filter, highPass, TELEPHONE_FROM_HZ } from './filters.ts'
import { activeLevel, labelsOf } from './labels.ts'
import { speak, type Voice } from './voices.ts'

export interface Utterance {
  /** at 8 kHz; the speech in it has a level (root mean square) of 1 */
  samples: Float32Array
  labels: Uint8Array
}

export interface PoolVoice {
  voice: string
  /** A synthesizer speaks too evenly, so its pitch and loudness are made to waver; a person's recording is left as it is. */
  synthetic: boolean
  utterances: Utterance[]
}

export interface PoolOrder {
  voice: Voice
  utterances: number
  /** how far pitch and resonances may be moved, as a ratio */
  stretch: number
  seed: number
}

/** Reads the pool from `folder` if the same order made it there before; else makes it, which takes some seconds a minute of speech. */
export async function speechPool(folder: string, order: PoolOrder): Promise<PoolVoice> {
  const [index, sound] = [path.join(folder, `${order.voice}.json`), path.join(folder, `${order.voice}.pcm`)]
  if (existsSync(index)) {
    const kept = JSON.parse(readFileSync(index, 'utf8')) as { order: PoolOrder; lengths: number[] }
    if (JSON.stringify(kept.order) === JSON.stringify(order))
      return read(order.voice, kept.lengths, readFileSync(sound))
  }
  const chance = createChance(order.seed * 1_000)
  const pieces: Int16Array[] = []
  while (pieces.length < order.utterances) {
    const spoken = await speak(order.voice, chance, order.stretch)
    pieces.push(Int16Array.from(spoken, one => Math.max(-32_768, Math.min(32_767, Math.round(one)))))
  }
  mkdirSync(folder, { recursive: true })
  const bytes = Buffer.concat(pieces.map(one => Buffer.from(one.buffer, one.byteOffset, one.byteLength)))
  const lengths = pieces.map(one => one.length)
  writeFileSync(sound, bytes)
  writeFileSync(index, JSON.stringify({ order, lengths }))
  return read(order.voice, lengths, bytes)
}

function read(voice: Voice, lengths: readonly number[], bytes: Buffer): PoolVoice {
  const all = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)
  let from = 0
  const utterances = lengths.map(length => {
    from += length
    return utteranceOf(Float32Array.from(all.subarray(from - length, from)))
  })
  return { voice, synthetic: true, utterances }
}

/** Labels clean speech by its energy and brings it to a level of 1. Changes `samples`. */
export function utteranceOf(samples: Float32Array): Utterance {
  const labels = labelsOf(samples)
  const level = activeLevel(filter(samples.slice(), [highPass(TELEPHONE_FROM_HZ)]), labels) || 1
  for (let at = 0; at < samples.length; at += 1) samples[at] = (samples[at] as number) / level
  return { samples, labels }
}

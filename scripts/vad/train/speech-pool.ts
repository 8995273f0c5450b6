/** Many utterances of a split's voices, made once and kept in a file: mixing draws from them again and again. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createChance } from './chance.ts'
import { filter, highPass, TELEPHONE_FROM_HZ } from './filters.ts'
import { activeLevel, labelsOf } from './labels.ts'
import { type Split, speak, type Voice, voicesOf } from './voices.ts'

export interface Utterance {
  /** at 8 kHz, its speech at a level (root mean square) of 1 */
  samples: Float32Array
  labels: Uint8Array
}

export interface PoolVoice {
  voice: string
  engine: Voice['engine']
  utterances: Utterance[]
}

export interface PoolOrder {
  split: Split
  engines: readonly Voice['engine'][]
  /** utterances of one voice of each engine */
  each: Record<Voice['engine'], number>
  /** how far pitch and resonances may be moved, as a ratio */
  stretch: number
  seed: number
}

interface Entry {
  voice: string
  engine: Voice['engine']
  lengths: number[]
}

/** From `folder` if it was made there before by the same order, else made (minutes for hours of speech). */
export async function speechPool(folder: string, order: PoolOrder): Promise<PoolVoice[]> {
  const [index, sound] = [path.join(folder, `${order.split}.json`), path.join(folder, `${order.split}.pcm`)]
  if (existsSync(index)) {
    const kept = JSON.parse(readFileSync(index, 'utf8')) as { order: PoolOrder; entries: Entry[] }
    if (JSON.stringify(kept.order) === JSON.stringify(order)) return read(kept.entries, readFileSync(sound))
  }
  const entries: Entry[] = []
  const pieces: Int16Array[] = []
  for (const [at, voice] of voicesOf(order.split, order.engines).entries()) {
    const chance = createChance(order.seed * 1_000 + at)
    const entry: Entry = { voice: voice.name, engine: voice.engine, lengths: [] }
    while (entry.lengths.length < order.each[voice.engine]) {
      const spoken = Int16Array.from(await speak(voice, chance, order.stretch), one =>
        Math.max(-32_768, Math.min(32_767, Math.round(one))),
      )
      entry.lengths.push(spoken.length)
      pieces.push(spoken)
    }
    entries.push(entry)
  }
  mkdirSync(folder, { recursive: true })
  const bytes = Buffer.concat(pieces.map(one => Buffer.from(one.buffer, one.byteOffset, one.byteLength)))
  writeFileSync(sound, bytes)
  writeFileSync(index, JSON.stringify({ order, entries }))
  return read(entries, bytes)
}

function read(entries: Entry[], bytes: Buffer): PoolVoice[] {
  const all = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)
  let from = 0
  return entries.map(({ voice, engine, lengths }) => ({
    voice,
    engine,
    utterances: lengths.map(length => {
      from += length
      return leveled(Float32Array.from(all.subarray(from - length, from)))
    }),
  }))
}

function leveled(samples: Float32Array): Utterance {
  const labels = labelsOf(samples)
  const level = activeLevel(filter(samples.slice(), [highPass(TELEPHONE_FROM_HZ)]), labels) || 1
  for (let at = 0; at < samples.length; at += 1) samples[at] = (samples[at] as number) / level
  return { samples, labels }
}

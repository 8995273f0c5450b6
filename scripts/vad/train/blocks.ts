/** Endless labelled sound for the trainer: 32 calls side by side, in blocks of 3 s (its format: c/sound.h). */
import type { Chance } from './chance.ts'
import { LABEL_SAMPLES } from './labels.ts'
import type { NoiseBank } from './noise-bank.ts'
import { anyScene, makeScene, type Scene } from './scene.ts'
import type { PoolVoice } from './speech-pool.ts'

/** As c/trainer.c has them. */
export const LINES = 32
export const CHUNKS = 94
const CHUNK = 256
const BLOCK_SAMPLES = CHUNKS * CHUNK
/** label boundaries and block boundaries meet every 5 blocks: scenes are made a little longer and cut */
const SCENE_BLOCKS: [number, number] = [2, 10]

interface Line {
  scene: Scene
  blocks: number
  at: number
}

export interface BlockSource {
  next(): Uint8Array
}

export function createBlocks(chance: Chance, pool: readonly PoolVoice[], bank: NoiseBank): BlockSource {
  const fresh = (): Line => {
    const blocks = chance.whole(...SCENE_BLOCKS)
    const samples = Math.ceil((blocks * BLOCK_SAMPLES) / LABEL_SAMPLES) * LABEL_SAMPLES
    return { scene: makeScene(chance, bank, anyScene(chance, pool, samples)), blocks, at: 0 }
  }
  const lines: (Line | null)[] = Array.from({ length: LINES }, () => null)
  return {
    next() {
      const block = new Uint8Array(LINES * (1 + CHUNKS * (1 + CHUNK)))
      for (let index = 0; index < LINES; index += 1) {
        let line = lines[index] ?? null
        // Most scenes begin a call, where nothing is known yet; some follow another, whose noise must be forgotten.
        const begins = line === null || (line.at === line.blocks && chance.happens(0.8))
        if (line === null || line.at === line.blocks) line = fresh()
        lines[index] = line
        write(block.subarray(index * (1 + CHUNKS * (1 + CHUNK))), line, begins)
        line.at += 1
      }
      return block
    },
  }
}

function write(to: Uint8Array, { scene, at }: Line, begins: boolean): void {
  const from = at * BLOCK_SAMPLES
  to[0] = begins ? 1 : 0
  for (let chunk = 0; chunk < CHUNKS; chunk += 1) to[1 + chunk] = targetOf(scene.labels, from + chunk * CHUNK)
  to.set(scene.mulaw.subarray(from, from + BLOCK_SAMPLES), 1 + CHUNKS)
}

/** The part of a chunk that is speech, 0…255. */
function targetOf(labels: Uint8Array, from: number): number {
  let speech = 0
  for (let at = from; at < from + CHUNK; ) {
    const label = Math.floor(at / LABEL_SAMPLES)
    const end = Math.min(from + CHUNK, (label + 1) * LABEL_SAMPLES)
    speech += (labels[label] ?? 0) * (end - at)
    at = end
  }
  return Math.round((speech / CHUNK) * 255)
}

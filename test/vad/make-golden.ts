/**
 * `node scripts/run.mjs test/vad/make-golden.ts`: what workerd must say of the buzz (seeded network 1), and four small clips
 * with what the weights of src/media/vad/speech8k.bin say of them. To be run again when those weights change.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { WORK } from '../../scripts/local/build.ts'
import { WEIGHTS_FILE } from '../../scripts/vad/extract.ts'
import { networkOfKernel } from '../../scripts/vad/kernel-order.ts'
import { createChance } from '../../scripts/vad/train/chance.ts'
import { segmentsOf } from '../../scripts/vad/train/labels.ts'
import { createNoiseBank, type Noise } from '../../scripts/vad/train/noise-bank.ts'
import { makeScene } from '../../scripts/vad/train/scene.ts'
import { type PoolVoice, speechPool } from '../../scripts/vad/train/speech-pool.ts'
import { CLIPS } from './clips.ts'
import { referenceProbabilities } from './reference.ts'
import { seededNetwork } from './seeded-network.ts'

const SECONDS = 4
const SCENES: { noise: Noise; snrDb: number; speaks: boolean }[] = [
  { noise: 'clean', snrDb: 30, speaks: true },
  { noise: 'street', snrDb: 10, speaks: true },
  { noise: 'music', snrDb: 0, speaks: false },
  { noise: 'bursts', snrDb: 0, speaks: false },
]

const rounded = (values: number[]) => values.map(one => Number(one.toFixed(7)))
const file = (name: string) => path.join(import.meta.dirname, name)

function buzz(): void {
  const clip = CLIPS['buzz in noise'] as Uint8Array
  writeFileSync(file('buzz.bin'), clip)
  const probabilities = rounded(referenceProbabilities(seededNetwork(1), clip))
  writeFileSync(file('golden.json'), `${JSON.stringify({ seed: 1, probabilities })}\n`)
}

/** The voice is flite's that no training heard. Clips stand one after another in one file. */
async function scenes(): Promise<void> {
  const order = { split: 'test', engines: ['flite'], each: { flite: 8, espeak: 0 }, stretch: 1.1, seed: 77 } as const
  const pool = await speechPool(path.join(WORK, 'vad-golden'), order)
  const bank = createNoiseBank(pool, 1)
  const made = SCENES.map(({ noise, snrDb, speaks }, at) => {
    const speaker = speaks ? (pool[0] as PoolVoice) : null
    return { noise, ...makeScene(createChance(at + 3), bank, { samples: SECONDS * 8_000, noise, snrDb, speaker }) }
  })
  writeFileSync(file('scenes.bin'), Buffer.concat(made.map(one => one.mulaw)))
  const network = networkOfKernel(readFileSync(WEIGHTS_FILE))
  const golden = made.map(({ noise, mulaw, labels }) => ({
    noise,
    bytes: mulaw.length,
    segments: segmentsOf(labels),
    probabilities: rounded(referenceProbabilities(network, mulaw)),
  }))
  writeFileSync(file('scenes.json'), `${JSON.stringify(golden)}\n`)
}

buzz()
if (existsSync(WEIGHTS_FILE)) await scenes()

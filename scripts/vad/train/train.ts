/**
 * `npm run vad:train [-- --steps N --seed N]`: makes the speech, mixes calls without end, trains, and writes the kernel's
 * weights. Needs a C compiler and espeak-ng (Debian: `apt-get install espeak-ng`); one core for about an hour.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { WORK } from '../../local/build.ts'
import { WEIGHTS_FILE } from '../extract.ts'
import { kernelOrder } from '../kernel-order.ts'
import { type BlockSource, createBlocks } from './blocks.ts'
import { createChance } from './chance.ts'
import { createNoiseBank } from './noise-bank.ts'
import { speechPool } from './speech-pool.ts'
import { networkFrom } from './tensors.ts'
import { buildTrainer, hasProgram } from './trainer.ts'
import type { Split } from './voices.ts'

const FOLDER = path.join(WORK, 'vad-train')
const DEV_FILE = path.join(FOLDER, 'dev.blocks')
/** 32 calls of 60 s */
const DEV_BLOCKS = 20
const UTTERANCES: Record<Split, { flite: number; espeak: number }> = {
  train: { flite: 1_500, espeak: 110 },
  dev: { flite: 150, espeak: 30 },
  test: { flite: 150, espeak: 30 },
}
/** Of what is said and how: other seeds mix the same utterances in other ways. */
const POOL_SEED = 1
/** Pieces of 30 s of each kind of noise. */
const NOISE_PIECES = 24

async function blocksOf(split: Split, seed: number): Promise<BlockSource> {
  const engines = ['flite', 'espeak'] as const
  const stretch = split === 'train' ? 1.3 : 1.1
  const pool = await speechPool(FOLDER, { split, engines, each: UTTERANCES[split], stretch, seed: POOL_SEED })
  const samples = pool.flatMap(voice => voice.utterances).reduce((sum, one) => sum + one.samples.length, 0)
  console.log(`${split}: ${pool.length} voices, ${(samples / 8_000 / 3_600).toFixed(2)} h of speech`)
  return createBlocks(createChance(seed * 31 + split.length), pool, createNoiseBank(pool, NOISE_PIECES))
}

async function main(): Promise<void> {
  for (const name of ['cc', 'espeak-ng'] as const) {
    if (hasProgram(name)) continue
    console.error(`training needs ${name} (Debian: apt-get install ${name === 'cc' ? 'gcc libc6-dev' : name})`)
    process.exit(2)
  }
  const { values } = parseArgs({
    options: {
      steps: { type: 'string', default: '16000' },
      seed: { type: 'string', default: '1' },
      out: { type: 'string', default: path.join(FOLDER, 'best.tensors') },
      start: { type: 'string' },
    },
  })
  const seed = Number(values.seed)
  const dev = await blocksOf('dev', seed)
  const devFile = createWriteStream(DEV_FILE)
  for (let block = 0; block < DEV_BLOCKS; block += 1) devFile.write(dev.next())
  devFile.end()
  await once(devFile, 'finish')
  const train = await blocksOf('train', seed)
  const words = ['train', values.out, DEV_FILE, values.steps, values.seed, ...(values.start ? [values.start] : [])]
  const trainer = spawn(buildTrainer(FOLDER), words, { stdio: ['pipe', 'inherit', 'inherit'] })
  const gone = once(trainer, 'exit')
  // It stops reading when it has learned enough; what it leaves unread is no error.
  trainer.stdin.on('error', () => trainer.stdin.destroy())
  while (trainer.exitCode === null && !trainer.stdin.destroyed) {
    if (trainer.stdin.write(train.next())) continue
    await Promise.race([once(trainer.stdin, 'drain').catch(() => undefined), gone])
  }
  await gone
  if (trainer.exitCode !== 0) throw new Error(`the trainer ended with ${trainer.exitCode}`)
  const weights = kernelOrder(networkFrom(readFileSync(values.out)))
  writeFileSync(WEIGHTS_FILE, weights)
  console.log(`${WEIGHTS_FILE}: SHA-256 ${createHash('sha256').update(weights).digest('hex')}`)
}

if (import.meta.main) await main()

/**
 * Writes a folder of labelled clips to measure with: `index.json` (see `ClipIndex`), and beside it the sound of each clip as
 * raw µ-law at 8 kHz. `npm run bench -- vad --data DIR` reads any such folder.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { WORK } from '../../../scripts/local/build.ts'
import { createChance } from './chance.ts'
import { LABEL_MS, LABEL_SAMPLES, segmentsOf } from './labels.ts'
import { createNoiseBank, NOISES, type Noise } from './noise-bank.ts'
import { type Conditions, makeScene } from './scene.ts'
import type { PoolVoice } from './speech-pool.ts'
import { RATE_HZ } from './voices.ts'

export interface Clip {
  /** The clip's sound is in NAME.ulaw. */
  name: string
  split: string
  /** of noise */
  kind: string
  /** decibels; null without noise */
  snr: number | null
  voice: string
  /** one 0 or 1 for each `label_ms` */
  labels: string
  /** start and end of each stretch of speech, in milliseconds */
  segments: [number, number][]
}

export interface ClipIndex {
  rate: number
  encoding: string
  label_ms: number
  clips: Clip[]
}

export interface ClipOrder {
  folder: string
  split: string
  conditions: Conditions
  /** the one person who speaks in all clips */
  speaker: PoolVoice
  /** the voices of the babble */
  crowd: readonly PoolVoice[]
  seconds: number
  /** how many times each kind of noise is mixed at each level */
  rounds: number
  seed: number
}

const SNR_DB = [20, 10, 5, 0]
const NOISE_PIECES = 4

/** The folder changes with the generator's source, so that no measurement reads clips of an older generator. */
export function clipFolder(name: string): string {
  const hash = createHash('sha256')
  const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  for (const file of sources.filter(one => one.endsWith('.ts')).sort()) {
    hash.update(file).update(readFileSync(path.join(import.meta.dirname, file)))
  }
  return path.join(WORK, `vad-${name}-${hash.digest('hex').slice(0, 8)}`)
}

export function writeClips(order: ClipOrder): void {
  const { folder, split, conditions, speaker, seconds, rounds } = order
  mkdirSync(folder, { recursive: true })
  const chance = createChance(order.seed)
  const bank = createNoiseBank(order.crowd, NOISE_PIECES)
  const samples = Math.floor((seconds * RATE_HZ) / LABEL_SAMPLES) * LABEL_SAMPLES
  const clips: Clip[] = []
  for (let round = 0; round < rounds; round += 1) {
    for (const noise of NOISES) {
      for (const snrDb of SNR_DB) {
        const scene = makeScene(chance, bank, { samples, conditions, noise, snrDb, speaker })
        const name = `${String(clips.length + 1).padStart(3, '0')}-${noise}`
        writeFileSync(path.join(folder, `${name}.ulaw`), scene.mulaw)
        clips.push({ ...described(noise, snrDb), name, split, voice: speaker.voice, ...labelsIn(scene.labels) })
      }
    }
  }
  const index: ClipIndex = { rate: RATE_HZ, encoding: 'mulaw', label_ms: LABEL_MS, clips }
  writeFileSync(path.join(folder, 'index.json'), JSON.stringify(index))
}

function described(noise: Noise, snrDb: number): { kind: string; snr: number | null } {
  return { kind: noise, snr: noise === 'clean' ? null : snrDb }
}

function labelsIn(labels: Uint8Array): { labels: string; segments: [number, number][] } {
  return { labels: labels.join(''), segments: segmentsOf(labels) }
}

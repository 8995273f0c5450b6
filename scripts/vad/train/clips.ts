/** A folder of labelled clips to measure with: `*.ulaw` (raw, 8 kHz) and `index.json`. bench/vad reads any such folder. */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { WORK } from '../../local/build.ts'
import { createChance } from './chance.ts'
import { LABEL_MS, LABEL_SAMPLES, segmentsOf } from './labels.ts'
import { createNoiseBank, NOISES, type Noise } from './noise-bank.ts'
import { makeScene } from './scene.ts'
import type { PoolVoice } from './speech-pool.ts'
import { RATE_HZ } from './voices.ts'

export interface Clip {
  /** its sound is NAME.ulaw */
  name: string
  split: string
  /** of noise */
  kind: string
  snr: number | null
  voice: string
  /** one 0 or 1 for each `label_ms` */
  labels: string
  /** milliseconds */
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
  pool: readonly PoolVoice[]
  /** who talks in the babble */
  crowd: readonly PoolVoice[]
  seconds: number
  /** how many times all kinds of noise at all levels */
  rounds: number
  seed: number
}

const SNR_DB = [20, 10, 5, 0]
const NOISE_PIECES = 4

/** Where clips of that name are kept: another folder whenever the generator's source changes, or they would be old ones. */
export function clipFolder(name: string): string {
  const hash = createHash('sha256')
  const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  for (const file of sources.filter(one => one.endsWith('.ts')).sort()) {
    hash.update(file).update(readFileSync(path.join(import.meta.dirname, file)))
  }
  return path.join(WORK, `vad-${name}-${hash.digest('hex').slice(0, 8)}`)
}

export function writeClips(order: ClipOrder): void {
  const { folder, split, pool, seconds, rounds } = order
  mkdirSync(folder, { recursive: true })
  const chance = createChance(order.seed)
  const bank = createNoiseBank(order.crowd, NOISE_PIECES)
  const samples = Math.floor((seconds * RATE_HZ) / LABEL_SAMPLES) * LABEL_SAMPLES
  const clips: Clip[] = []
  for (let round = 0; round < rounds; round += 1) {
    for (const noise of NOISES) {
      for (const snrDb of SNR_DB) {
        const speaker = pool[clips.length % pool.length] as PoolVoice
        const scene = makeScene(chance, bank, { samples, noise, snrDb, speaker })
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

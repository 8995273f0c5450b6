/** The sound that the detector learns from: labels are where the clean speech is, and the same seed makes the same sound. */
import { expect, test } from 'vitest'
import { CHUNKS, createBlocks, LINES } from '../../scripts/vad/train/blocks.ts'
import { createChance } from '../../scripts/vad/train/chance.ts'
import { labelsOf, segmentsOf } from '../../scripts/vad/train/labels.ts'
import { createNoiseBank, NOISES } from '../../scripts/vad/train/noise-bank.ts'
import { makeScene, type SceneOrder } from '../../scripts/vad/train/scene.ts'
import type { PoolVoice } from '../../scripts/vad/train/speech-pool.ts'
import { voicesOf } from '../../scripts/vad/train/voices.ts'
import { LINEAR_OF } from '../../src/sound/mulaw.ts'

/** A "voice" of half a second of 200 Hz, with a level of 1. */
const samples = Float32Array.from({ length: 4_000 }, (_, at) => Math.SQRT2 * Math.sin((2 * Math.PI * 200 * at) / 8_000))
const voice: PoolVoice = { voice: 'hum', engine: 'flite', utterances: [{ samples, labels: labelsOf(samples) }] }
const order: SceneOrder = { samples: 80_000, noise: 'clean', snrDb: 20, speaker: voice }

function powerOf(mulaw: Uint8Array, labels: Uint8Array, wanted: 0 | 1): number {
  let [sum, count] = [0, 0]
  for (const [at, byte] of mulaw.entries()) {
    if (labels[Math.floor(at / 80)] !== wanted) continue
    sum += (LINEAR_OF[byte] as number) ** 2
    count += 1
  }
  return sum / Math.max(1, count)
}

test('labels: where the energy is; short silences within speech are speech, long ones are not', () => {
  const clean = new Float32Array(16_000)
  for (const [from, to] of [
    [1_600, 4_000],
    [4_800, 6_400],
    [8_000, 9_600],
  ] as const) {
    clean.fill(1_000, from, to)
  }
  expect(segmentsOf(labelsOf(clean))).toEqual([
    [200, 800],
    [1_000, 1_200],
  ])
  expect(segmentsOf(labelsOf(new Float32Array(8_000)))).toEqual([])
})

test('a scene speaks where its labels say so, and the same seed gives the same scene', () => {
  const make = (seed: number) => makeScene(createChance(seed), createNoiseBank([voice], 1), order)
  for (let seed = 1; seed <= 10; seed += 1) {
    const { mulaw, labels } = make(seed)
    expect([mulaw.length, labels.length]).toEqual([80_000, 1_000])
    expect(powerOf(mulaw, labels, 1)).toBeGreaterThan(20 * powerOf(mulaw, labels, 0))
    expect(Buffer.compare(make(seed).mulaw, mulaw)).toBe(0)
  }
  expect(Buffer.compare(make(1).mulaw, make(2).mulaw)).not.toBe(0)
})

test.each(NOISES)('noise: %s is sound without speech, at any drawing', noise => {
  const bank = createNoiseBank([voice], 1)
  for (let seed = 1; seed <= 3; seed += 1) {
    const { mulaw, labels } = makeScene(createChance(seed), bank, { ...order, noise, speaker: null })
    expect(labels.includes(1)).toBe(false)
    expect(new Set(mulaw).size > 8).toBe(noise !== 'clean')
    const taken = bank.take(createChance(seed), noise, 8_000)
    expect(taken.every(Number.isFinite)).toBe(true)
  }
})

test('blocks: calls go on from block to block, targets are parts of chunks', () => {
  const source = createBlocks(createChance(1), [voice], createNoiseBank([voice], 1))
  const [first, second] = [source.next(), source.next()]
  const one = 1 + CHUNKS * 257
  expect(first.length).toBe(LINES * one)
  const begins = (block: Uint8Array) => Array.from({ length: LINES }, (_, line) => block[line * one])
  expect(begins(first)).toEqual(new Array(LINES).fill(1))
  expect(begins(second)).toEqual(new Array(LINES).fill(0))
  const targets = Array.from({ length: LINES }, (_, line) => [
    ...first.subarray(line * one + 1, line * one + 1 + CHUNKS),
  ])
  const speaking = targets.flat().filter(target => target > 127).length
  expect(speaking).toBeGreaterThan(LINES)
  expect(speaking).toBeLessThan(LINES * CHUNKS * 0.8)
})

test('no voice is in two splits', () => {
  const all = (['train', 'dev', 'test'] as const).flatMap(split => voicesOf(split, ['flite', 'espeak']))
  const names = all.map(({ engine, name }) => `${engine} ${name}`)
  expect(new Set(names).size).toBe(names.length)
})

/** The clips of the bench: their labels are where the clean speech is, and the same seed makes the same sound. */
import { expect, test } from 'vitest'
import { createChance } from '../../bench/vad/clips/chance.ts'
import { labelsOf, segmentsOf } from '../../bench/vad/clips/labels.ts'
import { createNoiseBank, NOISES } from '../../bench/vad/clips/noise-bank.ts'
import { makeScene, type SceneOrder } from '../../bench/vad/clips/scene.ts'
import type { PoolVoice } from '../../bench/vad/clips/speech-pool.ts'
import { LINEAR_OF } from '../../src/sound/mulaw.ts'

/** A "voice" that hums 400 Hz for half a second, with a level of 1. */
const samples = Float32Array.from({ length: 4_000 }, (_, at) => Math.SQRT2 * Math.sin((2 * Math.PI * 400 * at) / 8_000))
const voice: PoolVoice = { voice: 'hum', synthetic: true, utterances: [{ samples, labels: labelsOf(samples) }] }
const order: SceneOrder = { samples: 80_000, conditions: 'plain', noise: 'clean', snrDb: 20, speaker: voice }

function powerOf(mulaw: Uint8Array, labels: Uint8Array, wanted: 0 | 1): number {
  let [sum, count] = [0, 0]
  for (const [at, byte] of mulaw.entries()) {
    if (labels[Math.floor(at / 80)] !== wanted) continue
    sum += (LINEAR_OF[byte] as number) ** 2
    count += 1
  }
  return sum / Math.max(1, count)
}

test('labels are where the energy is; a short silence within speech is speech, a long one is not', () => {
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

test.each(['plain', 'hard'] as const)(
  'a %s scene speaks where its labels say so, and the same seed gives the same scene',
  conditions => {
    const make = (seed: number) => makeScene(createChance(seed), createNoiseBank([voice], 1), { ...order, conditions })
    for (let seed = 1; seed <= 10; seed += 1) {
      const { mulaw, labels } = make(seed)
      expect([mulaw.length, labels.length]).toEqual([80_000, 1_000])
      expect(powerOf(mulaw, labels, 1)).toBeGreaterThan(20 * powerOf(mulaw, labels, 0))
      expect(Buffer.compare(make(seed).mulaw, mulaw)).toBe(0)
    }
    expect(Buffer.compare(make(1).mulaw, make(2).mulaw)).not.toBe(0)
  },
)

test('in a plain scene the noise is as far below the speech as was asked for', () => {
  const quiet = (snrDb: number) => {
    const { mulaw, labels } = makeScene(createChance(3), createNoiseBank([voice], 1), {
      ...order,
      noise: 'line',
      snrDb,
    })
    return 10 * Math.log10(powerOf(mulaw, labels, 1) / powerOf(mulaw, labels, 0))
  }
  expect(quiet(20)).toBeGreaterThan(17)
  expect(quiet(20)).toBeLessThan(23)
  // The speech's frames hold the noise as well: both together are 3 dB over the noise alone.
  expect(quiet(0)).toBeGreaterThan(1.5)
  expect(quiet(0)).toBeLessThan(4.5)
})

test.each(NOISES)('noise: %s is sound without speech, whatever the seed', noise => {
  const bank = createNoiseBank([voice], 1)
  for (const conditions of ['plain', 'hard'] as const) {
    for (let seed = 1; seed <= 3; seed += 1) {
      const { mulaw, labels } = makeScene(createChance(seed), bank, { ...order, conditions, noise, speaker: null })
      expect(labels.includes(1)).toBe(false)
      expect(new Set(mulaw).size > 8).toBe(noise !== 'clean')
      const taken = bank.take(createChance(seed), noise, 8_000)
      expect(taken.every(Number.isFinite)).toBe(true)
    }
  }
})

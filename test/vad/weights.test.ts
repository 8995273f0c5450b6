/** The shipped weights: they are the published ones, the kernel computes with them what the plain network does, and they tell speech from noise. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { PUBLISHED_MODEL, sha256, WEIGHTS_FILE, weightsOf } from '../../scripts/vad/extract.ts'
import { kernelOrder, networkOfKernel } from '../../scripts/vad/kernel-order.ts'
import { createGate } from '../../src/media/turn/gate.ts'
import { createSpeechDetector } from '../../src/media/vad/speech-detector.ts'
import { CLIPS } from './clips.ts'
import { kernelInNode } from './kernel-in-node.ts'
import { referenceProbabilities } from './reference.ts'
import golden from './scenes.json'
import { seededNetwork } from './seeded-network.ts'

const weights = readFileSync(WEIGHTS_FILE)
const network = networkOfKernel(weights)
const detector = createSpeechDetector(kernelInNode(), weights)
const sound = readFileSync(path.join(import.meta.dirname, 'scenes.bin'))
const scenes = golden.map((scene, at) => {
  const from = golden.slice(0, at).reduce((sum, one) => sum + one.bytes, 0)
  return { ...scene, mulaw: new Uint8Array(sound.subarray(from, from + scene.bytes)) }
})

function heard(mulaw: Uint8Array, frame = 256): number[] {
  using line = detector.open()
  const found: number[] = []
  for (let at = 0; at + frame <= mulaw.length; at += frame) {
    const probability = line.hearBytes(mulaw.subarray(at, at + frame))
    if (probability !== null) found.push(probability)
  }
  return found
}
const apart = (some: number[], others: number[]) =>
  Math.max(...some.map((one, at) => Math.abs(one - (others[at] as number))))

test('the weights are those of the published model, byte for byte, and the page beside them names both files', () => {
  const published = readFileSync(PUBLISHED_MODEL)
  expect(weights.equals(weightsOf(published))).toBe(true)
  const page = readFileSync(WEIGHTS_FILE.replace(/bin$/, 'md'), 'utf8')
  expect(page).toContain(sha256(weights))
  expect(page).toContain(sha256(published))
})

test('a network comes back from the kernel’s order, its two biases in one', () => {
  const seeded = seededNetwork(4)
  const order = kernelOrder(seeded)
  expect(kernelOrder(networkOfKernel(order))).toEqual(order)
  expect(() => networkOfKernel(order.subarray(4))).toThrow('weights of')
  const clip = (CLIPS.buzz as Uint8Array).subarray(0, 16_000)
  const [one, other] = [seeded, networkOfKernel(order)].map(given => referenceProbabilities(given, clip))
  expect(apart(one as number[], other as number[])).toBeLessThan(1e-6)
})

test.each(scenes)('$noise: kernel, plain network and golden probabilities agree', ({ mulaw, probabilities }) => {
  const found = heard(mulaw)
  expect(found.length).toBe(probabilities.length)
  expect(apart(found, probabilities)).toBeLessThanOrEqual(1e-4)
  expect(apart(found, referenceProbabilities(network, mulaw))).toBeLessThanOrEqual(1e-4)
})

test.each(Object.entries(CLIPS))('%s: kernel and plain network agree', (_, clip) => {
  const short = clip.subarray(0, 16_000)
  expect(apart(heard(short), referenceProbabilities(network, short))).toBeLessThanOrEqual(1e-4)
})

test.each(scenes)('$noise: the gate is open in every utterance, and opens for nothing else', scene => {
  const { mulaw, segments } = scene
  const gate = createGate()
  using line = detector.open()
  const open: boolean[] = []
  for (let at = 0; at + 160 <= mulaw.length; at += 160) {
    gate.hear(at / 8 + 20, line.hearBytes(mulaw.subarray(at, at + 160)))
    open.push(gate.open)
  }
  expect(open.includes(true)).toBe(segments.length > 0)
  for (const [start = 0, end = 0] of segments.filter(([from = 0, to = 0]) => to - from >= 240)) {
    expect(open.slice(start / 20, end / 20)).toContain(true)
  }
})

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { compileKernel, KERNEL_WASM } from '../../scripts/vad/compile.ts'
import { kernelOrder } from '../../scripts/vad/kernel-order.ts'
import { createSpeechDetector, LinesFullError, type SpeechLine } from '../../src/media/vad/speech-detector.ts'
import { base64FromBytes } from '../../src/sound/base64.ts'
import { CLIPS } from './clips.ts'
import { kernelInNode } from './kernel-in-node.ts'
import { referenceProbabilities } from './reference.ts'
import { seededNetwork } from './seeded-network.ts'

const weights = kernelOrder(seededNetwork(1))

function probabilities(line: SpeechLine, clip: Uint8Array, frame = 160): number[] {
  const found: number[] = []
  for (let at = 0; at < clip.length; at += frame) {
    const probability = line.hearBytes(clip.subarray(at, at + frame))
    if (probability !== null) found.push(probability)
  }
  return found
}
const speech = (CLIPS.buzz as Uint8Array).subarray(0, 8_000)
const noise = (CLIPS['loud noise'] as Uint8Array).subarray(0, 8_000)

test('the checked-in kernel is what its source gives, byte for byte', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'trunkline-kernel-'))
  compileKernel(path.join(folder, 'speech.wasm'))
  const built = readFileSync(path.join(folder, 'speech.wasm'))
  rmSync(folder, { recursive: true })
  expect(built.equals(readFileSync(KERNEL_WASM))).toBe(true)
})

test.each([1, 2])('network %i: the kernel says what the plain network says, on every chunk of every clip', seed => {
  const network = seededNetwork(seed)
  const detector = createSpeechDetector(kernelInNode(), kernelOrder(network))
  const all: number[] = []
  for (const [name, clip] of Object.entries(CLIPS)) {
    using line = detector.open()
    const [found, wanted] = [probabilities(line, clip), referenceProbabilities(network, clip)]
    expect(found.length).toBe(Math.floor(clip.length / 256))
    const worst = Math.max(...found.map((one, at) => Math.abs(one - (wanted[at] as number))))
    expect(worst, name).toBeLessThanOrEqual(1e-4)
    all.push(...wanted)
  }
  // A network that always gave the same number would prove nothing.
  expect(Math.max(...all) - Math.min(...all)).toBeGreaterThan(0.6)
})

test('frames of any size up to 256 bytes, as bytes or base64, give the same', () => {
  const detector = createSpeechDetector(kernelInNode(), weights)
  const wanted = probabilities(detector.open(), speech)
  for (const frame of [1, 33, 80, 256]) expect(probabilities(detector.open(), speech, frame)).toEqual(wanted)
  const line = detector.open()
  const found: number[] = []
  for (let at = 0; at < speech.length; at += 160) {
    const probability = line.hear(base64FromBytes(speech.subarray(at, at + 160)))
    if (probability !== null) found.push(probability)
  }
  expect(found).toEqual(wanted)
})

test('hundreds of lines in one instance do not hear each other, also while the memory grows', () => {
  const detector = createSpeechDetector(kernelInNode(), weights)
  const [wantedSpeech, wantedNoise] = [speech, noise].map(clip => probabilities(detector.open(), clip))
  const lines = Array.from({ length: 300 }, () => ({ line: detector.open(), found: [] as number[] }))
  for (let at = 0; at < 1_600; at += 160) {
    for (const [index, { line, found }] of lines.entries()) {
      const probability = line.hearBytes((index % 2 === 0 ? speech : noise).subarray(at, at + 160))
      if (probability !== null) found.push(probability)
    }
    detector.open()
  }
  for (const [index, { found }] of lines.entries()) {
    expect(found).toEqual((index % 2 === 0 ? wantedSpeech : wantedNoise)?.slice(0, 6))
  }
})

test('a slot that is used again starts from nothing', () => {
  const detector = createSpeechDetector(kernelInNode(), weights)
  const wanted = probabilities(detector.open(), speech)
  const first = detector.open()
  probabilities(first, noise.subarray(0, 7_777))
  first.close()
  expect(probabilities(detector.open(), speech)).toEqual(wanted)
})

test('a line is given back once, whatever happens, and then hears nothing', () => {
  const detector = createSpeechDetector(kernelInNode(), weights, 2)
  const first = detector.open()
  expect(() => {
    using second = detector.open()
    second.hear('not base64!')
  }).toThrow('base64')
  expect(detector.openLines).toBe(1)
  first.close()
  first.close()
  expect(detector.openLines).toBe(0)
  expect(() => first.hearBytes(speech.subarray(0, 160))).toThrow('this line is closed')
  const again = [detector.open(), detector.open()]
  expect(() => detector.open()).toThrow(LinesFullError)
  // If the slot had gone back twice, both callers would share it now.
  const [one, other] = again.map((line, at) => probabilities(line, at === 0 ? speech : noise))
  expect(one).not.toEqual(other)
  expect(one).toEqual(probabilities(createSpeechDetector(kernelInNode(), weights).open(), speech))
})

test('wrong weights and frames that are too long are refused', () => {
  expect(() => createSpeechDetector(kernelInNode(), weights.subarray(4))).toThrow('weights have')
  const line = createSpeechDetector(kernelInNode(), weights).open()
  expect(() => line.hearBytes(new Uint8Array(257))).toThrow('a frame of 257 bytes')
  expect(() => line.hear(base64FromBytes(new Uint8Array(257)))).toThrow('more than 256 bytes')
  expect(line.hearBytes(new Uint8Array())).toBeNull()
})

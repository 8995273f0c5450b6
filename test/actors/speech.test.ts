/** The kernel inside workerd: imported as a compiled module, its clip as data, frames decoded by the platform's base64. */
import { expect, test } from 'vitest'
import { kernelOrder } from '../../scripts/vad/kernel-order.ts'
import { detectorOfIsolate } from '../../src/media/vad/isolate.ts'
import speechWasm from '../../src/media/vad/speech.wasm'
import { createSpeechDetector, type SpeechKernel } from '../../src/media/vad/speech-detector.ts'
import { base64FromBytes } from '../../src/sound/base64.ts'
import clip from '../vad/buzz.bin'
import golden from '../vad/golden.json'
import sceneBytes from '../vad/scenes.bin'
import scenes from '../vad/scenes.json'
import { seededNetwork } from '../vad/seeded-network.ts'

const kernel = new WebAssembly.Instance(speechWasm).exports as unknown as SpeechKernel
const detector = createSpeechDetector(kernel, kernelOrder(seededNetwork(golden.seed)))

test('the platform decodes base64 by itself, straight into the kernel’s memory', () => {
  expect('setFromBase64' in Uint8Array.prototype).toBe(true)
  const line = detector.open()
  expect(() => line.hear(base64FromBytes(new Uint8Array(257)))).toThrow('more than 256 bytes')
  expect(() => line.hear('AA A')).toThrow('white space')
  expect(() => line.hear('AA_A')).toThrow()
  expect(line.hear('')).toBeNull()
  line.close()
})

test('20 ms frames give the golden probabilities', () => {
  using line = detector.open()
  const bytes = new Uint8Array(clip)
  const found: number[] = []
  for (let at = 0; at < bytes.length; at += 160) {
    const probability = line.hear(base64FromBytes(bytes.subarray(at, at + 160)))
    if (probability !== null) found.push(probability)
  }
  expect(found.length).toBe(golden.probabilities.length)
  const worst = Math.max(...found.map((one, at) => Math.abs(one - (golden.probabilities[at] as number))))
  expect(worst).toBeLessThanOrEqual(1e-4)
})

test('the detector of the isolate is one, and says with the shipped weights what was kept of them', () => {
  expect(detectorOfIsolate()).toBe(detectorOfIsolate())
  let from = 0
  for (const { noise, bytes, probabilities } of scenes) {
    using line = detectorOfIsolate().open()
    const found: number[] = []
    for (let at = 0; at + 256 <= bytes; at += 256) {
      const probability = line.hear(base64FromBytes(new Uint8Array(sceneBytes, from + at, 256)))
      if (probability !== null) found.push(probability)
    }
    from += bytes
    expect(found.length).toBe(probabilities.length)
    const worst = Math.max(...found.map((one, at) => Math.abs(one - (probabilities[at] as number))))
    expect(worst, noise).toBeLessThanOrEqual(1e-4)
  }
  expect(detectorOfIsolate().openLines).toBe(0)
})

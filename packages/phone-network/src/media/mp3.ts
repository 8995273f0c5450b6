import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { decode, SAMPLE_RATE_HZ } from './mulaw.ts'
import { type Pcm, SoundError } from './wav.ts'

/** Reading and writing MP3 with two small WebAssembly libraries: minimp3 reads, LAME writes. */

const require = createRequire(import.meta.url)
/** Half an hour; a longer file is cut. */
const DECODED_SECONDS_MAX = 1_800
const KBITS = 32

interface Minimp3 {
  memory: WebAssembly.Memory
  decoder_init(): void
  decoder_mp3_data_offset(): number
  decoder_set_mp3_data_size(bytes: number): void
  decoder_pcm_data_offset(): number
  decoder_decode(seconds: number): void
  decode_results_sampling_rate(): number
  decode_results_num_channels(): number
  decode_results_num_samples(): number
}

/** Reads an MP3 file; two channels are mixed into one. Throws `SoundError`. */
export function readMp3(bytes: Uint8Array): Pcm {
  const wasm = readFileSync(require.resolve('minimp3-wasm').replace(/[^/\\]+$/, 'decoder.opt.wasm'))
  // The type library of workerd, which also applies here, has no constructor for it:
  // https://developers.cloudflare.com/workers/runtime-apis/webassembly/
  const Module = WebAssembly.Module as unknown as new (bytes: Uint8Array) => WebAssembly.Module
  const instance = new WebAssembly.Instance(new Module(wasm), {})
  const minimp3 = instance.exports as unknown as Minimp3
  const parts: Int16Array[] = []
  let hz = 0
  try {
    minimp3.decoder_init()
    minimp3.decoder_set_mp3_data_size(bytes.length)
    new Uint8Array(minimp3.memory.buffer, minimp3.decoder_mp3_data_offset(), bytes.length).set(bytes)
    for (let seconds = 0; seconds < DECODED_SECONDS_MAX; seconds += 1) {
      minimp3.decoder_decode(1)
      const count = minimp3.decode_results_num_samples()
      if (count <= 0) break
      hz = minimp3.decode_results_sampling_rate()
      const pcm = new Int16Array(minimp3.memory.buffer, minimp3.decoder_pcm_data_offset(), count)
      parts.push(mono(pcm, minimp3.decode_results_num_channels()))
    }
  } catch (error) {
    throw new SoundError(`not an MP3 file: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (hz === 0) throw new SoundError('not an MP3 file')
  const samples = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    samples.set(part, at)
    at += part.length
  }
  return { hz, samples }
}

function mono(pcm: Int16Array, channels: number): Int16Array {
  if (channels < 2) return pcm.slice()
  return Int16Array.from(
    { length: pcm.length >> 1 },
    (_, index) => ((pcm[2 * index] as number) + (pcm[2 * index + 1] as number)) >> 1,
  )
}

/** µ-law voices of one length as an MP3 file, 8 kHz. */
export async function writeMp3(voices: readonly Uint8Array[]): Promise<Uint8Array> {
  const { createEncoder } = await import('wasm-media-encoders')
  const wasm = readFileSync(require.resolve('wasm-media-encoders/wasm/mp3'))
  const encoder = await createEncoder('audio/mpeg', wasm)
  encoder.configure({ sampleRate: SAMPLE_RATE_HZ, channels: voices.length === 2 ? 2 : 1, bitrate: KBITS })
  const pcm = voices.map(voice => Float32Array.from(decode(voice), sample => sample / 32_768))
  // The encoder returns its own memory, so the result is copied before the next call.
  const body = Buffer.from(encoder.encode(pcm as [Float32Array] | [Float32Array, Float32Array]))
  return Buffer.concat([body, Buffer.from(encoder.finalize())])
}

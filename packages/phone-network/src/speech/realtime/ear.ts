import { decode } from '../../media/mulaw.ts'
import { StreamResampler } from '../../media/resample.ts'
import { decodeALaw } from '../../media/wav.ts'
import { HANG_MS_MIN } from '../listen/listen-socket.ts'
import { Listener, type ListenerEvents } from '../listen/listener.ts'
import type { Recogniser } from '../listen/recogniser.ts'
import type { Grammar } from '../listen/recogniser-messages.ts'
import type { SoundFormat, TurnDetection } from './session.ts'

/** The sound of the caller, whatever its format, to a listener that finds the turns in it. */

const PCM_HZ = 24_000
/** https://platform.openai.com/docs/guides/realtime-vad: it waits longer when it is not sure. */
const SEMANTIC_MS = 800

export class Ear {
  readonly #listener: Listener
  readonly #format: SoundFormat
  readonly #resampler: StreamResampler | null
  #half: Buffer = Buffer.alloc(0)
  /** ms of sound since the last turn or clearing */
  bufferedMs = 0

  constructor(
    recogniser: Recogniser,
    grammar: Grammar,
    format: SoundFormat,
    detection: TurnDetection | null,
    events: ListenerEvents,
  ) {
    const wanted = detection?.type === 'semantic_vad' ? SEMANTIC_MS : (detection?.silenceMs ?? Number.POSITIVE_INFINITY)
    this.#format = format
    this.#resampler = format === 'pcm16' ? new StreamResampler(PCM_HZ, 8_000) : null
    this.#listener = new Listener(recogniser, grammar, Math.max(HANG_MS_MIN, wanted), events)
  }

  get nowMs(): number {
    return this.#listener.nowMs
  }

  push(bytes: Buffer): void {
    const samples = this.#samples(bytes)
    this.bufferedMs += samples.length / 8
    this.#listener.push(samples)
  }

  /** The turn is over; its words come as the listener's final result. */
  commit(): void {
    this.bufferedMs = 0
    this.#listener.finalize()
  }

  close(): void {
    this.#listener.close()
  }

  #samples(bytes: Buffer): Int16Array {
    if (this.#format === 'ulaw') return decode(bytes)
    if (this.#format === 'alaw') return Int16Array.from(bytes, decodeALaw)
    const all = this.#half.length === 0 ? bytes : Buffer.concat([this.#half, bytes])
    const samples = new Int16Array(all.length >> 1)
    for (let index = 0; index < samples.length; index += 1) samples[index] = all.readInt16LE(index * 2)
    this.#half = Buffer.from(all.subarray(samples.length * 2))
    return this.#resampler ? this.#resampler.push(samples) : samples
  }
}

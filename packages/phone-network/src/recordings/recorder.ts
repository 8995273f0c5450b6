import type { RecordingTrack } from '../engine/media-world.ts'
import { Loudness, rmsOf } from '../media/loudness.ts'
import { decode, FRAME_BYTES, FRAME_MS, SILENCE_BYTE } from '../media/mulaw.ts'
import { mix } from '../media/wav.ts'

/** One recording in progress: frames of 20 ms, with one voice or two side by side. */

const BLOCK_FRAMES = 500

/** Frames of one voice, kept in blocks of ten seconds. */
class Tape {
  readonly #blocks: Uint8Array[] = []
  frames = 0

  add(frame: Uint8Array): void {
    if (this.frames % BLOCK_FRAMES === 0) this.#blocks.push(new Uint8Array(BLOCK_FRAMES * FRAME_BYTES))
    this.#blocks.at(-1)?.set(frame, (this.frames % BLOCK_FRAMES) * FRAME_BYTES)
    this.frames += 1
  }

  /** The sound between two frames, in one piece. */
  cut(from: number, to: number): Uint8Array {
    const all = new Uint8Array(this.#blocks.length * BLOCK_FRAMES * FRAME_BYTES)
    for (const [index, block] of this.#blocks.entries()) all.set(block, index * BLOCK_FRAMES * FRAME_BYTES)
    return all.slice(from * FRAME_BYTES, to * FRAME_BYTES)
  }
}

export interface RecorderOptions {
  channels: 1 | 2
  track: RecordingTrack
  /** report when nobody has spoken for this long */
  silenceMs: number | null
  silent: () => void
}

const SILENCE = new Uint8Array(FRAME_BYTES).fill(SILENCE_BYTE)

export class Recorder {
  readonly #options: RecorderOptions
  readonly #tapes: Tape[]
  readonly #pcm = new Int16Array(FRAME_BYTES)
  readonly #near = new Loudness()
  readonly #far = new Loudness()
  #paused: 'no' | 'skip' | 'silence' = 'no'
  #firstLoud = -1
  #lastLoud = -1
  #silentMs = 0
  #told = false

  constructor(options: RecorderOptions) {
    this.#options = options
    this.#tapes = Array.from({ length: options.channels }, () => new Tape())
  }

  get bytes(): number {
    return this.#tapes.length * (this.#tapes[0]?.frames ?? 0) * FRAME_BYTES
  }

  pause(skips: boolean): void {
    this.#paused = skips ? 'skip' : 'silence'
  }

  resume(): void {
    this.#paused = 'no'
  }

  hear(says: Uint8Array, hears: Uint8Array): void {
    if (this.#paused === 'skip') return
    const { track, channels } = this.#options
    const quiet = this.#paused === 'silence'
    const one = quiet || track === 'outbound' ? SILENCE : says
    const other = quiet || track === 'inbound' ? SILENCE : hears
    this.#listen(one, other)
    if (channels === 2) {
      this.#tapes[0]?.add(one)
      this.#tapes[1]?.add(other)
    } else this.#tapes[0]?.add(one === SILENCE ? other : other === SILENCE ? one : mix(one, other))
  }

  #listen(one: Uint8Array, other: Uint8Array): void {
    const [a, b] = [this.#isLoud(one, this.#near), this.#isLoud(other, this.#far)]
    const loud = a || b
    const at = this.#tapes[0]?.frames ?? 0
    if (loud) {
      if (this.#firstLoud < 0) this.#firstLoud = at
      this.#lastLoud = at
      this.#silentMs = 0
      return
    }
    this.#silentMs += FRAME_MS
    const { silenceMs, silent } = this.#options
    if (silenceMs === null || this.#told || this.#silentMs < silenceMs) return
    this.#told = true
    silent()
  }

  #isLoud(frame: Uint8Array, loudness: Loudness): boolean {
    return frame !== SILENCE && loudness.hear(rmsOf(decode(frame, this.#pcm)))
  }

  /** The voices of a finished recording; with `trim` they begin and end with speech. */
  finish(trim: boolean): { voices: Uint8Array[]; ms: number; heard: boolean } {
    const frames = this.#tapes[0]?.frames ?? 0
    const heard = this.#firstLoud >= 0
    const [from, to] = trim && heard ? [this.#firstLoud, this.#lastLoud + 1] : [0, frames]
    return { voices: this.#tapes.map(tape => tape.cut(from, to)), ms: (to - from) * FRAME_MS, heard }
  }
}

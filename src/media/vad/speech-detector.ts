/**
 * One instance of the kernel hears many calls. Each open line is a slot of 2,320 bytes in the kernel's memory (context, chunk,
 * state of the network); the lines share the weights and the scratch memory. This module is pure, so its user makes the
 * instance (`new WebAssembly.Instance(module).exports`; the kernel needs no imports) and reads the weights.
 */
import { bytesFromBase64 } from '../../sound/base64.ts'
import { LINEAR_OF } from '../../sound/mulaw.ts'

/** The most lines that one instance keeps open: more than one core can serve, in 2.4 MB of state. */
export const LINES_MAX = 1_024
/** The most µ-law bytes that one frame may have (32 ms). */
export const FRAME_BYTES_MAX = 256

const PAGE_BYTES = 65_536

/** The exports of the built kernel: addresses and sizes in bytes, its memory, and `push`. */
export interface SpeechKernel {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  readonly INPUT: { readonly value: number }
  readonly INPUT_BYTES: { readonly value: number }
  readonly TABLES: { readonly value: number }
  readonly WEIGHTS: { readonly value: number }
  readonly WEIGHTS_BYTES: { readonly value: number }
  readonly SLOTS: { readonly value: number }
  readonly SLOT_BYTES: { readonly value: number }
  /** Returns the probability of speech when a chunk became full, else −1. */
  push(slot: number, count: number): number
}

export interface SpeechLine {
  /**
   * Takes a frame as a media message carries it: base64 of at most 256 µ-law bytes. Returns a probability of 0…1, or null while
   * no chunk is full. Throws for what is no base64, and `RangeError` for more bytes.
   */
  hear(payload: string): number | null
  /** Does the same with the bytes themselves. */
  hearBytes(mulaw: Uint8Array): number | null
  /** Gives the slot back. A second call does nothing; hearing after it throws. */
  close(): void
  [Symbol.dispose](): void
}

export interface SpeechDetector {
  /** Opens a line whose state is zero. Throws `LinesFullError` at the limit. */
  open(): SpeechLine
  readonly openLines: number
}

export class LinesFullError extends Error {
  override name = 'LinesFullError'
}

/** Takes `weights` as scripts/vad/extract.ts writes them. Throws a `RangeError` if they have another size than this kernel's. */
export function createSpeechDetector(kernel: SpeechKernel, weights: Uint8Array, linesMax = LINES_MAX): SpeechDetector {
  const expected = kernel.WEIGHTS_BYTES.value
  if (weights.length !== expected) throw new RangeError(`weights have ${weights.length} bytes, not ${expected}`)
  const slotBytes = kernel.SLOT_BYTES.value
  const free: number[] = []
  let made = 0
  let open = 0
  reserve(kernel, kernel.SLOTS.value)
  new Uint8Array(kernel.memory.buffer, kernel.WEIGHTS.value, expected).set(weights)
  new Float32Array(kernel.memory.buffer, kernel.TABLES.value, TABLES.length).set(TABLES)
  let input = inputOf(kernel)

  function take(): number {
    const slot = free.pop() ?? kernel.SLOTS.value + made * slotBytes
    if (slot === kernel.SLOTS.value + made * slotBytes) {
      reserve(kernel, slot + slotBytes)
      made += 1
    }
    // The state of the previous caller must not affect the first second of this one.
    new Uint8Array(kernel.memory.buffer, slot, slotBytes).fill(0)
    return slot
  }

  return {
    get openLines() {
      return open
    },
    open() {
      if (open >= linesMax) throw new LinesFullError(`${linesMax} lines are open`)
      let slot: number | null = take()
      open += 1
      const push = (count: number): number | null => {
        if (slot === null) throw new Error('this line is closed')
        const probability = kernel.push(slot, count)
        return probability < 0 ? null : probability
      }
      const close = () => {
        if (slot === null) return
        free.push(slot)
        slot = null
        open -= 1
      }
      // A memory that grew has a new buffer, and views of the old one are empty.
      const room = () => {
        if (input.length === 0) input = inputOf(kernel)
        return input
      }
      return {
        hear: payload => push(bytesFromBase64(payload, room())),
        hearBytes(mulaw) {
          if (mulaw.length > FRAME_BYTES_MAX) throw new RangeError(`a frame of ${mulaw.length} bytes`)
          room().set(mulaw)
          return push(mulaw.length)
        },
        close,
        [Symbol.dispose]: close,
      }
    },
  }
}

function inputOf(kernel: SpeechKernel): Uint8Array {
  return new Uint8Array(kernel.memory.buffer, kernel.INPUT.value, kernel.INPUT_BYTES.value)
}

function reserve(kernel: SpeechKernel, bytes: number): void {
  const missing = bytes - kernel.memory.buffer.byteLength
  if (missing > 0) kernel.memory.grow(Math.ceil(missing / PAGE_BYTES))
}

/** The kernel's tables: µ-law to −1…1 (256), periodic Hann window (128); as pairs, e^(−2πik/64) (64) and e^(−2πik/128) (0…32). */
const TABLES = Float32Array.from([
  ...Array.from(LINEAR_OF, sample => sample / 32_768),
  ...Array.from({ length: 128 }, (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / 128)),
  ...turns(64, 64),
  ...turns(128, 33),
])

function turns(whole: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) => (2 * Math.PI * k) / whole).flatMap(angle => [
    Math.cos(angle),
    -Math.sin(angle),
  ])
}

import { FRAME_BYTES, SILENCE_BYTE } from './mulaw.ts'

/** Limit of a program's sound that waits to be heard: five minutes. */
export const EAR_BYTES_MAX = 5 * 60 * 8_000
/** Limit of marks that have not been reached. */
export const MARKS_MAX = 1_000

interface Mark {
  name: string
  /** the mark is reached when this many bytes have been heard */
  at: number
}

/** Sound that a program has sent to a party: played in order, 20 ms at a time, with marks between. µ-law, 8 kHz. */
export class PlayoutQueue {
  #chunks: Uint8Array[] = []
  /** bytes of the first chunk that have been played */
  #offset = 0
  #waiting = 0
  #heard = 0
  #marks: Mark[] = []

  get waitingBytes(): number {
    return this.#waiting
  }

  /** Bytes played since the beginning. */
  get heardBytes(): number {
    return this.#heard
  }

  /** False when too much waits already; then nothing is taken. */
  push(bytes: Uint8Array): boolean {
    if (this.#waiting + bytes.length > EAR_BYTES_MAX) return false
    if (bytes.length > 0) this.#chunks.push(bytes)
    this.#waiting += bytes.length
    return true
  }

  /** False when there are too many marks. */
  mark(name: string): boolean {
    if (this.#marks.length >= MARKS_MAX) return false
    this.#marks.push({ name, at: this.#heard + this.#waiting })
    return true
  }

  /** Copy one frame into `out`, filled up with silence. False when nothing waits. */
  pull(out: Uint8Array): boolean {
    if (this.#waiting === 0) return false
    let filled = 0
    for (let chunk = this.#chunks[0]; chunk && filled < FRAME_BYTES; chunk = this.#chunks[0]) {
      const part = chunk.subarray(this.#offset, this.#offset + FRAME_BYTES - filled)
      out.set(part, filled)
      filled += part.length
      this.#offset += part.length
      if (this.#offset < chunk.length) break
      this.#chunks.shift()
      this.#offset = 0
    }
    out.fill(SILENCE_BYTE, filled, FRAME_BYTES)
    this.#waiting -= filled
    this.#heard += filled
    return true
  }

  /** Names of the marks that have been reached, each of which is returned once. */
  reached(): string[] {
    const names: string[] = []
    for (let mark = this.#marks[0]; mark && mark.at <= this.#heard; mark = this.#marks[0]) {
      names.push(mark.name)
      this.#marks.shift()
    }
    return names
  }

  /** Drop all sound. Returns the names of all marks that waited. */
  clear(): string[] {
    this.#chunks = []
    this.#offset = 0
    this.#waiting = 0
    const names = this.#marks.map(mark => mark.name)
    this.#marks = []
    return names
  }
}

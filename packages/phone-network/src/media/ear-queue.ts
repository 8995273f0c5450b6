import { FRAME_BYTES, SILENCE_BYTE } from './mulaw.ts'

/** Sound of a program waits at most so long for a party's ear: five minutes. */
export const EAR_BYTES_MAX = 5 * 60 * 8_000
/** Marks that have not been reached. */
export const MARKS_MAX = 1_000

interface Mark {
  name: string
  /** bytes that must have been heard before it */
  at: number
}

/** What a program sends to be heard: played in order, 20 ms at a time, with marks between. µ-law, 8 kHz. */
export class EarQueue {
  #chunks: Uint8Array[] = []
  /** read so far of the first chunk */
  #offset = 0
  #waiting = 0
  #heard = 0
  #marks: Mark[] = []

  get waitingBytes(): number {
    return this.#waiting
  }

  /** Bytes heard since the beginning. */
  get heardBytes(): number {
    return this.#heard
  }

  /** False when too much waits already: nothing of it is taken. */
  push(bytes: Uint8Array): boolean {
    if (this.#waiting + bytes.length > EAR_BYTES_MAX) return false
    if (bytes.length > 0) this.#chunks.push(bytes)
    this.#waiting += bytes.length
    return true
  }

  /** False when there are too many. */
  mark(name: string): boolean {
    if (this.#marks.length >= MARKS_MAX) return false
    this.#marks.push({ name, at: this.#heard + this.#waiting })
    return true
  }

  /** One frame into `out`, filled up with silence; false when there is nothing to hear. */
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

  /** Names of the marks that everything before has been heard of. */
  reached(): string[] {
    const names: string[] = []
    for (let mark = this.#marks[0]; mark && mark.at <= this.#heard; mark = this.#marks[0]) {
      names.push(mark.name)
      this.#marks.shift()
    }
    return names
  }

  /** Nothing of it will be heard; the names of all marks that waited. */
  clear(): string[] {
    this.#chunks = []
    this.#offset = 0
    this.#waiting = 0
    const names = this.#marks.map(mark => mark.name)
    this.#marks = []
    return names
  }
}

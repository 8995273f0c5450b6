/**
 * Sound that spells its words byte by byte, so that a look-alike "hears" exactly what it got: a frame that is lost,
 * doubled or out of order changes the words. A word is a run of its own µ-law byte; a spoken letter is a run of its code.
 */
import { FRAME_BYTES, MULAW_SILENCE } from '../../src/sound/mulaw.ts'

const BYTES_PER_MS = 8
/** The words that can be heard. Their bytes are far apart, so that 16-bit and back changes none. */
export const WORDS = ['hello', 'yes', 'no', 'tomorrow', 'table', 'please', 'thanks', 'bye'] as const
const BYTE_OF = (at: number) => 0x10 + at * 9
export const WORD_MS = 200
/** Shorter runs are noise. */
const HEARD_MS = 60

export interface HeardWord {
  text: string
  startMs: number
  endMs: number
}

/** The words, each 200 ms, with 40 ms of silence between them. Throws for a word that is not in `WORDS`. */
export function soundOfWords(text: string): Uint8Array {
  const words = text.split(' ').filter(word => word !== '')
  const gap = 40 * BYTES_PER_MS
  const one = WORD_MS * BYTES_PER_MS + gap
  const sound = new Uint8Array(words.length * one).fill(MULAW_SILENCE)
  words.forEach((word, at) => {
    const index = (WORDS as readonly string[]).indexOf(word)
    if (index === -1) throw new RangeError(`no sound for "${word}"`)
    sound.fill(BYTE_OF(index), at * one, (at + 1) * one - gap)
  })
  return sound
}

export function silence(ms: number): Uint8Array {
  return new Uint8Array(ms * BYTES_PER_MS).fill(MULAW_SILENCE)
}

export function framesOf(sound: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = []
  for (let at = 0; at < sound.length; at += FRAME_BYTES) frames.push(sound.subarray(at, at + FRAME_BYTES))
  return frames
}

export function hear(mulaw: Uint8Array): HeardWord[] {
  const heard: HeardWord[] = []
  let from = 0
  for (let at = 1; at <= mulaw.length; at += 1) {
    if (at < mulaw.length && mulaw[at] === mulaw[from]) continue
    const word = WORDS.find((_, index) => BYTE_OF(index) === mulaw[from])
    if (word && at - from >= HEARD_MS * BYTES_PER_MS)
      heard.push({ text: word, startMs: from / BYTES_PER_MS, endMs: at / BYTES_PER_MS })
    from = at
  }
  return heard
}

const LETTER_BYTES = 80

/** A voice: 10 ms per letter of printable ASCII. */
export function spokenSound(text: string): Uint8Array {
  const sound = new Uint8Array(text.length * LETTER_BYTES)
  for (let at = 0; at < text.length; at += 1)
    sound.fill(0x80 + (text.charCodeAt(at) & 0x7f), at * LETTER_BYTES, (at + 1) * LETTER_BYTES)
  return sound
}

/** Returns the text that the voice said. Throws if the sound is not of this voice. */
export function spokenText(sound: Uint8Array): string {
  if (sound.length % LETTER_BYTES !== 0) throw new RangeError(`${sound.length} bytes are not whole letters`)
  let text = ''
  for (let at = 0; at < sound.length; at += LETTER_BYTES) {
    const letter = sound.subarray(at, at + LETTER_BYTES)
    if (letter.some(byte => byte !== letter[0])) throw new RangeError(`a broken letter at byte ${at}`)
    text += String.fromCharCode((letter[0] ?? 0) - 0x80)
  }
  return text
}

/** Cuts the sound where a network might, not where a letter ends. */
export function* cutUp(sound: Uint8Array, bytes = 333): Generator<Uint8Array> {
  for (let at = 0; at < sound.length; at += bytes) yield sound.subarray(at, at + bytes)
}

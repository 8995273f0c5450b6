/** Makes a sentence into sound that is kept: µ-law at 8,000 samples a second. */
import type { Speaker } from '../../../providers/speech/port.ts'
import { joinedBytes } from '../../../sound/bytes.ts'

/** Null: the sound is longer than `bytesMax`. Throws what the provider throws. */
export async function spokenBytes(
  speaker: Speaker,
  text: string,
  bytesMax: number,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of speaker.say(text, signal)) {
    bytes += piece.length
    if (bytes > bytesMax) return null
    pieces.push(piece.slice())
  }
  return joinedBytes(pieces)
}

/**
 * Refuses sound that is not raw µ-law: MP3, WAV or Ogg, played as µ-law, would be loud noise in the caller's ear. Content types
 * are not reliable (`application/octet-stream` is usual), so the first bytes decide.
 */
import { ProviderFailure } from '../failure.ts'

/** first bytes of WAV, MP3, Ogg and FLAC */
const MAGIC = ['RIFF', 'ID3', 'OggS', 'fLaC'].map(word => new TextEncoder().encode(word))
const MAGIC_BYTES = 4
/** The longest MPEG frame of layer III: 320 kbit/s at 32 kHz with padding. */
const MPEG_FRAME_MAX = 1_441

/** Yields the same pieces if they are raw sound; otherwise throws `ProviderFailure` before the first piece. */
export async function* rawMulaw(provider: string, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | null = new Uint8Array(0)
  for await (const piece of pieces) {
    if (head === null) {
      yield piece
      continue
    }
    head = joined(head, piece)
    const verdict = judge(head)
    if (verdict === 'container')
      throw new ProviderFailure(provider, 'refused', 'it answered with a sound file, not with raw sound')
    if (verdict === 'raw') {
      yield head
      head = null
    }
  }
  if (head !== null && head.length > 0) yield head
}

function judge(head: Uint8Array): 'raw' | 'container' | 'unsure' {
  if (head.length < MAGIC_BYTES) return 'unsure'
  if (MAGIC.some(magic => magic.every((byte, at) => head[at] === byte))) return 'container'
  const size = mpegFrameBytes(head, 0)
  // Quiet µ-law may begin as an MPEG frame does (FF FB 7B …); it does not do so again exactly one frame later.
  if (size === null) return 'raw'
  if (head.length < size + MAGIC_BYTES) return 'unsure'
  return mpegFrameBytes(head, size) === null ? 'raw' : 'container'
}

const KBITS_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
const KBITS_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
const HZ_1 = [44_100, 48_000, 32_000]

/** The length of the MPEG layer III frame that begins at `at`; null if none does. ISO/IEC 11172-3 §2.4.1, 13818-3. */
function mpegFrameBytes(bytes: Uint8Array, at: number): number | null {
  const [one = 0, two = 0, three = 0] = bytes.subarray(at, at + 3)
  if (one !== 0xff || (two & 0xe0) !== 0xe0) return null
  const version = (two >> 3) & 3
  const layer = (two >> 1) & 3
  const kbits = (version === 3 ? KBITS_1 : KBITS_2)[three >> 4]
  const hz = HZ_1[(three >> 2) & 3]
  if (version === 1 || layer !== 1 || !kbits || !hz) return null
  const rate = version === 3 ? hz : version === 2 ? hz / 2 : hz / 4
  const perFrame = version === 3 ? 144_000 : 72_000
  const size = Math.floor((perFrame * kbits) / rate) + ((three >> 1) & 1)
  return size <= MPEG_FRAME_MAX ? size : null
}

function joined(one: Uint8Array, two: Uint8Array): Uint8Array {
  if (one.length === 0) return two
  const both = new Uint8Array(one.length + two.length)
  both.set(one)
  both.set(two, one.length)
  return both
}

/**
 * Makes telephone sound of 16-bit samples as they arrive. Services that were asked for bare samples send files all the same: the
 * header of a WAV file is read and its rate converted; anything else is a failure, so that the next provider speaks.
 */
import { joinedBytes } from '../../sound/bytes.ts'
import { encodeMulaw } from '../../sound/mulaw.ts'
import { createResampler, isResampled, type ResampleHz } from '../../sound/resample.ts'
import { ProviderFailure } from '../failure.ts'
import { looksOf } from './sound-file.ts'

/** The form of the samples, little-endian. */
interface PcmForm {
  hz: ResampleHz
  channels: 1 | 2
  /** the bytes of sound; whatever follows is no sound */
  bytes: number
}

const TELEPHONE_HZ = 8_000

/** `hz`: the rate of samples that come without a header. Throws `ProviderFailure`, before the first piece. */
export async function* mulawOfPcm(
  provider: string,
  pieces: AsyncIterable<Uint8Array>,
  hz: number,
): AsyncGenerator<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0)
  let telephone: Telephone | null = null
  for await (const piece of pieces) {
    let bytes = piece
    if (telephone === null) {
      head = head.length === 0 ? piece : joinedBytes([head, piece])
      const begun = beginning(provider, head, hz, false)
      if (begun === null) continue
      telephone = new Telephone(begun.form)
      bytes = head.subarray(begun.soundAt)
    }
    const mulaw = telephone.push(bytes)
    if (mulaw.length > 0) yield mulaw
  }
  if (telephone !== null || head.length === 0) return
  const begun = beginning(provider, head, hz, true)
  if (begun === null) throw unreadable(provider)
  const mulaw = new Telephone(begun.form).push(head.subarray(begun.soundAt))
  if (mulaw.length > 0) yield mulaw
}

/** Where the sound begins, and its form; null: not known yet. */
function beginning(
  provider: string,
  head: Uint8Array,
  hz: number,
  whole: boolean,
): { form: PcmForm; soundAt: number } | null {
  const looks = looksOf(head, whole)
  if (looks === 'unsure') return null
  if (looks === 'file' || !isResampled(hz)) throw unreadable(provider)
  if (looks === 'raw') return { form: { hz, channels: 1, bytes: Number.POSITIVE_INFINITY }, soundAt: 0 }
  const read = wavHeader(head)
  if (read === 'wrong' || (read === 'unsure' && head.length > HEADER_MAX)) throw unreadable(provider)
  return read === 'unsure' ? null : read
}

function unreadable(provider: string): ProviderFailure {
  return new ProviderFailure(provider, 'refused', 'it answered with a file that cannot be read as samples')
}

/** The chunks before the sound are short, unless somebody has put a picture there. */
const HEADER_MAX = 65_536
const PCM = 1
const EXTENSIBLE = 0xfffe
/** A program that writes while it speaks does not know the length yet. */
const LENGTH_UNKNOWN = 0x7fff_0000

function wavHeader(head: Uint8Array): { form: PcmForm; soundAt: number } | 'unsure' | 'wrong' {
  const view = new DataView(head.buffer, head.byteOffset, head.length)
  const word = (at: number) => String.fromCharCode(...head.subarray(at, at + 4))
  if (head.length >= 12 && word(8) !== 'WAVE') return 'wrong'
  let form: Omit<PcmForm, 'bytes'> | null = null
  for (let at = 12; at + 8 <= head.length; ) {
    const size = view.getUint32(at + 4, true)
    if (word(at) === 'data') {
      const bytes = size === 0 || size >= LENGTH_UNKNOWN ? Number.POSITIVE_INFINITY : size
      return form === null ? 'wrong' : { form: { ...form, bytes }, soundAt: at + 8 }
    }
    if (word(at) === 'fmt ') {
      if (size < 16) return 'wrong'
      if (at + 8 + size > head.length) return 'unsure'
      form = formOf(view, at + 8, size)
      if (form === null) return 'wrong'
    }
    at += 8 + size + (size % 2)
  }
  return 'unsure'
}

function formOf(view: DataView, at: number, size: number): Omit<PcmForm, 'bytes'> | null {
  const stated = view.getUint16(at, true)
  const tag = stated === EXTENSIBLE && size >= 26 ? view.getUint16(at + 24, true) : stated
  const channels = view.getUint16(at + 2, true)
  const hz = view.getUint32(at + 4, true)
  const isRead = tag === PCM && view.getUint16(at + 14, true) === 16 && isResampled(hz)
  return isRead && (channels === 1 || channels === 2) ? { hz, channels } : null
}

/** Converts samples, in pieces of any length, to µ-law at 8 kHz. */
class Telephone {
  readonly #form: PcmForm
  readonly #resampler
  #left: number
  /** the bytes of a sample that is not complete yet */
  #rest: Uint8Array = new Uint8Array(0)

  constructor(form: PcmForm) {
    this.#form = form
    this.#left = form.bytes
    this.#resampler = createResampler(form.hz, TELEPHONE_HZ)
  }

  push(piece: Uint8Array): Uint8Array {
    const wanted = piece.subarray(0, Math.min(piece.length, this.#left))
    this.#left -= wanted.length
    const bytes = this.#rest.length === 0 ? wanted : joinedBytes([this.#rest, wanted])
    const { channels } = this.#form
    const count = Math.floor(bytes.length / (2 * channels))
    this.#rest = bytes.slice(count * 2 * channels)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const sample = (at: number) => view.getInt16(at * 2, true)
    const samples = Int16Array.from({ length: count }, (_, at) =>
      channels === 1 ? sample(at) : (sample(at * 2) + sample(at * 2 + 1)) >> 1,
    )
    const telephone = this.#resampler.push(samples)
    const mulaw = new Uint8Array(telephone.length)
    encodeMulaw(telephone, mulaw)
    return mulaw
  }
}

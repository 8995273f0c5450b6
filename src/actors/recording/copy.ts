/** Copies a recording from the carrier to our files, and reads the copy back before anybody may trust it. */
import { type FileStorage, hexOf } from '../../providers/storage/port.ts'
import type { SoundForm, Telephony } from '../../providers/telephony/port.ts'
import { PeakReader } from '../../sound/peaks.ts'
import type { Stored } from './rows.ts'

const COMPRESSED = 'audio/mpeg'
const TYPES: Record<string, string> = { 'audio/mpeg': COMPRESSED, 'audio/mp3': COMPRESSED }

export type Copy =
  | { is: 'stored'; file: Stored }
  /** the carrier does not give it, or not yet */
  | { is: 'not-there' }
  /** the place for files, or the way to it: it may pass by itself */
  | { is: 'failed'; because: string }

/** The sound of one recording at its carrier. */
interface From {
  telephony: Telephony
  /** the carrier's id */
  recordingId: string
  form: SoundForm
}

/** `keyOf`: the name of a file of this media type */
export async function copySound(from: From, storage: FileStorage, keyOf: (type: string) => string): Promise<Copy> {
  const known = await measured(from)
  if (known === null) return { is: 'not-there' }
  const { answer, bytes, type } = known
  const key = keyOf(type)
  const body = answer.body as ReadableStream<Uint8Array>
  const put = await storage.put({ key, body, bytes, sha256: known.sha256, type })
  if (!put.ok) {
    await body.cancel().catch(() => undefined)
    return { is: 'failed', because: put.failure.kind }
  }
  const copy = await readBack(storage, key, { bytes, type, sha256: put.value.sha256 ?? '' })
  if (copy.is !== 'stored' || type !== COMPRESSED) return copy
  return { is: 'stored', file: { ...copy.file, ...(await pictureOf(from)) } }
}

/** There is no decoder of MP3 here, so the picture is that of the same sound as WAV, which is read and not kept. Without it there is none. */
async function pictureOf({ telephony, recordingId, form }: From): Promise<Partial<Stored>> {
  try {
    const answer = await soundOf({ telephony, recordingId, form: { ...form, format: 'wav' } })
    if (answer === null) return {}
    const length = Number(answer.headers.get('Content-Length') ?? Number.POSITIVE_INFINITY)
    const reader = new PeakReader(length)
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) reader.push(chunk)
    return shownOf(reader)
  } catch {
    return {}
  }
}

interface Source {
  answer: Response
  bytes: number
  type: string
  /** null: nobody has read it yet */
  sha256: string | null
}

/** The carrier's file with its length. Where the carrier does not say the length, the file is read once for it. */
async function measured(from: From): Promise<Source | null> {
  const answer = await soundOf(from)
  if (answer === null) return null
  const [named = ''] = (answer.headers.get('Content-Type') ?? '').split(';')
  const type = TYPES[named.trim()] ?? 'audio/wav'
  const length = answer.headers.get('Content-Length')
  // The length of a body that was packed for the way is not that of the file.
  if (length !== null && !answer.headers.has('Content-Encoding'))
    return { answer, bytes: Number(length), type, sha256: null }
  const read = await digestOf(answer.body as ReadableStream<Uint8Array>)
  const again = await soundOf(from)
  return again === null ? null : { answer: again, bytes: read.bytes, type, sha256: read.sha256 }
}

async function soundOf({ telephony, recordingId, form }: From): Promise<Response | null> {
  const answer = await telephony.recordingSound(recordingId, form)
  if (answer.ok && answer.body !== null) return answer
  await answer.body?.cancel()
  if (answer.status === 404 || answer.status === 410) return null
  throw new Error(`the carrier answered ${answer.status}`)
}

/** The copy counts when its length and hash are those of what the carrier has sent. Its picture is made on the way. */
async function readBack(
  storage: FileStorage,
  key: string,
  sent: { bytes: number; type: string; sha256: string },
): Promise<Copy> {
  const found = await storage.get(key)
  if (!found.ok) return { is: 'failed', because: found.failure.kind }
  const reader = new PeakReader(sent.bytes)
  const { bytes, sha256 } = await digestOf(found.value.body, chunk => reader.push(chunk))
  if (bytes !== sent.bytes || sha256 !== sent.sha256) return { is: 'failed', because: 'another file' }
  return { is: 'stored', file: { key, ...sent, ...shownOf(reader) } }
}

function shownOf(reader: PeakReader): Pick<Stored, 'channels' | 'seconds' | 'peaks'> {
  const picture = reader.picture()
  if (picture === null) return { channels: null, seconds: null, peaks: null }
  return { channels: picture.channels, seconds: Math.round(picture.seconds), peaks: picture.peaks }
}

async function digestOf(
  body: ReadableStream<Uint8Array>,
  see: (chunk: Uint8Array) => void = () => undefined,
): Promise<{ bytes: number; sha256: string }> {
  const digest = new crypto.DigestStream('SHA-256')
  // Whoever reads the stream is told of what breaks it.
  digest.digest.catch(() => undefined)
  const hash = digest.getWriter()
  let bytes = 0
  try {
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array<ArrayBuffer>>) {
      bytes += chunk.length
      see(chunk)
      await hash.write(chunk)
    }
  } catch (error) {
    await hash.abort().catch(() => undefined)
    throw error
  }
  await hash.close()
  return { bytes, sha256: hexOf(await digest.digest) }
}

/** The sound of a message: copied from the carrier to our files, turned into words, and deleted in both places. */
import { type FileStorage, sha256Of } from '../../providers/storage/port.ts'
import type { Telephony } from '../../providers/telephony/port.ts'
import type { Heard, Transcriber, Transcription } from '../../providers/transcription/port.ts'
import { encodeMulaw } from '../../sound/mulaw.ts'
import { at8k, type Wav } from '../../sound/wav-reading.ts'

/** Three minutes on two channels are 5.8 MB. */
const SOUND_BYTES_MAX = 12 * 1024 * 1024
/** Words are waited for so long after the last sound. */
const WORDS_MS = 60_000
const HZ = 8_000
/** One second at a time is given to the transcriber. */
const CHUNK = HZ
const TEXT_CHARS_MAX = 8_000

/** Null: the carrier has no sound of it, or not yet. */
export async function fetchSound(telephony: Telephony, recordingId: string): Promise<Uint8Array | null> {
  const answer = await telephony.recordingSound(recordingId)
  if (!answer.ok) {
    await answer.body?.cancel()
    return null
  }
  const length = Number(answer.headers.get('Content-Length') ?? 0)
  if (length > SOUND_BYTES_MAX) throw new Error('the recording is too large')
  const bytes = new Uint8Array(await answer.arrayBuffer())
  if (bytes.length > SOUND_BYTES_MAX) throw new Error('the recording is too large')
  return bytes
}

/** The key has the day, the workspace and the entry, of which no other can be made. */
export function keyOf(workspaceId: string, entryId: string, atMs: number): string {
  const day = new Date(atMs).toISOString().slice(0, 10)
  return `recordings-${workspaceId}/${day}/${entryId.replaceAll('~', '_')}.wav`
}

/** Throws when the place for files does not take it. */
export async function keepSound(storage: FileStorage, key: string, body: Uint8Array): Promise<void> {
  const file = { key, body, bytes: body.length, sha256: await sha256Of(body), type: 'audio/wav' }
  const kept = await storage.put(file)
  if (!kept.ok) throw new Error(`the recording was not stored: ${kept.failure.kind}`)
}

/** The words of a message; empty: none were heard. Rejects when the provider fails. */
export async function wordsOf(transcription: Transcription, wav: Wav, language: string): Promise<string> {
  // A timer that goes on after the answer would keep the object awake.
  const over = new AbortController()
  const timer = setTimeout(() => over.abort(), WORDS_MS)
  const finals: string[] = []
  const settled = Promise.withResolvers<void>()
  const failed = () => settled.reject(new Error('the transcription ended'))
  over.signal.addEventListener('abort', failed)
  const hear = (event: Heard) => {
    if (event.type === 'words' && event.final) finals.push(event.text.trim())
    if (event.type === 'settled') settled.resolve()
    if (event.type === 'failed') failed()
  }
  // It may fail before anybody waits for it.
  settled.promise.catch(() => undefined)
  let transcriber: Transcriber | null = null
  try {
    transcriber = await transcription.open({ language, hints: [] }, hear, over.signal)
    const samples = at8k(wav)
    transcriber.began(0)
    for (let from = 0; from < samples.length; from += CHUNK) {
      const some = samples.subarray(from, from + CHUNK)
      const bytes = new Uint8Array(some.length)
      encodeMulaw(some, bytes)
      transcriber.send(bytes)
    }
    transcriber.settle()
    await settled.promise
  } finally {
    clearTimeout(timer)
    transcriber?.close()
  }
  return finals
    .filter(text => text !== '')
    .join(' ')
    .slice(0, TEXT_CHARS_MAX)
}

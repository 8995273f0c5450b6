/** The words of one channel of a piece of a recording, by the port of transcription. */
import type { TranscriptLine } from '../../core/recording/transcript.ts'
import type { Heard, Transcriber, Transcription } from '../../providers/transcription/port.ts'
import { encodeMulaw } from '../../sound/mulaw.ts'
import { stretchesOf } from '../../sound/stretches.ts'
import { at8k } from '../../sound/wav-reading.ts'

const HZ = 8_000
/** One second at a time is given to the transcriber. */
const CHUNK = HZ
/** The words of one stretch are waited for so long. */
const WORDS_MS = 30_000
/** A stretch has 20 s; nobody says more in it. */
const TEXT_CHARS_MAX = 2_000

export interface Piece {
  samples: Int16Array
  hz: number
  /** of the recording, at which the piece begins */
  atMs: number
  side: number
}

/** One line for each stretch with words, by time. Rejects when the provider fails or does not answer. */
export async function linesOf(transcription: Transcription, piece: Piece, language: string): Promise<TranscriptLine[]> {
  const samples = at8k(piece)
  const stretches = stretchesOf(samples, HZ)
  // A connection costs money, and silence has no words.
  if (stretches.length === 0) return []
  const over = new AbortController()
  let finals: string[] = []
  let settled = Promise.withResolvers<void>()
  const failed = () => settled.reject(new Error('the transcription ended'))
  over.signal.addEventListener('abort', failed)
  const hear = (event: Heard) => {
    if (event.type === 'words' && event.final) finals.push(event.text.trim())
    if (event.type === 'settled') settled.resolve()
    if (event.type === 'failed') failed()
  }
  // It may fail before anybody waits for it.
  settled.promise.catch(() => undefined)
  let timer = setTimeout(() => over.abort(), WORDS_MS)
  let transcriber: Transcriber | null = null
  const lines: TranscriptLine[] = []
  try {
    transcriber = await transcription.open({ language, hints: [] }, hear, over.signal)
    for (const { from, to } of stretches) {
      clearTimeout(timer)
      timer = setTimeout(() => over.abort(), WORDS_MS)
      send(transcriber, samples.subarray(from, to))
      await settled.promise
      const text = finals.filter(some => some !== '').join(' ')
      const ms = (sample: number) => Math.round(piece.atMs + (sample * 1_000) / HZ)
      if (text !== '')
        lines.push({ side: piece.side, startMs: ms(from), endMs: ms(to), text: text.slice(0, TEXT_CHARS_MAX) })
      finals = []
      settled = Promise.withResolvers<void>()
      settled.promise.catch(() => undefined)
    }
  } finally {
    clearTimeout(timer)
    transcriber?.close()
  }
  return lines
}

function send(transcriber: Transcriber, samples: Int16Array): void {
  transcriber.began(0)
  for (let from = 0; from < samples.length; from += CHUNK) {
    const some = samples.subarray(from, from + CHUNK)
    const bytes = new Uint8Array(some.length)
    encodeMulaw(some, bytes)
    transcriber.send(bytes)
  }
  transcriber.settle()
}

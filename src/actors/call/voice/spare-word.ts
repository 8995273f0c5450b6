/**
 * "One moment, please." in another voice, for a conversation whose only model may hang. It is made once, before it is needed, and
 * kept for all calls of this isolate. It is missing if no such voice is set up, or if that voice fails.
 */
import type { Speech } from '../../../providers/speech/port.ts'
import { spokenBytes } from './spoken-bytes.ts'

/** Recordings that are kept: one per language and phrase. */
const KEPT_MAX = 50
/** Longest recording: six seconds. */
const BYTES_MAX = 48_000

const kept = new Map<string, Uint8Array>()

export type SpareWord = () => { text: string; mulaw: Uint8Array } | null

/** `speech` null: no other voice is set up. The recording is started at once and not awaited; a failure leaves it missing. */
export function keptSpareWord(speech: Speech | null, text: string, language: string, signal: AbortSignal): SpareWord {
  const key = `${language} ${text}`
  if (speech !== null && text !== '' && !kept.has(key)) make(speech, text, language, signal).then(put, () => {})
  function put(mulaw: Uint8Array | null): void {
    if (mulaw === null || mulaw.length === 0) return
    kept.set(key, mulaw)
    const [oldest] = kept.keys()
    if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest)
  }
  return () => {
    const mulaw = kept.get(key)
    return mulaw === undefined ? null : { text, mulaw }
  }
}

async function make(speech: Speech, text: string, language: string, signal: AbortSignal): Promise<Uint8Array | null> {
  const speaker = await speech.open({ voice: '', language }, signal)
  try {
    const mulaw = await spokenBytes(speaker, text, BYTES_MAX, signal)
    // An aborted recording is incomplete.
    return signal.aborted ? null : mulaw
  } finally {
    speaker.close()
  }
}

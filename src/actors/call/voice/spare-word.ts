/**
 * "One moment, please." in the workspace's other voice, for a conversation whose one model may hang: made once, kept for all
 * calls of this isolate, and there before it is needed. Without such a voice (or while it fails) it is not there.
 */
import type { Speech } from '../../../providers/speech/port.ts'
import { spokenBytes } from './spoken-bytes.ts'

/** Languages and own phrases of agents. */
const KEPT_MAX = 50
/** Six seconds: longer is no word. */
const BYTES_MAX = 48_000

const kept = new Map<string, Uint8Array>()

export type SpareWord = () => { text: string; mulaw: Uint8Array } | null

/** `speech` null: no other voice is set up. The word is asked for at once; nobody waits for it, and its failure is nobody's. */
export function spareWord(speech: Speech | null, text: string, language: string, signal: AbortSignal): SpareWord {
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
    // Who was given up has said only a part of it.
    return signal.aborted ? null : mulaw
  } finally {
    speaker.close()
  }
}

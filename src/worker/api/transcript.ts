/** What was said in a recording, for the API: rows while it is being written down, then a file. */
import type { Env } from '../../actors/env.ts'
import type { TranscriptRefusal } from '../../actors/recording/contract.ts'
import { stubFor } from '../../actors/stubs.ts'
import type { TranscriptLine } from '../../core/recording/transcript.ts'
import { storageOf } from '../../providers/registry.ts'
import type { RecordingTranscript } from '../../wire/recording.ts'
import { Refusal } from '../problem.ts'

export const NO_TRANSCRIPT: Record<TranscriptRefusal, string> = {
  'no-sound': 'No sound of this recording is stored here, so it cannot be written down.',
  compressed: 'This recording is stored as MP3. Only recordings that are stored as WAV can be written down.',
  'no-service': 'No speech service is set up, so nothing can be written down.',
}

/** Throws 503 when the file cannot be read now. */
export async function transcriptFor(env: Env, workspaceId: string, recordingId: string): Promise<RecordingTranscript> {
  const known = await stubFor(env, 'recording', workspaceId).transcriptOf(recordingId)
  if (known === null) return { status: 'none', language: '', cut: false, lines: [] }
  const { status, language, cut, fileKey } = known
  const lines = fileKey === null ? known.lines : await linesIn(env, fileKey)
  return { status, language, cut, lines: lines.map(lineOf) }
}

async function linesIn(env: Env, key: string): Promise<TranscriptLine[]> {
  const file = await storageOf(env)?.get(key)
  if (!file?.ok) throw new Refusal(503, 'The transcript cannot be read now. Try again in a moment.')
  const { lines } = await new Response(file.value.body).json<{ lines: TranscriptLine[] }>()
  return lines
}

function lineOf({ side, startMs, endMs, text }: TranscriptLine): RecordingTranscript['lines'][number] {
  return { side, start_ms: startMs, end_ms: endMs, text }
}

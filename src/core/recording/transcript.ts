/** The transcript of a recording: its states, its limits, and the pace of its tries. */

/**
 * `waiting`: for the sound, or for its turn; `progressing`: lines come; `done`: all of it is written down; `failed`: nobody tries any more, until somebody
 * asks again
 */
export const TRANSCRIPT_STATUSES = ['waiting', 'progressing', 'done', 'failed'] as const
export type TranscriptStatus = (typeof TRANSCRIPT_STATUSES)[number]

/** So much sound is written down at a time; what is done is never done again. */
export const PIECE_SECONDS = 30
/** More than ten hours of talk; then it ends and says so. */
export const TEXT_CHARS_MAX = 600_000
export const LINES_MAX = 8_000

/** Between two tries of one piece. */
const WAITS_MS = [5_000, 30_000, 120_000, 600_000, 3_600_000]
/** Null: nobody tries any more. */
export function transcriptWaitMs(tries: number): number | null {
  return WAITS_MS[tries] ?? null
}

/** One thing that somebody says. */
export interface TranscriptLine {
  /** channel of the recording, counted from 1 */
  side: number
  startMs: number
  endMs: number
  text: string
}

/** By time; of two that begin together the first side is first. */
export function byTime(lines: readonly TranscriptLine[]): TranscriptLine[] {
  return lines.toSorted((one, other) => one.startMs - other.startMs || one.side - other.side)
}

/** The name of the file of a transcript, beside that of its sound. */
export function transcriptKey(folder: string, recordingId: string): string {
  return `${folder}${recordingId}.json`
}

/** A recording in words, and its picture as a line. */

import type { RecordingFlow, RecordingTranscript } from '../../../wire/recording.ts'
import { clockText, stampText } from '../../desk/time.ts'
import type { Recording } from './recording-api.ts'

/** Null: it can be heard. */
export function stateWords({ status, deleted_because, tm_delete }: Recording): string | null {
  const when = tm_delete === null ? '' : ` on ${stampText(Date.parse(tm_delete), true)}`
  switch (status) {
    case 'initiating':
      return 'The carrier is asked to record.'
    case 'processing':
      return 'The carrier is recording, or makes the file.'
    case 'uploading':
      return 'The file is being copied. It can be heard in a moment.'
    case 'absent':
      return 'Nothing was heard, so there is no recording.'
    case 'failed':
      return 'The carrier did not give the recording.'
    case 'expired':
      return deleted_because === 'days'
        ? `It was deleted${when}: recordings are kept for so many days only.`
        : `It was deleted${when}.`
    case 'available':
      return null
  }
}

/** How long it is kept; null: nothing is to be said. */
export function keptWords({ legal_hold, held_by, tm_expire }: Recording): string | null {
  if (legal_hold) return `Under legal hold, set by ${held_by}: it is kept whatever its age.`
  return tm_expire === null ? null : `Kept until ${stampText(Date.parse(tm_expire), true)}.`
}

/** As it is saved on somebody's computer. */
export function fileName({ id, media_type }: Recording): string {
  return `${id}.${media_type === 'audio/mpeg' ? 'mp3' : 'wav'}`
}

export function lengthWords({ seconds }: Recording): string {
  return seconds === null ? '' : clockText(seconds * 1_000)
}

/** How far the flow is that has begun with a recording. */
export function flowWords({ status, end_reason, because }: RecordingFlow): string {
  if (status !== 'ended') return 'Its flow runs.'
  return end_reason === 'failed' ? `Its flow has failed: ${because}.` : 'Its flow has run.'
}

/** Of a recording with two channels: the leg that was recorded, and whom it spoke with. */
export const SIDES = ['First side', 'Second side']

/** What there is of a transcript. */
export function transcriptWords({ status, lines, cut }: RecordingTranscript, { media_type }: Recording): string {
  switch (status) {
    case 'none':
      return media_type === 'audio/wav'
        ? 'What was said is not written down.'
        : 'What was said is not written down: only recordings that are stored as WAV can be.'
    case 'waiting':
      return 'It is going to be written down.'
    case 'progressing':
      return 'It is being written down …'
    case 'failed':
      return 'It could not be written down: the speech service did not answer.'
    case 'done':
      if (lines.length === 0) return 'No words were heard.'
      return cut
        ? 'What was said. It was too long, so its end is missing.'
        : 'What was said. A line plays it from there.'
  }
}

/** Nothing at all was recorded for so long: somebody has paused it, or a line was dead. */
const SILENT_SECONDS_MIN = 1

/** Stretches of digital silence on every side, as parts of the whole, from 0 to 1. */
export function silences(channels: readonly number[][], seconds: number): { from: number; to: number }[] {
  const pieces = channels[0]?.length ?? 0
  const found: { from: number; to: number }[] = []
  let from: number | null = null
  for (let at = 0; at <= pieces; at += 1) {
    const silent = at < pieces && channels.every(side => side[at] === 0)
    if (silent) from ??= at
    else if (from !== null) {
      if (((at - from) * seconds) / pieces >= SILENT_SECONDS_MIN) found.push({ from: from / pieces, to: at / pieces })
      from = null
    }
  }
  return found
}

/** The outline of one side in a box of `pieces` by 100, above and below its middle; what is digitally silent is a thin line. */
export function outline(side: readonly number[]): string {
  const height = (peak: number) => (Math.sqrt(peak / 255) * 48).toFixed(1)
  return side.map((peak, at) => `M${at + 0.5} ${50 - Number(height(peak))}V${50 + Number(height(peak))}`).join('')
}

/** The life of a recording as a resource: from the moment before the carrier is asked to the end of its days. Rows without a machine (`src/actors/recording`). */
import { isOwnRecording } from '../ids.ts'

/**
 * `initiating`: the carrier is asked to record, and has not told of it yet; `processing`: the carrier records, or makes the file; `uploading`: the file is there and we copy it; `available`: it can be heard;
 * `expired`: its sound is deleted; `absent`: the carrier heard nothing; `failed`: the carrier has not given it
 */
export const RECORDING_STATUSES = [
  'initiating',
  'processing',
  'uploading',
  'available',
  'expired',
  'failed',
  'absent',
] as const
export type RecordingStatus = (typeof RECORDING_STATUSES)[number]

/** Days that a workspace keeps its recordings, until it says otherwise. */
export const RECORDING_DAYS = 90
const DAY_MS = 24 * 3_600_000

/** What follows from a word of the carrier; words may be lost, come twice, or overtake each other. Null: nothing. */
export function afterWord(known: RecordingStatus | null, word: string): RecordingStatus | null {
  const said = meaning(word)
  if (known === null || known === 'initiating') return said
  if (known === 'processing') return said === 'processing' ? null : said
  // The file came after all.
  if ((known === 'absent' || known === 'failed') && said === 'uploading') return said
  return null
}

function meaning(word: string): RecordingStatus {
  switch (word) {
    case 'completed':
      return 'uploading'
    case 'absent':
      return 'absent'
    case 'failed':
      return 'failed'
    default:
      return 'processing'
  }
}

/** Between two tries of one step; the last one is repeated for as long as the step is owed. */
const WAITS_MS = [2_000, 5_000, 15_000, 60_000, 300_000, 900_000, 1_800_000]
/** A file that the carrier says it has and does not give is asked for this often, which is more than a day. */
export const ASKS_MAX = 56

export function waitMs(tries: number): number {
  return WAITS_MS[Math.min(tries, WAITS_MS.length - 1)] ?? 0
}

/** A call that goes on is looked at again so much later. */
export const LIVE_LOOK_MS = 300_000
/** The carrier is asked about the recordings of a call that is over, one time after another. */
const LOOKS_MS = [20_000, 60_000, 300_000, 600_000, 1_800_000]
export const LOOKS_MAX = 60
export function lookMs(looks: number): number {
  return LOOKS_MS[Math.min(looks, LOOKS_MS.length - 1)] ?? 0
}

/** When a recording of this time is deleted. */
export function expiresAt(atMs: number, days: number): number {
  return atMs + days * DAY_MS
}

/** One file for each recording: the same name however often it is written. `day`: the one on which we first heard of it. */
export function fileKey(workspaceId: string, atMs: number, recordingId: string, type: string): string {
  const ending = type === 'audio/mpeg' ? 'mp3' : 'wav'
  return `${dayFolder(workspaceId, atMs)}${recordingId}.${ending}`
}

export function dayFolder(workspaceId: string, atMs: number): string {
  return `recordings-${workspaceId}/${new Date(atMs).toISOString().slice(0, 10)}/`
}

/** Is this an id that a file may be named by? Ids of recordings are ours or the carrier's. */
export function isRecordingId(text: string): boolean {
  return isOwnRecording(text) || /^[A-Za-z0-9_-]{1,64}$/.test(text)
}

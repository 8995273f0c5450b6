/** What a workspace decides about its recordings. */
import { RECORDING_DAYS } from './life.ts'

export const RECORDING_FORMATS = ['wav', 'mp3'] as const
export type RecordingFormat = (typeof RECORDING_FORMATS)[number]
/** Which recordings are written down without being asked for. */
export const TRANSCRIPT_RULES = ['none', 'all'] as const
export type TranscriptRule = (typeof TRANSCRIPT_RULES)[number]

export interface RecordingPolicy {
  /** they are kept so long */
  days: number
  /** of the stored file: `wav` as it was recorded, or `mp3`, compressed, as the carrier gives it */
  format: RecordingFormat
  /** 2: each side has its own; 1: both sides are mixed */
  channels: 1 | 2
  transcripts: TranscriptRule
}
export const USUAL_POLICY: RecordingPolicy = { days: RECORDING_DAYS, format: 'wav', channels: 2, transcripts: 'none' }

/** The same among the settings of a workspace. */
export interface RecordingSettings {
  recordingDays: number
  recordingFormat: RecordingFormat
  recordingChannels: 1 | 2
  recordingTranscripts: TranscriptRule
}

export function policyOf(settings: RecordingSettings): RecordingPolicy {
  return {
    days: settings.recordingDays,
    format: settings.recordingFormat,
    channels: settings.recordingChannels,
    transcripts: settings.recordingTranscripts,
  }
}

export function settingsOf({ days, format, channels, transcripts }: RecordingPolicy): RecordingSettings {
  return {
    recordingDays: days,
    recordingFormat: format,
    recordingChannels: channels,
    recordingTranscripts: transcripts,
  }
}

/** The field that is in the way, and why; null: nothing is. There is no decoder here, so only what is stored as WAV can be written down. */
export function faultOfPolicy({ format, transcripts }: RecordingPolicy): { field: 'transcripts'; why: string } | null {
  if (format !== 'mp3' || transcripts === 'none') return null
  return { field: 'transcripts', why: 'recordings that are stored as MP3 cannot be written down; store them as WAV' }
}

import type { Target } from './world.ts'

/** What leaves and enters the network besides calls: Media Streams, recordings, relays, transcriptions. */

export const STREAMS_KEPT_MAX = 5_000
/** Copies of a call's sound at one time: https://www.twilio.com/docs/voice/media-streams */
export const FORKS_MAX = 4

export type StreamTrack = 'inbound_track' | 'outbound_track' | 'both_tracks'

export interface MediaStream {
  sid: string
  callSid: string
  name: string
  url: string
  track: StreamTrack
  /** of a `<Connect>`: the program speaks too */
  bidirectional: boolean
  status: 'in-progress' | 'stopped'
  /** the socket is open and `start` is sent */
  opened: boolean
  callback: Target | null
  parameters: Record<string, string>
  createdAt: number
  updatedAt: number
}

export interface Media {
  /** by SID */
  streams: Map<string, MediaStream>
}

export function noMedia(): Media {
  return { streams: new Map() }
}

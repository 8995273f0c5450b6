/** Recordings as the pages of calls and conferences ask for them. */
import { useQuery } from '@tanstack/react-query'
import type { Recording } from '../../../wire/recording.ts'
import { ask } from '../../api.ts'

export type { Recording }

export const RECORDINGS = 'recordings'
export const TRANSCRIPTS = 'transcripts'
/** What is on its way is looked at again this often. */
const LOOK_MS = 2_000
/** An address is good for an hour; before that another one is asked for. */
const FRESH_MS = 50 * 60_000

/** Those of a call and the messages that its caller left, the oldest first, with those whose sound is deleted. `over`: no other comes, unless the first one is `awaited`. */
export function useRecordings(callId: string, over: boolean, awaited: boolean) {
  return useQuery({
    queryKey: [RECORDINGS, 'call', callId],
    queryFn: async () => {
      const { items } = await ask('GET /v1.0/recordings', {
        query: { call_id: callId, expired: 'true', limit: 20 },
      })
      return items.reverse()
    },
    staleTime: 0,
    refetchInterval: ({ state: { data = [] } }) =>
      !over || data.some(isOnItsWay) || (awaited && data.length === 0) ? LOOK_MS : false,
  })
}

/** Those of a conference, the newest first. While it is on, another one may come. */
export function useConferenceRecordings(conferenceId: string, enabled: boolean, on: boolean) {
  return useQuery({
    queryKey: [RECORDINGS, 'conference', conferenceId],
    enabled,
    queryFn: async () => {
      const { items } = await ask('GET /v1.0/recordings', {
        query: { reference_id: conferenceId, type: 'conference', expired: 'true', limit: 20 },
      })
      return items
    },
    staleTime: 0,
    refetchInterval: ({ state: { data = [] } }) => (on || data.some(isOnItsWay) ? LOOK_MS : false),
  })
}

function isOnItsWay({ status }: Recording): boolean {
  return status === 'initiating' || status === 'processing' || status === 'uploading'
}

/** Where its sound is, on this server whatever name it is reached by; null: not known yet. `mono`: both sides mixed; null: there is no such file. */
export function useSoundUrl(recordingId: string) {
  return useQuery({
    queryKey: [RECORDINGS, 'sound', recordingId],
    queryFn: async () => {
      const { url, url_mono } = await ask('GET /v1.0/recordings/:recordingId', { params: { recordingId } })
      return url === undefined ? null : { whole: hereOf(url), mono: url_mono === undefined ? null : hereOf(url_mono) }
    },
    staleTime: FRESH_MS,
    refetchInterval: FRESH_MS,
  })
}

function hereOf(url: string): string {
  const { pathname, search } = new URL(url)
  return pathname + search
}

/** What was said in it; it is looked at again while it is being written down. */
export function useTranscript(recordingId: string) {
  return useQuery({
    queryKey: [TRANSCRIPTS, recordingId],
    queryFn: () => ask('GET /v1.0/recordings/:recordingId/transcript', { params: { recordingId } }),
    staleTime: 0,
    refetchInterval: ({ state: { data } }) =>
      data?.status === 'waiting' || data?.status === 'progressing' ? LOOK_MS : false,
  })
}

/** Null: there is no picture of it. */
export function usePeaks({ id: recordingId, type }: Recording) {
  return useQuery({
    queryKey: [RECORDINGS, 'peaks', recordingId],
    // Messages of callers have no picture.
    enabled: type !== 'voicemail',
    queryFn: async () => {
      const answer = await ask('GET /v1.0/recordings/:recordingId/peaks', { params: { recordingId } }).catch(() => null)
      return answer?.channels ?? null
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
}

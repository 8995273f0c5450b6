/** Conferences by name, as their pages and the desk use them. */
import type { Conference, ConferenceCall } from '../../../wire/conference.ts'
import { ask } from '../../api.ts'

export type { Conference, ConferenceCall }

export const getConferences = () => ask('GET /v1.0/conferences', { query: { limit: 200 } })
export const getConference = (conferenceId: string) =>
  ask('GET /v1.0/conferences/:conferenceId', { params: { conferenceId } })
export const createConference = (name: string, pin: string) => ask('POST /v1.0/conferences', { body: { name, pin } })
export const lockConference = (conferenceId: string, locked: boolean) =>
  ask('PUT /v1.0/conferences/:conferenceId', { params: { conferenceId }, body: { locked } })
export const setRecording = (
  conferenceId: string,
  body: Pick<Conference, 'record' | 'record_notice' | 'on_end_flow_id'>,
) => ask('PUT /v1.0/conferences/:conferenceId', { params: { conferenceId }, body })
export const stopRecording = (conferenceId: string) =>
  ask('POST /v1.0/conferences/:conferenceId/recording_stop', { params: { conferenceId } })
export const endConference = (conferenceId: string) =>
  ask('POST /v1.0/conferences/:conferenceId/end', { params: { conferenceId } })
export const deleteConference = (conferenceId: string) =>
  ask('DELETE /v1.0/conferences/:conferenceId', { params: { conferenceId } })
/** The conference that this agent is in by a call of their own. */
export const getOwnConference = () => ask('GET /api/desk/conference')

export const getParticipants = (conferenceId: string) =>
  ask('GET /v1.0/conferencecalls', { query: { conference_id: conferenceId } })
const params = (conferencecallId: string) => ({ params: { conferencecallId } })
export const mute = (id: string, on: boolean) =>
  on
    ? ask('POST /v1.0/conferencecalls/:conferencecallId/mute', params(id))
    : ask('DELETE /v1.0/conferencecalls/:conferencecallId/mute', params(id))
export const hold = (id: string, on: boolean) =>
  on
    ? ask('POST /v1.0/conferencecalls/:conferencecallId/hold', params(id))
    : ask('DELETE /v1.0/conferencecalls/:conferencecallId/hold', params(id))
export const takeOut = (id: string) => ask('DELETE /v1.0/conferencecalls/:conferencecallId', params(id))
export const record = (callId: string, on: boolean) =>
  on
    ? ask('POST /v1.0/calls/:callId/recording_start', { params: { callId }, body: {} })
    : ask('POST /v1.0/calls/:callId/recording_stop', { params: { callId } })

export const liveKey = (conferenceId: string) => ['conference-calls', conferenceId]
/** Null: anything may have changed. */
export const keysOf = (of: string | null) =>
  of === null ? [['conference-calls'], ['conference']] : [liveKey(of), ['conference', of]]

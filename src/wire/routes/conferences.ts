/** Rows of conferences by name, and of who is in them. Each is at the root as well, under VoIPBIN's names. */
import { z } from 'zod'
import { listOf } from '../api.ts'
import { conference, conferenceBody, conferenceCall, conferenceChange, conferenceSummary } from '../conference.ts'
import { conferencePages, done } from './pages.ts'
import type { Rows } from './row.ts'

const read = { role: 'agent', scope: 'conferences:read' } as const
const write = { role: 'supervisor', scope: 'conferences:write' } as const

export const conferenceRoutes = {
  'GET /v1.0/conferences': {
    who: read,
    summary: 'The conferences of the workspace.',
    query: conferencePages.query,
    gives: 'json',
    answer: listOf(conferenceSummary),
  },
  'POST /v1.0/conferences': {
    who: write,
    summary: 'A new conference. Its name is nobody else’s: a flow may join it by name.',
    body: conferenceBody,
    gives: 'json',
    status: 201,
    creates: true,
    answer: conference,
  },
  'GET /v1.0/conferences/:conferenceId': {
    who: read,
    summary: 'A conference now, with those who are in it.',
    gives: 'json',
    answer: conference,
  },
  'PUT /v1.0/conferences/:conferenceId': {
    who: write,
    summary: 'Changes what is named, for those who come from now on.',
    body: conferenceChange,
    gives: 'json',
    answer: conference,
  },
  'DELETE /v1.0/conferences/:conferenceId': {
    who: write,
    summary: 'Ends a conference. The flows of those who are in it go on.',
    gives: 'json',
    answer: done,
  },
  'POST /v1.0/conferences/:conferenceId/end': {
    who: write,
    summary: 'Everybody in the conference leaves, and their flows go on. It stays: whoever comes later is let in.',
    gives: 'json',
    status: 202,
    answer: done,
  },
  'POST /v1.0/conferences/:conferenceId/recording_start': {
    who: write,
    summary:
      'Answers 409 with the way to go: the carrier records a conference from its beginning, by its setting `record`, or not at all.',
    gives: 'json',
    status: 202,
    answer: done,
  },
  'POST /v1.0/conferences/:conferenceId/recording_stop': {
    who: write,
    summary: 'Ends the recording of a conference that goes on; what was recorded is kept.',
    gives: 'json',
    status: 202,
    answer: done,
  },
  'GET /v1.0/conferencecalls': {
    who: read,
    summary:
      'Everybody in one conference. Names and numbers are for supervisors, and for an agent who is in it by a call of their own.',
    query: z.object({ conference_id: z.string().min(1).max(120) }),
    gives: 'json',
    answer: listOf(conferenceCall),
  },
  'GET /v1.0/conferencecalls/:conferencecallId': {
    who: read,
    summary: 'One participant.',
    gives: 'json',
    answer: conferenceCall,
  },
  'DELETE /v1.0/conferencecalls/:conferencecallId': {
    who: write,
    summary: 'Takes somebody out of the conference; their flow goes on.',
    gives: 'json',
    status: 202,
    answer: done,
  },
  'POST /v1.0/conferencecalls/:conferencecallId/mute': {
    who: write,
    summary: 'The participant is not heard.',
    gives: 'json',
    status: 202,
    answer: done,
  },
  'DELETE /v1.0/conferencecalls/:conferencecallId/mute': {
    who: write,
    summary: 'The participant is heard again.',
    gives: 'json',
    status: 202,
    answer: done,
  },
  'POST /v1.0/conferencecalls/:conferencecallId/hold': {
    who: write,
    summary: 'The participant hears music and is not heard.',
    gives: 'json',
    status: 202,
    answer: done,
  },
  'DELETE /v1.0/conferencecalls/:conferencecallId/hold': {
    who: write,
    summary: 'The participant is back in the conversation.',
    gives: 'json',
    status: 202,
    answer: done,
  },
} as const satisfies Rows

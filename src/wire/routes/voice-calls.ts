/** Rows of the voice API about calls (S1-4 … S1-10). */
import { z } from 'zod'
import { listOf } from '../api.ts'
import {
  groupcall,
  placedCalls,
  talkBody,
  transferBody,
  voiceCall,
  voiceCallBody,
  voiceCallRow,
} from '../voice-call.ts'
import { done, page } from './pages.ts'
import type { Rows } from './row.ts'

export const voiceCallRoutes = {
  'POST /v1.0/calls': {
    who: { role: 'supervisor', scope: 'calls:write' },
    summary:
      'Calls a number, or a member of the team (type `agent`) at their phone, and runs a flow, or these actions, when it answers. The answer ' +
      'comes before it rings. Several numbers ring at once, and the first who answers gets the flow. With a destination of type ' +
      '`conference` the source is called (a number or a member of the team) and joins it; it takes no flow.',
    body: voiceCallBody,
    gives: 'json',
    status: 201,
    creates: true,
    answer: placedCalls,
  },
  'GET /v1.0/calls': {
    who: { role: 'agent', scope: 'calls:read' },
    summary: 'Calls, the newest first; an agent’s are their own. A page may be short and have a `next` all the same.',
    query: page,
    gives: 'json',
    answer: listOf(voiceCallRow),
  },
  'GET /v1.0/calls/:callId': {
    who: { role: 'agent', scope: 'calls:read' },
    summary: 'A call with its flow; an agent reads their own.',
    gives: 'json',
    answer: voiceCall,
  },
  'POST /v1.0/calls/:callId/hangup': {
    who: { role: 'supervisor', scope: 'calls:write' },
    summary: 'Ends a call. It may be repeated.',
    gives: 'json',
    status: 202,
    answer: done,
  },
  'POST /v1.0/calls/:callId/transfer': {
    who: { role: 'agent', scope: 'calls:write' },
    summary:
      'Hands the person over whom an agent talks with. They stay with the agent, on hold, until the target has said yes; an agent hands ' +
      'over their own. With the kind `attended` the agent speaks with the target first. What comes of it is in the events of the call.',
    body: transferBody,
    gives: 'json',
    status: 202,
    answer: done,
  },
  'POST /v1.0/calls/:callId/takeback': {
    who: { role: 'agent', scope: 'calls:write' },
    summary: 'Takes the person back while it rings at the target.',
    gives: 'json',
    status: 202,
    answer: done,
  },
  'POST /v1.0/calls/:callId/hold': {
    who: { role: 'supervisor', scope: 'calls:write' },
    summary:
      'The person hears music until the hold ends. Whom an agent talks with is held in the room, as by the agent.',
    gives: 'json',
    status: 202,
    answer: done,
  },
  'DELETE /v1.0/calls/:callId/hold': {
    who: { role: 'supervisor', scope: 'calls:write' },
    summary: 'The hold ends, and what decides the call goes on where it was.',
    gives: 'json',
    status: 202,
    answer: done,
  },
  'POST /v1.0/calls/:callId/moh': {
    who: { role: 'supervisor', scope: 'calls:write' },
    summary: 'The person hears music; the same as a hold, and ended on its own.',
    gives: 'json',
    status: 202,
    answer: done,
  },
  'DELETE /v1.0/calls/:callId/moh': {
    who: { role: 'supervisor', scope: 'calls:write' },
    summary: 'The music ends.',
    gives: 'json',
    status: 202,
    answer: done,
  },
  'POST /v1.0/calls/:callId/silence': {
    who: { role: 'supervisor', scope: 'calls:write' },
    summary: 'The person hears nothing until the silence ends.',
    gives: 'json',
    status: 202,
    answer: done,
  },
  'DELETE /v1.0/calls/:callId/silence': {
    who: { role: 'supervisor', scope: 'calls:write' },
    summary: 'The silence ends.',
    gives: 'json',
    status: 202,
    answer: done,
  },
  'POST /v1.0/calls/:callId/talk': {
    who: { role: 'supervisor', scope: 'calls:write' },
    summary:
      'Says something to the person. What they were hearing begins again after it, and a flow is at the same step.',
    body: talkBody,
    gives: 'json',
    status: 202,
    answer: done,
  },
  'POST /v1.0/calls/:callId/recording_start': {
    who: { role: 'supervisor', scope: 'calls:write' },
    summary:
      'Records both sides, each on a channel of its own, until it is ended or the call is over. `on_end_flow_id`: a flow that begins when the recording is there; it has no call.',
    body: z.object({ on_end_flow_id: z.string().max(100).default('') }).default({ on_end_flow_id: '' }),
    gives: 'json',
    status: 202,
    answer: done,
  },
  'POST /v1.0/calls/:callId/recording_stop': {
    who: { role: 'supervisor', scope: 'calls:write' },
    summary: 'Ends the recording that runs; what was recorded is kept.',
    gives: 'json',
    status: 202,
    answer: done,
  },
  'POST /v1.0/calls/:callId/recording_pause': {
    who: { role: 'agent', scope: 'calls:write' },
    summary:
      'What is said is not recorded until `recording_resume`, as for card data: the recording has silence there. `recording_state` says when the ' +
      'carrier has confirmed it.',
    gives: 'json',
    status: 202,
    answer: done,
  },
  'POST /v1.0/calls/:callId/recording_resume': {
    who: { role: 'agent', scope: 'calls:write' },
    summary: 'What is said is recorded again.',
    gives: 'json',
    status: 202,
    answer: done,
  },
  'GET /v1.0/calls/:callId/recording_state': {
    who: { role: 'agent', scope: 'calls:read' },
    summary: 'Whether the call is being recorded now.',
    gives: 'json',
    answer: z.object({ state: z.enum(['none', 'recording', 'pausing', 'paused']) }),
  },
  'GET /v1.0/calls/:callId/media_stream': {
    who: { key: 'calls:listen' },
    summary:
      'A WebSocket with the sound of both sides of a call: JSON messages `start`, `media`, `clear` (of an AI agent) and `stop`. Send anything ' +
      'every two seconds, or sound is dropped, and after a while the socket closed with 1013. Closed with 1011: the carrier does not give the ' +
      'sound. 409: the call is over, or nobody has answered it.',
    gives: 'socket',
  },
  'GET /v1.0/groupcalls/:groupcallId': {
    who: { role: 'supervisor', scope: 'calls:read' },
    summary: 'Several numbers that were called at once, and who has answered.',
    gives: 'json',
    answer: groupcall,
  },
  'POST /v1.0/groupcalls/:groupcallId/hangup': {
    who: { role: 'supervisor', scope: 'calls:write' },
    summary: 'Ends every call of a group call. It may be repeated.',
    gives: 'json',
    status: 202,
    answer: done,
  },
} as const satisfies Rows

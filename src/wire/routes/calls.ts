/** Rows of calls: the log, what was recorded and said, and what a person may do to a call of an AI agent. */
import { z } from 'zod'
import { callDetail, callFilters, callRow, eventPage, listOf } from '../api.ts'
import { conversation } from '../conversation.ts'
import { callInspection } from '../inspection.ts'
import { done, page } from './pages.ts'
import type { Rows } from './row.ts'

const words = z.object({ text: z.string().trim().min(1).max(600) })

/** An agent reads the calls that are or were their own, a supervisor all. */
export const callRoutes = {
  'GET /api/calls': {
    who: { role: 'agent', scope: 'calls:read' },
    summary: 'The call log, newest first. A page may be short and have a `next` all the same.',
    query: page.extend(callFilters.shape),
    gives: 'json',
    answer: listOf(callRow),
  },
  'GET /api/calls.csv': {
    who: { role: 'agent', scope: 'calls:read' },
    summary: 'The same as a table for a spreadsheet, up to the 10,000 newest calls that the filters let through.',
    query: callFilters,
    gives: 'text',
    mediaType: 'text/csv',
  },
  'GET /api/calls/:callId': {
    who: { role: 'agent', scope: 'calls:read' },
    summary: 'One call with its timeline.',
    gives: 'json',
    answer: callDetail,
  },
  'GET /api/calls/:callId/actors': {
    who: { role: 'supervisor', scope: 'events:read' },
    summary: 'Why a call is in its state: what each actor around it has done last, still owes, and waits for.',
    gives: 'json',
    answer: callInspection,
  },
  'GET /api/events': {
    who: { role: 'supervisor', scope: 'events:read' },
    summary: 'Everything that happens in the workspace, in order and without gaps. `types` is a list with commas.',
    query: page.extend({ types: z.string().max(2_000).optional() }),
    gives: 'json',
    answer: eventPage,
  },
  'GET /api/calls/:callId/recording.wav': {
    who: { role: 'agent', scope: 'recordings:read' },
    summary: 'What was recorded of a call, as the carrier keeps it.',
    gives: 'bytes',
    mediaType: 'audio/wav',
  },
  'GET /api/calls/:callId/conversation': {
    who: { role: 'agent', scope: 'calls:read' },
    summary: 'What was said, with times, confidence, latencies and interruptions.',
    gives: 'json',
    answer: conversation,
  },
  'GET /api/calls/:callId/log.txt': {
    who: { role: 'agent', scope: 'calls:read' },
    summary: 'The same conversation as the text of the seed documents.',
    gives: 'text',
    mediaType: 'text/plain',
  },
  'GET /api/calls/:callId/live': {
    who: { role: 'agent' },
    summary: 'A conversation while it is held (WebSocket).',
    gives: 'socket',
  },
  'GET /api/calls/:callId/listen': {
    who: { role: 'supervisor' },
    summary: 'The sound of both sides of an AI agent’s call, while it is held (WebSocket, µ-law).',
    gives: 'socket',
  },
  'POST /api/calls/:callId/whisper': {
    who: { role: 'supervisor' },
    summary: 'A word to the AI agent that the caller does not hear.',
    body: words,
    gives: 'json',
    answer: done,
  },
  'POST /api/calls/:callId/say': {
    who: { role: 'agent' },
    summary: 'Typed instead of spoken, by a person who tries an agent from the browser; a caller is never spoken for.',
    body: words,
    gives: 'json',
    answer: done,
  },
  'POST /api/calls/:callId/take-over': {
    who: { role: 'supervisor' },
    summary:
      'Takes a call over: an agent’s person comes to your line at once, if it is open and free; of an AI agent’s call your desk ' +
      'is asked, and you accept it there.',
    gives: 'json',
    answer: done,
  },
  'POST /api/calls/:callId/hand-back': {
    who: { role: 'agent' },
    summary: 'Gives the call back to its AI agent, which knows what was said before.',
    gives: 'json',
    answer: done,
  },
  'POST /api/calls/:callId/crm-retry': {
    who: { role: 'agent', scope: 'calls:write' },
    summary: 'Files a call in the CRM again that could not be filed.',
    gives: 'json',
    status: 202,
    answer: done,
  },
} as const satisfies Rows

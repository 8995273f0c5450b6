/** Rows of transfers: what one is doing, and the moves of one whose target is asked first. */
import { transfer } from '../voice-call.ts'
import { done } from './pages.ts'
import type { Rows } from './row.ts'

const who = { role: 'agent', scope: 'calls:write' } as const
const moved = { gives: 'json', status: 202, answer: done } as const

export const transferRoutes = {
  'GET /v1.0/transfers/:callId': {
    who: { role: 'agent', scope: 'calls:read' },
    summary: 'The newest transfer of a call, which the id of the call names; an agent reads those of their own calls.',
    gives: 'json',
    answer: transfer,
  },
  'POST /v1.0/transfers/:callId/swap': {
    who,
    summary: 'The agent speaks with the person, and whoever is asked first hears music; or the other way round.',
    ...moved,
  },
  'POST /v1.0/transfers/:callId/merge': {
    who,
    summary: 'The person, the agent and whoever is asked speak together.',
    ...moved,
  },
  'POST /v1.0/transfers/:callId/complete': {
    who,
    summary: 'The agent leaves; the person goes on with whoever was asked.',
    ...moved,
  },
  'POST /v1.0/transfers/:callId/cancel': {
    who,
    summary: 'Whoever is asked leaves; the person is back with the agent. It may be used from the first ring on.',
    ...moved,
  },
} as const satisfies Rows

/** Rows of the people of the team, as those see them who connect calls. Each is at the root as well, under VoIPBIN's names. */
import { z } from 'zod'
import { listOf } from '../api.ts'
import { voiceAgent } from '../voice-agent.ts'
import { teamPages } from './pages.ts'
import type { Rows } from './row.ts'

export const voiceAgentRoutes = {
  'GET /v1.0/agents': {
    who: { role: 'agent', scope: 'members:read' },
    summary: 'The people of the team, and what each is doing now.',
    query: teamPages.query,
    gives: 'json',
    answer: listOf(voiceAgent),
  },
  'GET /v1.0/agents/:userId': {
    who: { role: 'agent', scope: 'members:read' },
    summary: 'One person of the team.',
    gives: 'json',
    answer: voiceAgent,
  },
  'PUT /v1.0/agents/me/status': {
    who: { role: 'agent' },
    summary: 'Takes a break at your own desk (`away`), or ends it (`available`). What you are already changes nothing.',
    body: z.object({ status: z.enum(['available', 'away']) }),
    gives: 'json',
    answer: voiceAgent,
  },
} as const satisfies Rows

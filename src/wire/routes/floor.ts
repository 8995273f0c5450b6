/** Rows of what a supervisor says to an agent at their desk. */
import { z } from 'zod'
import { plainText } from '../text.ts'
import { done } from './pages.ts'
import type { Rows } from './row.ts'

/** People only: the agent reads who has said it. */
const supervisor = { role: 'supervisor' } as const
const words = plainText(500).refine(text => text.trim() !== '', 'is empty')

export const floorRoutes = {
  'POST /v1.0/agents/:userId/messages': {
    who: supervisor,
    summary: 'A message on an agent’s screen, until they have read it. 409: twenty wait there already.',
    body: z.object({ text: words }),
    gives: 'json',
    answer: done,
  },
  'POST /v1.0/agents/:userId/state': {
    who: supervisor,
    summary:
      'Sends an agent on a break (`paused`) after the conversation that goes on, or ends all their sign-ins (`signed-out`; 409 while they talk). ' +
      'Either stops or pauses their session. The reason stands on their screen and in the log.',
    body: z.object({ state: z.enum(['paused', 'signed-out']), reason: words }),
    gives: 'json',
    answer: done,
  },
} as const satisfies Rows

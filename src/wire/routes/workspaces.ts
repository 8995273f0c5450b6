/** Rows of the workspaces of a person: which there are, in which one this sign-in is, and a new one. */
import { z } from 'zod'
import { listOf, ownWorkspace } from '../api.ts'
import { nameText } from '../name.ts'
import type { Rows } from './row.ts'

const place = z.object({ workspaceId: z.string(), name: z.string() })

export const workspaceRoutes = {
  'GET /api/me/workspaces': {
    who: { role: 'agent' },
    summary: 'Where you belong, by name, and whether you may make another workspace.',
    beforeSecondFactor: true,
    gives: 'json',
    answer: listOf(ownWorkspace).extend({ mayMake: z.boolean() }),
  },
  'PUT /api/me/workspace': {
    who: { role: 'agent' },
    summary: 'This sign-in goes on in another workspace of yours. What is open in the one before ends.',
    beforeSecondFactor: true,
    body: z.object({ workspaceId: z.string().max(64) }),
    gives: 'json',
    answer: place,
  },
  'POST /api/workspaces': {
    who: { role: 'agent' },
    summary: 'A new workspace, of which you are the first admin. The setting NEW_WORKSPACES says who may.',
    body: z.object({ name: nameText(120) }),
    gives: 'json',
    status: 201,
    creates: true,
    answer: place,
  },
} as const satisfies Rows

/** Rows about people, the workspace and its first sign-in. */
import { z } from 'zod'
import { config, listOf, me, memberRow, role } from '../api.ts'
import { nameText } from '../name.ts'
import { dialable } from '../phone-number.ts'
import { timeZone } from '../time-zone.ts'
import { memberPages } from './pages.ts'
import type { Rows } from './row.ts'

const email = z.email()
const personName = nameText(80)
const password = z.string().min(10).max(128)
const created = z.object({ userId: z.string() })

export const accountRoutes = {
  'GET /api/config': {
    who: 'anyone',
    summary: 'What a page needs before anyone has signed in.',
    gives: 'json',
    answer: config,
  },
  'POST /api/demo/sign-in': {
    who: 'anyone',
    summary: 'Signs a demo person in, in local mode; elsewhere there is no such thing.',
    body: z.object({ key: z.string().max(40) }),
    gives: 'json',
    answer: z.object({ userId: z.string() }),
  },
  'GET /api/me': {
    who: { role: 'agent' },
    summary: 'Who is signed in, in which workspace, with which role.',
    gives: 'json',
    answer: me,
  },
  'POST /api/first-admin': {
    who: 'anyone',
    summary: 'Creates the first administrator with the SETUP_TOKEN of this installation, while nobody exists.',
    body: z.object({
      token: z.string().max(200),
      email,
      name: personName,
      password,
      workspaceName: nameText(120),
    }),
    gives: 'json',
    status: 201,
    answer: created,
  },
  'GET /api/workspace': {
    who: { role: 'supervisor', scope: 'workspace:read' },
    summary: 'Who calls, and the settings of the workspace.',
    gives: 'json',
    answer: z.object({ sellerName: z.string(), sellerNumber: z.string(), timeZone: z.string() }),
  },
  'PUT /api/workspace': {
    who: { role: 'admin', scope: 'workspace:write' },
    summary:
      'Who calls, as the safe-harbour message names it, and the settings of the workspace; a setting that is not named stays.',
    body: z.object({
      name: nameText(120),
      sellerName: nameText(120),
      /** said to the person who has answered, so it must be one that can be called */
      sellerNumber: dialable,
      /** the day of a call in the CRM is a day of this zone */
      timeZone: timeZone.optional(),
    }),
    gives: 'json',
    answer: z.object({ ok: z.literal(true) }),
  },
  'GET /api/members': {
    who: { role: 'supervisor', scope: 'members:read' },
    summary: 'The people of the workspace: whom a call may be handed to.',
    query: memberPages.query,
    gives: 'json',
    answer: listOf(memberRow),
  },
  'POST /api/members': {
    who: { role: 'admin', scope: 'members:write' },
    summary: 'Adds a person to the workspace.',
    body: z.object({ email, name: personName, password, role }),
    gives: 'json',
    status: 201,
    creates: true,
    answer: created,
  },
} as const satisfies Rows

/** Rows of invitations: an admin makes a link, and whoever has it joins or declines. */
import { z } from 'zod'
import { listOf, role } from '../api.ts'
import { invitationRow, madeInvitation, openInvitation } from '../invitation.ts'
import { nameText } from '../name.ts'
import { newPassword } from '../password.ts'
import { done } from './pages.ts'
import type { Rows } from './row.ts'

const token = z.string().min(1).max(100)
const joined = z.object({ workspaceId: z.string(), workspaceName: z.string() })

export const invitationRoutes = {
  'GET /api/invitations': {
    who: { role: 'admin' },
    summary: 'The invitations that wait for an answer, the newest first. Their links are kept nowhere.',
    gives: 'json',
    answer: listOf(invitationRow),
  },
  'POST /api/invitations': {
    who: { role: 'admin' },
    summary:
      'Invites whoever has this e-mail. The answer shows the link, and nothing shows it again; it is good once, for seven days. No mail is sent.',
    body: z.object({ email: z.email().max(254), role }),
    gives: 'json',
    status: 201,
    answer: madeInvitation,
  },
  'DELETE /api/invitations/:invitationId': {
    who: { role: 'admin' },
    summary: 'Revokes an invitation: its link opens nothing any more.',
    gives: 'json',
    answer: done,
  },
  'POST /api/invitation/look': {
    who: 'anyone',
    summary: 'Who invites the holder of this token, and as what.',
    body: z.object({ token }),
    gives: 'json',
    answer: openInvitation,
  },
  'POST /api/invitation/join': {
    who: 'anyone',
    summary: 'A newcomer accepts: the account is made, and signed in.',
    body: z.object({ token, name: nameText(80), password: newPassword }),
    gives: 'json',
    status: 201,
    answer: joined,
  },
  'POST /api/invitation/accept': {
    who: 'anyone',
    summary:
      'Somebody with an account accepts, signed in with the e-mail that is invited. This sign-in goes on in the new workspace.',
    body: z.object({ token }),
    gives: 'json',
    answer: joined,
  },
  'POST /api/invitation/decline': {
    who: 'anyone',
    summary: 'The holder of this token does not come: the invitation is over.',
    body: z.object({ token }),
    gives: 'json',
    answer: done,
  },
} as const satisfies Rows

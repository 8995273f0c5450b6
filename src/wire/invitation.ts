/** Invitations to a workspace, as an admin sees them and as whoever has the link does. */
import { z } from 'zod'
import { role } from './api.ts'

/** Invitations of one workspace that wait at once. */
export const INVITATIONS_MAX = 200

export const invitationRow = z.object({
  invitationId: z.string(),
  email: z.string(),
  role,
  /** the name of whoever has invited */
  madeBy: z.string(),
  madeMs: z.number(),
  endsMs: z.number(),
})
export type InvitationRow = z.infer<typeof invitationRow>
/** The only answer that has the link. */
export const madeInvitation = z.object({ invitationId: z.string(), link: z.string(), endsMs: z.number() })

/** What whoever has the link reads before they decide. */
export const openInvitation = z.object({
  workspaceName: z.string(),
  role,
  email: z.string(),
  madeBy: z.string(),
  endsMs: z.number(),
  /** an account has this e-mail: it signs in and accepts; else a name and a password make one */
  known: z.boolean(),
})
export type OpenInvitation = z.infer<typeof openInvitation>

/** People, sign-ins and numbers, as the team page uses them. */
import type { Role } from '../../../wire/api.ts'
import type { Sent } from '../../../wire/routes/row.ts'
import type { Routes } from '../../../wire/routes/table.ts'
import { ask } from '../../api.ts'

export const getOwnSignIns = () => ask('GET /api/me/sessions')
export const endOwnSignIn = (sessionId: string) => ask('DELETE /api/me/sessions/:sessionId', { params: { sessionId } })
export const changePassword = (currentPassword: string, newPassword: string) =>
  ask('PUT /api/me/password', { body: { currentPassword, newPassword } })

export const changeMember = (userId: string, change: { role?: Role; name?: string }) =>
  ask('PATCH /api/members/:userId', { params: { userId }, body: change })
export const removeMember = (userId: string) => ask('DELETE /api/members/:userId', { params: { userId } })
export const getSignIns = (userId: string) => ask('GET /api/members/:userId/sessions', { params: { userId } })
export const endSignIns = (userId: string) => ask('DELETE /api/members/:userId/sessions', { params: { userId } })

export const getInvitations = () => ask('GET /api/invitations')
export const invite = (email: string, role: Role) => ask('POST /api/invitations', { body: { email, role } })
export const revokeInvitation = (invitationId: string) =>
  ask('DELETE /api/invitations/:invitationId', { params: { invitationId } })

export const removeNumber = (number: string) => ask('DELETE /api/numbers/:number', { params: { number } })

export const getKeys = () => ask('GET /api/keys')
export const makeKey = (body: Sent<Routes['POST /api/keys'], 'body'>) => ask('POST /api/keys', { body })
export const revokeKey = (keyId: string) => ask('DELETE /api/keys/:keyId', { params: { keyId } })

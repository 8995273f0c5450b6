/** Who may do what with invitations: a part of the authorisation matrix (`test/actors/security/meanings.ts`). */

/** Another guess each time, because one that is tried too often is refused for that. */
const guess = {
  get token() {
    return `iv_${crypto.randomUUID()}`
  },
}

export const INVITATIONS = {
  'GET /api/invitations': { may: 'admin' },
  'POST /api/invitations': { may: 'admin', body: { email: 'somebody@example.com', role: 'agent' } },
  'DELETE /api/invitations/:invitationId': { may: 'admin', names: true },
  'POST /api/invitation/look': { may: 'holder', body: guess },
  'POST /api/invitation/join': {
    may: 'holder',
    body: {
      get token() {
        return guess.token
      },
      name: 'New',
      password: 'a long enough secret',
    },
  },
  'POST /api/invitation/accept': { may: 'holder', body: guess },
  'POST /api/invitation/decline': { may: 'holder', body: guess },
} as const

/** Who may do what with workspaces: a part of the authorisation matrix (`test/actors/security/meanings.ts`). */
export const WORKSPACES = {
  'GET /api/me/workspaces': { may: 'own' },
  'PUT /api/me/workspace': { may: 'own', body: { workspaceId: 'w_test' } },
  // Admins of the first workspace, unless the environment says otherwise.
  'POST /api/workspaces': { may: 'admin', body: { name: 'Another' } },
} as const

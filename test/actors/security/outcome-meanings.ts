/** Who may change what agents choose after a call: a part of the authorisation matrix (`test/actors/security/meanings.ts`). */
export const OUTCOMES = {
  'GET /api/outcomes': { may: 'supervisor' },
  'PUT /api/outcomes': { may: 'supervisor', body: { outcomes: [{ key: 1, outcomeId: 'yes', label: 'Yes' }] } },
} as const

/** Who may do what with second factors: a part of the authorisation matrix (`test/actors/security/meanings.ts`). */
export const SECOND_FACTOR = {
  'GET /api/me/second-factor': { may: 'own' },
  'POST /api/me/second-factor': { may: 'own', body: { password: 'wrong' } },
  'POST /api/me/second-factor/confirm': { may: 'own', body: { code: '000000' } },
  'POST /api/me/second-factor/off': { may: 'own', body: { password: 'wrong' } },
  // Between the two steps of a sign-in (`second-factor.test.ts`); without the first step it is nobody's.
  'POST /api/second-factor/verify': { may: 'program', body: { code: '000000' } },
  'PUT /api/workspace/second-factor': { may: 'admin', body: { required: false } },
} as const

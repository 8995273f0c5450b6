/** Who may do what with lists of people: a part of the authorisation matrix (`test/actors/security/meanings.ts`). */
export const IMPORTS = {
  'GET /api/imports': { may: 'supervisor' },
  'POST /api/imports': { may: 'supervisor', body: { name: 'List' } },
  'GET /api/imports/:importId': { may: 'supervisor', names: true },
  'DELETE /api/imports/:importId': { may: 'supervisor', names: true },
  'PUT /api/imports/:importId/file': { may: 'supervisor', names: true },
  'PUT /api/imports/:importId/settings': {
    may: 'supervisor',
    names: true,
    body: { country: 'US', columns: ['phone'], header: false },
  },
  'GET /api/imports/:importId/rows': { may: 'supervisor', names: true },
  'PUT /api/imports/:importId/rows/:row': { may: 'supervisor', names: true, body: { cells: ['+14155550144'] } },
  'POST /api/imports/:importId/commit': { may: 'supervisor', names: true },
  'POST /api/imports/:importId/campaigns': {
    may: 'supervisor',
    names: true,
    body: { campaignId: ':campaignId' },
  },
  'POST /api/imports/:importId/undo': { may: 'supervisor', names: true },
  'GET /api/imports/:importId/errors.csv': { may: 'supervisor', names: true },
} as const

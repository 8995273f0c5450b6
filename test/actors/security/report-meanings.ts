/** Who may read reports: a part of the authorisation matrix (`test/actors/security/meanings.ts`). */
export const REPORTS = {
  'GET /v1.0/reports': { may: 'supervisor' },
  'GET /v1.0/reports/:report': { may: 'supervisor' },
  'GET /v1.0/reports/:report/table.csv': { may: 'supervisor' },
} as const

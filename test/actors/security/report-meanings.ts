/** Who may read reports and have them sent: a part of the authorisation matrix (`test/actors/security/meanings.ts`). */
const monday = { name: 'Monday', report: 'calls', every: 'week', hour: 8, time_zone: 'UTC' }

export const REPORTS = {
  'GET /v1.0/reports': { may: 'supervisor' },
  'GET /v1.0/reports/:report': { may: 'supervisor' },
  'GET /v1.0/reports/:report/table.csv': { may: 'supervisor' },
  'GET /v1.0/report_schedules': { may: 'supervisor' },
  'POST /v1.0/report_schedules': { may: 'supervisor', body: monday },
  'PUT /v1.0/report_schedules/:scheduleId': { may: 'supervisor', names: true, body: monday },
  'DELETE /v1.0/report_schedules/:scheduleId': { may: 'supervisor', names: true },
} as const

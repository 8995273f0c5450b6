/** Rows of reports. Every figure is defined in the answer. */
import { listOf } from '../api.ts'
import { report, reportKind, reportQuery } from '../report.ts'
import type { Rows } from './row.ts'

const READ = { role: 'supervisor', scope: 'reports:read' } as const

export const reportRoutes = {
  'GET /v1.0/reports': {
    who: READ,
    summary: 'The reports that there are, and the definitions of their figures.',
    gives: 'json',
    answer: listOf(reportKind),
  },
  'GET /v1.0/reports/:report': {
    who: READ,
    summary:
      'One report: calls, answer rates by hour and time zone, abandonment, outcomes, agents, numbers, AI agents or queues, over days of the ' +
      'workspace’s time zone.',
    query: reportQuery,
    gives: 'json',
    answer: report,
  },
  'GET /v1.0/reports/:report/table.csv': {
    who: READ,
    summary: 'The same as a table for a spreadsheet.',
    query: reportQuery,
    gives: 'text',
    mediaType: 'text/csv',
  },
} as const satisfies Rows

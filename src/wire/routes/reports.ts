/** Rows of reports. Every figure is defined in the answer. */
import { listOf } from '../api.ts'
import { report, reportKind, reportQuery, reportSchedule, reportScheduleBody } from '../report.ts'
import { done } from './pages.ts'
import type { Rows } from './row.ts'

const READ = { role: 'supervisor', scope: 'reports:read' } as const
const WRITE = { role: 'supervisor', scope: 'reports:write' } as const

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
  'GET /v1.0/report_schedules': {
    who: READ,
    summary: 'Reports that are sent by themselves, the newest first.',
    gives: 'json',
    answer: listOf(reportSchedule),
  },
  'POST /v1.0/report_schedules': {
    who: WRITE,
    summary:
      'Sends a report each day or week, at an hour of a time zone, as the event `report_ready`: at most once a day, with up to 100 rows and a link ' +
      'to all of it. What falls into a time when nothing runs is not sent late.',
    body: reportScheduleBody,
    gives: 'json',
    status: 201,
    creates: true,
    answer: reportSchedule,
  },
  'PUT /v1.0/report_schedules/:scheduleId': {
    who: WRITE,
    summary: 'Changes it, whole; `paused` true keeps it from being sent.',
    body: reportScheduleBody,
    gives: 'json',
    answer: reportSchedule,
  },
  'DELETE /v1.0/report_schedules/:scheduleId': {
    who: WRITE,
    summary: 'Ends it.',
    gives: 'json',
    answer: done,
  },
} as const satisfies Rows

import type { ReportKind, ReportQuery, ReportSchedule } from '../../../wire/report.ts'
import type { Sent } from '../../../wire/routes/row.ts'
import type { Routes } from '../../../wire/routes/table.ts'
import { ask, urlOf } from '../../api.ts'

export const getKinds = () => ask('GET /v1.0/reports')
export const getReport = (report: ReportKind['name'], query: ReportQuery) =>
  ask('GET /v1.0/reports/:report', { params: { report }, query })
export const csvAddress = (report: ReportKind['name'], query: ReportQuery) =>
  urlOf('GET /v1.0/reports/:report/table.csv', { params: { report }, query })
export const getPeople = () => ask('GET /api/members', { query: { limit: 200 } })

type Body = Sent<Routes['POST /v1.0/report_schedules'], 'body'>
export const getSchedules = () => ask('GET /v1.0/report_schedules')
export const makeSchedule = (body: Body) => ask('POST /v1.0/report_schedules', { body })
export const deleteSchedule = (scheduleId: string) =>
  ask('DELETE /v1.0/report_schedules/:scheduleId', { params: { scheduleId } })
export const pauseSchedule = ({ id, ...schedule }: ReportSchedule, paused: boolean) => {
  const { name, report, range, campaign_id, agent_id, every, weekday, hour, time_zone } = schedule
  const of = { campaign_id: campaign_id ?? undefined, agent_id: agent_id ?? undefined }
  const body = { name, report, range, ...of, every, weekday, hour, time_zone, paused }
  return ask('PUT /v1.0/report_schedules/:scheduleId', { params: { scheduleId: id }, body })
}

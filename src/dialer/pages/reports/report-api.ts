import type { ReportKind, ReportQuery } from '../../../wire/report.ts'
import { ask, urlOf } from '../../api.ts'

export const getKinds = () => ask('GET /v1.0/reports')
export const getReport = (report: ReportKind['name'], query: ReportQuery) =>
  ask('GET /v1.0/reports/:report', { params: { report }, query })
export const csvAddress = (report: ReportKind['name'], query: ReportQuery) =>
  urlOf('GET /v1.0/reports/:report/table.csv', { params: { report }, query })
export const getPeople = () => ask('GET /api/members', { query: { limit: 200 } })

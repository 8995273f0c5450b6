/** Reports: their list, their tables, and their tables as CSV. */
import type { Env } from '../../actors/env.ts'
import { REPORT_NAMES, type ReportName } from '../../core/report/reports.ts'
import type { ReportQuery } from '../../wire/report.ts'
import { reportRoutes } from '../../wire/routes/reports.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { kindOf, reportCsv, reportOf } from '../report.ts'
import { bind } from '../route-table.ts'
import { requireCampaign } from './campaign-book.ts'

interface By {
  env: Env
  member: Caller
  params: { report: string }
  query: ReportQuery
}

const isReport = (name: string): name is ReportName => (REPORT_NAMES as string[]).includes(name)

/** @throws Refusal 404 for a report that there is not, and for a campaign of somebody else */
async function asked({ env, member, params, query }: By) {
  const { campaign_id: campaignId } = query
  if (!isReport(params.report)) throw new Refusal(404, 'There is no such report.')
  if (campaignId !== undefined) await requireCampaign(env, member.workspaceId, campaignId)
  return reportOf(env, member.workspaceId, params.report, query)
}

export const reports = bind(reportRoutes, {
  async 'GET /v1.0/reports'() {
    return { items: REPORT_NAMES.map(kindOf), next: null }
  },

  'GET /v1.0/reports/:report': by => asked(by),

  async 'GET /v1.0/reports/:report/table.csv'(by) {
    const report = await asked(by)
    by.c.header('Content-Disposition', `attachment; filename="${report.name}-${report.from}-${report.to}.csv"`)
    return reportCsv(report)
  },
})

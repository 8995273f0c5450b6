/** Reports: their list, their tables, and their tables as CSV. */
import type { Env } from '../../actors/env.ts'
import { REPORT_NAMES, type ReportName } from '../../core/report/reports.ts'
import type { ReportQuery } from '../../wire/report.ts'
import { reportRoutes } from '../../wire/routes/reports.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { kindOf, reportCsv, reportOf } from '../report.ts'
import {
  changeSchedule,
  makeSchedule,
  removeSchedule,
  SCHEDULES_MAX,
  scheduleOf,
  schedulesOf,
} from '../report-schedules.ts'
import { bind } from '../route-table.ts'
import { requireCampaign } from './campaign-book.ts'

interface By {
  env: Env
  member: Caller
  params: { report: string }
  query: ReportQuery
}

const noSchedule = () => new Refusal(404, 'There is no such schedule of a report.')

async function requireFilter(env: Env, member: Caller, campaignId: string | undefined): Promise<void> {
  if (campaignId !== undefined) await requireCampaign(env, member.workspaceId, campaignId)
}

const isReport = (name: string): name is ReportName => (REPORT_NAMES as string[]).includes(name)

/** @throws Refusal 404 for a report that there is not, and for a campaign of somebody else */
async function asked({ env, member, params, query }: By) {
  if (!isReport(params.report)) throw new Refusal(404, 'There is no such report.')
  await requireFilter(env, member, query.campaign_id)
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

  async 'GET /v1.0/report_schedules'({ env, member }) {
    return { items: await schedulesOf(env, member.workspaceId), next: null }
  },

  async 'POST /v1.0/report_schedules'({ env, member, body }) {
    await requireFilter(env, member, body.campaign_id)
    const made = await makeSchedule(env, member.workspaceId, body, member.name, Date.now())
    if (made === null) throw new Refusal(422, `This workspace has ${SCHEDULES_MAX} of them. Delete one first.`)
    return made
  },

  async 'PUT /v1.0/report_schedules/:scheduleId'({ env, member, params: { scheduleId }, body }) {
    if ((await scheduleOf(env, member.workspaceId, scheduleId)) === null) throw noSchedule()
    await requireFilter(env, member, body.campaign_id)
    const changed = await changeSchedule(env, member.workspaceId, scheduleId, body, Date.now())
    if (changed === null) throw noSchedule()
    return changed
  },

  async 'DELETE /v1.0/report_schedules/:scheduleId'({ env, member, params: { scheduleId } }) {
    if (!(await removeSchedule(env, member.workspaceId, scheduleId))) throw noSchedule()
    return { message: 'deleted' }
  },
})

/** Reports: what calls add up to over days, as a picture and a table, with the definition of every figure. */
import { Loader, NativeSelect, TextInput } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { deskName } from '../../core/ids.ts'
import type { Report, ReportKind } from '../../wire/report.ts'
import { getCampaigns } from '../api.ts'
import { useView } from '../desk/hooks.ts'
import { ProblemBox } from '../look/problem-box.tsx'
import { csvAddress, getKinds, getPeople, getReport } from './reports/report-api.ts'
import { queryOf, RANGE_WORDS, type ReportRange, type ReportSearch } from './reports/report-search.ts'
import { Meanings, NothingYet, ReportTable } from './reports/report-table.tsx'
import { labelWords } from './reports/report-words.ts'
import classes from './reports/reports.module.css'
import { Schedules } from './reports/schedules.tsx'
import tables from './table.module.css'

const route = getRouteApi('/desk/frame/reports')
const ReportChart = lazy(() => import('./reports/report-chart.tsx'))
/** The pause between two looks at a report of a day that is not over. */
const READ_EVERY_MS = 60_000

export function Reports() {
  const { agent } = useView()
  return agent.role === 'agent' ? (
    <ProblemBox title="Reports need the role supervisor">Ask whoever leads your team.</ProblemBox>
  ) : (
    <Reported />
  )
}

function Reported() {
  const search = route.useSearch()
  const name = search.report ?? 'calls'
  const query = queryOf(search)
  const kinds = useQuery({ queryKey: ['reports'], queryFn: getKinds, staleTime: Number.POSITIVE_INFINITY })
  const report = useQuery({
    queryKey: ['reports', name, query],
    queryFn: () => getReport(name, query),
    refetchInterval: READ_EVERY_MS,
    placeholderData: keepPreviousData,
  })
  const { data } = report
  return (
    <div className="tl-stack">
      <section className="tl-panel tl-stack" aria-labelledby="reports-title">
        <div className={tables.head}>
          <h1 id="reports-title">Reports</h1>
          {report.isFetching ? <Loader size="xs" role="status" aria-label="Loading" /> : null}
        </div>
        <Kinds kinds={kinds.data?.items ?? []} chosen={name} />
        <Filters search={search} />
        {report.isError ? <ProblemBox title={report.error.message} onRetry={() => void report.refetch()} /> : null}
      </section>
      {data === undefined || data.name !== name ? null : (
        <>
          <Shown report={data} csv={csvAddress(name, query)} />
          <Meanings figures={data.figures} />
          <Schedules kinds={kinds.data?.items ?? []} search={search} zone={data.time_zone} />
        </>
      )}
    </div>
  )
}

function Kinds({ kinds, chosen }: { kinds: readonly ReportKind[]; chosen: string }) {
  return (
    <nav aria-label="Reports" className={classes.kinds}>
      {kinds.map(({ name, title }) => (
        <Link
          key={name}
          to="/reports"
          search={before => ({ ...before, report: name })}
          aria-current={name === chosen ? 'page' : undefined}
        >
          {title}
        </Link>
      ))}
    </nav>
  )
}

const OWN = 'own'

function Filters({ search }: { search: ReportSearch }) {
  const navigate = route.useNavigate()
  const campaigns = useQuery({ queryKey: ['campaigns'], queryFn: getCampaigns })
  const people = useQuery({ queryKey: ['members', 'reports'], queryFn: getPeople })
  const change = (more: ReportSearch) => void navigate({ search: before => ({ ...before, ...more }), replace: true })
  const own = search.from !== undefined
  const today = new Date().toISOString().slice(0, 10)
  const all = { value: '', label: 'All' }
  const date = (label: string, which: 'from' | 'to') => (
    <TextInput
      type="date"
      label={label}
      value={search[which] ?? today}
      onChange={event => {
        if (event.currentTarget.value !== '') change({ [which]: event.currentTarget.value })
      }}
    />
  )
  return (
    <div className={tables.filters}>
      <NativeSelect
        label="Days"
        data={[
          ...Object.entries(RANGE_WORDS).map(([value, label]) => ({ value, label })),
          { value: OWN, label: 'From … to …' },
        ]}
        value={own ? OWN : (search.range ?? 'last_7_days')}
        onChange={event => {
          const { value } = event.currentTarget
          if (value === OWN) change({ range: undefined, from: today, to: today })
          else change({ range: value as ReportRange, from: undefined, to: undefined })
        }}
      />
      {own ? date('From', 'from') : null}
      {own ? date('To', 'to') : null}
      <NativeSelect
        label="Campaign"
        data={[all, ...(campaigns.data?.items ?? []).map(one => ({ value: one.campaignId, label: one.name }))]}
        value={search.campaign ?? ''}
        onChange={event => change({ campaign: event.currentTarget.value || undefined })}
      />
      <NativeSelect
        label="Agent"
        data={[all, ...(people.data?.items ?? []).map(one => ({ value: deskName(one.userId), label: one.name }))]}
        value={search.agent ?? ''}
        onChange={event => change({ agent: event.currentTarget.value || undefined })}
      />
    </div>
  )
}

function Shown({ report, csv }: { report: Report; csv: string }) {
  const { title, says, from, to, time_zone: zone, rows, chart } = report
  const days = from === to ? labelWords(from) : `${labelWords(from)} to ${labelWords(to)}`
  return (
    <section className="tl-panel tl-stack" aria-labelledby="report-title">
      <div className={tables.head}>
        <h2 id="report-title">{title}</h2>
        <span className="tl-muted">
          {days}, {zone}
        </span>
        {rows.length === 0 ? null : (
          <a href={csv} download={`${report.name}-${from}-${to}.csv`}>
            Download as CSV
          </a>
        )}
      </div>
      <p className="tl-muted">{says}</p>
      {rows.length === 0 ? (
        <NothingYet name={report.name} />
      ) : (
        <>
          {chart.length === 0 ? null : (
            <Suspense fallback={<Loader size="xs" role="status" aria-label="Drawing" />}>
              <ReportChart report={report} />
            </Suspense>
          )}
          <ReportTable report={report} />
        </>
      )}
    </section>
  )
}

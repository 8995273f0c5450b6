/** Every attempt, newest first. The filters stand in the address, so a filtered log can be shared and reloaded. */
import { Button, Loader, NativeSelect, TextInput } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { CallRow } from '../../wire/api.ts'
import { callsCsvAddress, getCalls } from '../api.ts'
import { clockText, stampText } from '../desk/time.ts'
import { callResultWords, outcomeWords } from '../desk/words.ts'
import { PersonName } from '../look/person-name.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import type { CallSearch } from './call-search.ts'
import { SampleCalls } from './sample-calls.tsx'
import { SavedViewsBar } from './saved-views-bar.tsx'
import classes from './table.module.css'

const route = getRouteApi('/desk/frame/calls')

export function CallLog() {
  const search = route.useSearch()
  const calls = useInfiniteQuery({
    queryKey: ['calls', search],
    queryFn: ({ pageParam }) => getCalls(search, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
    placeholderData: keepPreviousData,
    staleTime: 0,
  })
  const rows = calls.data?.pages.flatMap(page => page.items) ?? []
  return (
    <section className="tl-panel tl-stack" aria-labelledby="calls-title">
      <div className={classes.head}>
        <h1 id="calls-title">Calls</h1>
        <a href={callsCsvAddress(search)} download="calls.csv">
          As a table (CSV)
        </a>
        {calls.isFetching ? <Loader size="xs" role="status" aria-label="Loading" /> : null}
      </div>
      <SavedViewsBar />
      <Filters outcomes={[...new Set(rows.flatMap(row => row.outcome ?? []))].sort()} />
      {calls.isError ? <ProblemBox title={calls.error.message} onRetry={() => void calls.refetch()} /> : null}
      {rows.length > 0 ? <CallTable rows={rows} /> : null}
      {rows.length === 0 && calls.isSuccess ? (
        Object.values(search).every(value => value === undefined) ? (
          <SampleCalls />
        ) : (
          <p className="tl-muted">
            {calls.hasNextPage ? 'None of the newer calls fits these filters.' : 'No call fits these filters.'}
          </p>
        )
      ) : null}
      {calls.hasNextPage ? (
        <div>
          <Button variant="default" loading={calls.isFetchingNextPage} onClick={() => void calls.fetchNextPage()}>
            Show older calls
          </Button>
        </div>
      ) : null}
    </section>
  )
}

function Filters({ outcomes }: { outcomes: string[] }) {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const change = (next: Partial<CallSearch>) => void navigate({ search: was => ({ ...was, ...next }), replace: true })
  const known =
    search.outcome === undefined || outcomes.includes(search.outcome) ? outcomes : [...outcomes, search.outcome]
  return (
    <search className={classes.filters}>
      <TextInput
        label="Name, number or note"
        value={search.q ?? ''}
        onChange={event => change({ q: event.currentTarget.value || undefined })}
      />
      <NativeSelect
        label="Direction"
        value={search.direction ?? ''}
        onChange={event => change({ direction: (event.currentTarget.value || undefined) as CallSearch['direction'] })}
        data={[
          { value: '', label: 'Both' },
          { value: 'outbound', label: 'Outbound' },
          { value: 'inbound', label: 'Inbound' },
        ]}
      />
      <NativeSelect
        label="Outcome"
        value={search.outcome ?? ''}
        onChange={event => change({ outcome: event.currentTarget.value || undefined })}
        data={[{ value: '', label: 'Any' }, ...known.map(value => ({ value, label: outcomeWords(value) }))]}
      />
    </search>
  )
}

function CallTable({ rows }: { rows: CallRow[] }) {
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Who</th>
            <th scope="col" className={classes.wide}>
              Number
            </th>
            <th scope="col" className={classes.wide}>
              Direction
            </th>
            <th scope="col">Result</th>
            <th scope="col" className={classes.wide}>
              Talked
            </th>
            <th scope="col">Outcome</th>
            <th scope="col" className={classes.wide}>
              Agent
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.callId}>
              <td className="tl-number">{stampText(row.createdMs)}</td>
              <td>
                <Link to="/calls/$callId" params={{ callId: row.callId }} className={classes.who}>
                  <PersonName name={row.name === '' ? row.number : row.name} />
                </Link>
              </td>
              <td className={`${classes.wide} tl-number`}>{row.number === '' ? 'withheld' : row.number}</td>
              <td className={classes.wide}>{row.direction}</td>
              <td>
                {callResultWords(row.result, row.hangupReason, row.status)}{' '}
                {row.needsFollowUp ? <span className={classes.follow}>follow up</span> : null}
              </td>
              <td className={`${classes.wide} tl-number`}>{clockText(row.talkedMs)}</td>
              <td>{row.outcome === null ? <span className="tl-muted">none</span> : outcomeWords(row.outcome)}</td>
              <td className={classes.wide}>
                {row.agentName === null ? <span className="tl-muted">none</span> : <PersonName name={row.agentName} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

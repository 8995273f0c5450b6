/** What happens now: the agents and with whom they speak, AI calls, queues. A supervisor listens to a call from here. */
import { Loader } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../api.ts'
import { useDesk, usePreferences, useView } from '../desk/hooks.ts'
import { useLive } from '../desk/use-live.ts'
import { Elapsed } from '../look/elapsed.tsx'
import { LiveAge } from '../look/live-age.tsx'
import { PersonName } from '../look/person-name.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import { useLiveKeys } from './live/chosen-call.ts'
import { type ShownLive, withKept } from './live/kept.ts'
import { LiveAgents } from './live/live-agents.tsx'
import { LiveCampaigns } from './live/live-campaigns.tsx'
import { LiveTalks } from './live/live-talks.tsx'
import { ReadAge } from './live/read-age.tsx'
import { levelWords, WaitSince } from './queues/queue-figures.tsx'
import classes from './table.module.css'

export function LivePage() {
  const { agent } = useView()
  return agent.role === 'agent' ? (
    <ProblemBox title="The Live page needs the role supervisor">Ask whoever leads your team.</ProblemBox>
  ) : (
    <Live />
  )
}

function Live() {
  const queries = useQueryClient()
  const live = useQuery({
    queryKey: ['live'],
    queryFn: async () => withKept(queries.getQueryData<ShownLive>(['live']), await ask('GET /api/live')),
    ...useLive(() => [['live']]),
  })
  const { data } = live
  const { store } = useDesk()
  useLiveKeys(words => store.notify('info', words))
  return (
    <div className="tl-stack">
      <div className={classes.head}>
        <h1>Live</h1>
        {live.isLoading ? <Loader size="xs" role="status" aria-label="Loading" /> : null}
        {data === undefined ? null : <Summary {...data} />}
      </div>
      {live.isError ? (
        <ProblemBox title={live.error.message} onRetry={() => void live.refetch()}>
          {data === undefined ? null : (
            <>
              What stands here is <Elapsed sinceMs={data.at} /> old.
            </>
          )}
        </ProblemBox>
      ) : null}
      <LiveAge of={['live']} />
      {data === undefined ? null : (
        <>
          <KeyWords />
          {data.missing.length === 0 ? null : <Missing missing={data.missing} />}
          <LiveAgents agents={data.agents} stale={data.stale} />
          <LiveCampaigns campaigns={data.campaigns} stale={data.stale} />
          <LiveTalks talks={data.talks} />
          <LiveQueues queues={data.queues} stale={data.stale} />
          {data.more ? <p className="tl-muted">There is more in this workspace than is shown here.</p> : null}
        </>
      )}
    </div>
  )
}

/** Not on a phone, which has no keys. */
function KeyWords() {
  const { shortcuts } = usePreferences()
  if (!shortcuts) return null
  return (
    <p className={`tl-muted tl-small ${classes.wide}`}>
      <kbd>J</kbd> chooses a call, <kbd>L</kbd> listens, <kbd>W</kbd> whispers, <kbd>B</kbd> speaks to both,{' '}
      <kbd>Shift+T</kbd> takes it over, <kbd>Q</kbd> stops.
    </p>
  )
}

function Missing({ missing }: Pick<ShownLive, 'missing'>) {
  const names = missing.map(one => one.name || 'an AI call')
  return (
    <p role="status" className="tl-muted">
      Cannot be read now, and is tried again: {names.join(', ')}
    </p>
  )
}

function Summary({ agents, talks, queues }: ShownLive) {
  const talking = agents.filter(one => one.call !== null).length
  const here = agents.filter(one => one.state !== 'offline').length
  const waiting = queues.reduce((sum, one) => sum + one.waiting, 0)
  return (
    <p className="tl-muted">
      {here} of {agents.length} here · {talking} on a call · {talks.length} with an AI agent · {waiting} waiting
    </p>
  )
}

/** Some are only for a wide screen. */
const COLUMNS: readonly (readonly [words: string, wide?: string])[] = [
  ['Queue'],
  ['Waiting'],
  ['Longest wait'],
  ['Talking', classes.wide],
  ['Free'],
  ['Service level'],
  ['Abandoned', classes.wide],
]

function LiveQueues({ queues, stale }: Pick<ShownLive, 'queues' | 'stale'>) {
  return (
    <section className="tl-panel tl-stack" aria-labelledby="live-queues">
      <h2 id="live-queues">Queues</h2>
      {queues.length === 0 ? (
        <p className="tl-muted">
          There is no queue yet. <Link to="/queues">Make one</Link>
        </p>
      ) : (
        <div className={classes.scroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                {COLUMNS.map(([words, wide]) => (
                  <th key={words} scope="col" className={wide}>
                    {words}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {queues.map(one => (
                <tr key={one.queueId}>
                  <td>
                    <Link to="/queues/$queueId" params={{ queueId: one.queueId }} className={classes.who}>
                      <PersonName name={one.name} />
                    </Link>
                    <br />
                    <ReadAge at={one.at} stale={stale.includes(one.queueId)} />
                  </td>
                  <td className="tl-number">{one.waiting}</td>
                  <td>
                    <WaitSince sinceMs={one.waitingSinceMs} />
                  </td>
                  <td className={`tl-number ${classes.wide}`}>{one.talking}</td>
                  <td className="tl-number" style={{ whiteSpace: 'nowrap' }}>
                    {one.free} of {one.members}
                  </td>
                  <td>{levelWords(one.serviceLevel)}</td>
                  <td className={classes.wide}>{levelWords(one.abandonRate)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

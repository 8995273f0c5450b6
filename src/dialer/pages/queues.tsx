/** The queues of the workspace with what happens in each of them now. */
import { Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useView } from '../desk/hooks.ts'
import { useLive } from '../desk/use-live.ts'
import { LiveAge } from '../look/live-age.tsx'
import { PersonName } from '../look/person-name.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import { getCallers, getQueue, getQueues, keysOf } from './queues/queue-api.ts'
import { levelWords, longestWaitNow, WaitSince } from './queues/queue-figures.tsx'
import classes from './table.module.css'

export function Queues() {
  const queues = useQuery({ queryKey: ['queues'], queryFn: getQueues })
  const { agent } = useView()
  const live = useLive(keysOf)
  const items = queues.data?.items ?? []
  return (
    <section className="tl-panel tl-stack" aria-labelledby="queues-title">
      <div className={classes.head}>
        <h1 id="queues-title">Queues</h1>
        {agent.role === 'agent' ? null : (
          <Link to="/queues/$queueId" params={{ queueId: 'new' }}>
            New queue
          </Link>
        )}
        {queues.isLoading ? <Loader size="xs" role="status" aria-label="Loading" /> : null}
      </div>
      {queues.isError ? <ProblemBox title={queues.error.message} onRetry={() => void queues.refetch()} /> : null}
      <LiveAge of={['queue-callers']} />
      {items.length === 0 && queues.isSuccess ? (
        <p className="tl-muted">
          There is no queue yet. Make one with its agents, and let a flow lead callers there with “Wait in a queue”.
        </p>
      ) : null}
      {items.length === 0 ? null : (
        <div className={classes.scroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Waiting</th>
                <th scope="col">Longest wait</th>
                <th scope="col">Free agents</th>
                <th scope="col">Service level</th>
              </tr>
            </thead>
            <tbody>
              {items.map(({ id, name }) => (
                <QueueRow key={id} queueId={id} name={name} live={live} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

function QueueRow({ queueId, name, live }: { queueId: string; name: string; live: ReturnType<typeof useLive> }) {
  const queue = useQuery({ queryKey: ['queue', queueId], queryFn: () => getQueue(queueId), ...live })
  const callers = useQuery({ queryKey: ['queue-callers', queueId], queryFn: () => getCallers(queueId), ...live })
  const { data } = queue
  const waiting = (callers.data?.items ?? []).filter(one => one.status !== 'service')
  return (
    <tr>
      <td>
        <Link to="/queues/$queueId" params={{ queueId }} className={classes.who}>
          <PersonName name={name} />
        </Link>
      </td>
      {data === undefined ? (
        <td colSpan={4} className="tl-muted">
          {queue.isError ? queue.error.message : '…'}
        </td>
      ) : (
        <>
          <td className="tl-number">{waiting.length}</td>
          <td>
            <WaitSince sinceMs={longestWaitNow(waiting)} />
          </td>
          <td className="tl-number">
            {data.members.filter(one => one.free).length} of {data.members.length}
          </td>
          <td>{levelWords(data.service_level)}</td>
        </>
      )}
    </tr>
  )
}

/** The page of one queue: its figures and callers now, its agents, its settings. */
import { Loader } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { deskName } from '../../core/ids.ts'
import type { Queue } from '../../wire/queue.ts'
import { useView } from '../desk/hooks.ts'
import { useLive } from '../desk/use-live.ts'
import { Elapsed } from '../look/elapsed.tsx'
import { LiveAge } from '../look/live-age.tsx'
import { PersonName } from '../look/person-name.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import { getPeople } from './ai/ai-api.ts'
import columns from './ai-agent.module.css'
import { CallersTable } from './queues/callers-table.tsx'
import { deleteQueue, getCallers, getQueue, keysOf } from './queues/queue-api.ts'
import { QueueFigures, whyAwayWords } from './queues/queue-figures.tsx'
import { QueueForm } from './queues/queue-form.tsx'
import classes from './table.module.css'
import { SureButton } from './team/sure-button.tsx'
import { useChange } from './team/use-change.ts'

const route = getRouteApi('/desk/frame/queues/$queueId')
/** the place of the id in the address of a new queue */
const NEW = 'new'

export function QueueScreen() {
  const { queueId } = route.useParams()
  const navigate = route.useNavigate()
  const queries = useQueryClient()
  const { agent } = useView()
  const edits = agent.role !== 'agent'
  const fresh = queueId === NEW
  const live = { enabled: !fresh, ...useLive(keysOf) }
  const queue = useQuery({ queryKey: ['queue', queueId], queryFn: () => getQueue(queueId), ...live })
  const callers = useQuery({ queryKey: ['queue-callers', queueId], queryFn: () => getCallers(queueId), ...live })
  const people = useQuery({ queryKey: ['people'], queryFn: getPeople, enabled: edits })
  const saved = (next: Queue) => {
    queries.setQueryData(['queue', next.id], next)
    if (fresh) void navigate({ params: { queueId: next.id }, replace: true })
  }
  const names = new Map((people.data ?? []).map(one => [deskName(one.userId), one.name]))
  names.set(deskName(agent.userId), agent.name)
  const nameOf = (agentId: string) => names.get(agentId) ?? 'a colleague'
  const data = fresh ? null : queue.data
  const list = callers.data?.items ?? []
  // The agents of a form stand by their names, so it waits for them.
  const known = !edits || people.isSuccess || people.isError
  return (
    <div className="tl-stack">
      <Link to="/queues">← All queues</Link>
      {queue.isLoading ? <Loader size="sm" role="status" aria-label="Loading the queue" /> : null}
      {queue.isError ? <ProblemBox title={queue.error.message} onRetry={() => void queue.refetch()} /> : null}
      {people.isError ? <ProblemBox title={people.error.message} onRetry={() => void people.refetch()} /> : null}
      <LiveAge of={['queue-callers', queueId]} />
      {data === undefined || !known ? null : (
        <>
          <div className={classes.head}>
            <h1>{data === null ? 'New queue' : <PersonName name={data.name} />}</h1>
            {data === null || !edits ? null : (
              <DeleteQueue queue={data} onDone={() => void navigate({ to: '/queues' })} />
            )}
          </div>
          <div className={columns.columns}>
            {data === null ? null : (
              <div className={columns.try}>
                <QueueFigures queue={data} waiting={list.filter(one => one.status !== 'service')} />
                <CallersTable callers={list} nameOf={nameOf} edits={edits} />
                <Members queue={data} nameOf={nameOf} />
              </div>
            )}
            <QueueForm key={queueId} queue={data} people={people.data ?? []} readOnly={!edits} onSaved={saved} />
          </div>
        </>
      )}
    </div>
  )
}

function DeleteQueue({ queue, onDone }: { queue: Queue; onDone(): void }) {
  const change = useChange('queues')
  const remove = async () => {
    if (await change.run(() => deleteQueue(queue.id), `${queue.name} is closed.`)) onDone()
  }
  return (
    <SureButton
      label={`Delete ${queue.name}`}
      question="Really delete?"
      disabled={change.busy}
      onSure={() => void remove()}
    >
      Delete
    </SureButton>
  )
}

function Members({ queue, nameOf }: { queue: Queue; nameOf(agentId: string): string }) {
  if (queue.members.length === 0) return null
  return (
    <section className="tl-panel tl-stack" aria-labelledby="free-title">
      <h2 id="free-title">Who is free</h2>
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Agent</th>
              <th scope="col">State</th>
              <th scope="col">Since</th>
              <th scope="col">Calls</th>
            </tr>
          </thead>
          <tbody>
            {queue.members.map(({ agent_id: agentId, free, reason, tm_since: since, calls }) => (
              <tr key={agentId}>
                <td className={classes.who}>{nameOf(agentId)}</td>
                <td>{free ? 'free' : whyAwayWords(reason)}</td>
                <td>
                  <Elapsed sinceMs={Date.parse(since)} />
                </td>
                <td className="tl-number">{calls}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

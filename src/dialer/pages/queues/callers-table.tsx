/** Everybody in a queue, in the order in which they are served. A supervisor takes somebody out; their flow goes on. */
import type { QueueCall } from '../../../wire/queue.ts'
import { Elapsed } from '../../look/elapsed.tsx'
import classes from '../table.module.css'
import { SureButton } from '../team/sure-button.tsx'
import { useChange } from '../team/use-change.ts'
import { takeOut } from './queue-api.ts'

interface CallersTableProps {
  callers: readonly QueueCall[]
  nameOf(agentId: string): string
  edits: boolean
}

export function CallersTable({ callers, nameOf, edits }: CallersTableProps) {
  return (
    <section className="tl-panel tl-stack" aria-labelledby="callers-title">
      <h2 id="callers-title">Callers</h2>
      {callers.length === 0 ? <p className="tl-muted">Nobody is in this queue.</p> : null}
      {callers.length === 0 ? null : (
        <div className={classes.scroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">Place</th>
                <th scope="col">Since</th>
                <th scope="col">State</th>
                {edits ? <th scope="col">Change</th> : null}
              </tr>
            </thead>
            <tbody>
              {callers.map((one, at) => (
                <CallerRow key={one.id} caller={one} at={at} nameOf={nameOf} edits={edits} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

function CallerRow({
  caller,
  at,
  nameOf,
  edits,
}: { caller: QueueCall; at: number } & Omit<CallersTableProps, 'callers'>) {
  const change = useChange('queue', 'queue-callers')
  const { id, place, status, callback, service_agent_id: agentId } = caller
  const who = agentId === null ? '' : nameOf(agentId)
  const words = {
    waiting: callback ? 'waits for a callback' : 'waits',
    connecting: `rings at ${who}`,
    service: `talks with ${who}`,
  }[status]
  return (
    <tr>
      <td className="tl-number">{place ?? '–'}</td>
      <td>
        <Elapsed sinceMs={Date.parse(caller.tm_create)} />
      </td>
      <td>{words}</td>
      {edits ? (
        <td>
          {status === 'service' ? null : (
            <SureButton
              label={`Take out caller ${place ?? at + 1}`}
              question="Really take out?"
              disabled={change.busy}
              onSure={() => void change.run(() => takeOut(id), 'The caller leaves the queue.')}
            >
              Take out
            </SureButton>
          )}
        </td>
      ) : null}
    </tr>
  )
}

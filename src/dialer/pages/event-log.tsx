/** What happens, as the server tells it: at this desk (at most 100, newest first), and, for those who lead, in the whole workspace. */
import { Link } from '@tanstack/react-router'
import type { DeskFact } from '../../wire/desk.ts'
import { useSnapshot, useView } from '../desk/hooks.ts'
import { stampText } from '../desk/time.ts'
import { factWords } from '../desk/words.ts'
import { ActionButton } from '../look/action-button.tsx'
import { LiveStream } from './events/live-stream.tsx'
import classes from './table.module.css'

export function EventLog() {
  const { agent } = useView()
  return (
    <div className="tl-stack">
      <DeskEvents />
      {agent.role === 'agent' ? null : <LiveStream />}
    </div>
  )
}

function DeskEvents() {
  const { facts, clockOffsetMs } = useSnapshot()
  const none = facts.length === 0
  const shown = [...facts].reverse()
  return (
    <section className="tl-panel tl-stack" aria-labelledby="events-title">
      <div className={classes.head}>
        <h1 id="events-title">Events</h1>
        <span className="tl-muted">{none ? 'Nothing yet' : `${facts.length} of at most 100`}</span>
      </div>
      {none ? <p className="tl-muted">What happens at your desk stands here, the newest first.</p> : null}
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">What</th>
              <th scope="col">Call</th>
              <th scope="col">No.</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(fact => (
              <tr key={fact.seq}>
                <td className="tl-number">{stampText(fact.at - clockOffsetMs, true)}</td>
                <td>{factWords(fact)}</td>
                <td>
                  {fact.callId === null ? (
                    <span className="tl-muted">none</span>
                  ) : (
                    <Link to="/calls/$callId" params={{ callId: fact.callId }}>
                      Open the call
                    </Link>
                  )}
                </td>
                <td className="tl-number tl-muted">{fact.seq}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div>
        <ActionButton
          variant="default"
          why={none ? 'Nothing has happened yet that could be saved' : null}
          onClick={() => download(facts)}
        >
          Save as JSON
        </ActionButton>
      </div>
    </section>
  )
}

function download(facts: readonly DeskFact[]): void {
  const address = URL.createObjectURL(new Blob([JSON.stringify(facts, null, 2)], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = address
  link.download = 'trunkline-events.json'
  link.click()
  URL.revokeObjectURL(address)
}

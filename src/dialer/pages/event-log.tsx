/** The rolling list of what happened at this desk (at most 100, newest first), as the server told it. */
import { Link } from '@tanstack/react-router'
import type { DeskFact } from '../../wire/desk.ts'
import { useSnapshot, useView } from '../desk/hooks.ts'
import { stampText } from '../desk/time.ts'
import { factWords } from '../desk/words.ts'
import { ActionButton } from '../look/action-button.tsx'
import classes from './table.module.css'

/** Samples that are shown, clearly marked, while there is no event (S4-18). */
const SAMPLES: DeskFact[] = [
  { seq: 3, at: 0, type: 'conversation-started', callId: null },
  { seq: 2, at: 0, type: 'round-started', callId: null },
  { seq: 1, at: 0, type: 'phone-registered', callId: null },
]

export function EventLog() {
  const { facts, clockOffsetMs } = useSnapshot()
  const { at } = useView()
  const sample = facts.length === 0
  const shown = sample ? SAMPLES.map(fact => ({ ...fact, at: at - (4 - fact.seq) * 60_000 })) : [...facts].reverse()
  return (
    <section className="tl-panel tl-stack" aria-labelledby="events-title">
      <div className={classes.head}>
        <h1 id="events-title">Events</h1>
        <span className="tl-muted">{sample ? 'Nothing yet' : `${facts.length} of at most 100`}</span>
      </div>
      {sample ? (
        <p>
          These are samples, so that you see what will stand here. They did not happen, so there is nothing to save.
        </p>
      ) : null}
      <div className={classes.scroll}>
        <table className={classes.table} data-sample={sample || undefined}>
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
                <td className="tl-number">{stampText(fact.at - (sample ? 0 : clockOffsetMs), true)}</td>
                <td>
                  {factWords(fact)}
                  {sample ? ' (sample)' : ''}
                </td>
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
          why={sample ? 'Nothing has happened yet that could be saved' : null}
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

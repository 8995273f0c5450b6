/** The call with a colleague, on every page while it lasts. */
import { Button } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { useDesk } from '../desk/hooks.ts'
import { Elapsed } from '../look/elapsed.tsx'
import { PersonName } from '../look/person-name.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import classes from './listening-bar.module.css'

export default function ColleagueBar() {
  const { colleagueCall } = useDesk()
  const { phase, name, muted, sinceMs, trouble } = useSyncExternalStore(colleagueCall.subscribe, colleagueCall.get)
  if (phase === 'idle' || name === null) return null
  return (
    <section className={classes.bar} aria-label="Colleague">
      {trouble === null ? (
        <p className={classes.state} role="status">
          <strong>
            {phase === 'calling' ? 'Calling' : 'Call with'} <PersonName name={name} />
          </strong>
          {sinceMs === null ? null : (
            <span className="tl-muted">
              <Elapsed sinceMs={sinceMs} />
            </span>
          )}
        </p>
      ) : (
        <ProblemBox title={trouble} />
      )}
      <div className={classes.buttons}>
        {phase === 'on' ? (
          <Button variant="default" aria-pressed={muted} onClick={() => colleagueCall.setMuted(!muted)}>
            {muted ? 'Unmute' : 'Mute'}
          </Button>
        ) : null}
        {phase === 'over' ? (
          <Button variant="default" onClick={() => colleagueCall.close()}>
            Close
          </Button>
        ) : (
          <Button color="danger" onClick={() => colleagueCall.hangUp()}>
            Hang up
          </Button>
        )}
      </div>
    </section>
  )
}

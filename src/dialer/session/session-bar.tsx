/** The session in one line: its list, its progress, and buttons to pause and to stop. */

import { useAct, useView, useWhyNot } from '../desk/hooks.ts'
import { abandonedShare, linesWords, paceWords } from '../desk/words.ts'
import { ActionButton } from '../look/action-button.tsx'
import { Elapsed } from '../look/elapsed.tsx'
import { PersonName } from '../look/person-name.tsx'
import classes from './session-bar.module.css'

export function SessionBar() {
  const { session } = useView()
  const act = useAct()
  const whyNot = useWhyNot()
  if (session === null) return null
  const { counts } = session
  const paused = session.state === 'paused'
  const pace = paceWords(session)
  return (
    <section className={classes.bar} aria-label="Session">
      <h1>
        <PersonName name={session.name} />
      </h1>
      <span className="tl-muted">
        {linesWords(session)} · <Elapsed sinceMs={session.startedMs} />
      </span>
      <dl className={classes.counts}>
        <Count words="left" value={session.contactsLeft} />
        <Count words="dials" value={counts.dials} />
        <Count words="answered" value={counts.answered} />
        <Count words="talks" value={counts.conversations} />
        <Count words="abandoned" value={abandonedShare(counts.abandoned, counts.answered)} />
      </dl>
      {pace === null ? null : (
        <p className="tl-muted tl-small" role="status">
          {pace}
        </p>
      )}
      <div className={classes.buttons}>
        {paused ? (
          <ActionButton
            why={whyNot('session.resume')}
            onClick={() => void act({ type: 'session.resume' })}
            variant="default"
            hint="Space"
          >
            Resume
          </ActionButton>
        ) : (
          <ActionButton
            why={whyNot('session.pause')}
            onClick={() => void act({ type: 'session.pause' })}
            variant="default"
            hint="P"
          >
            Pause
          </ActionButton>
        )}
        <ActionButton
          why={whyNot('session.stop')}
          onClick={() => void act({ type: 'session.stop' })}
          variant="default"
          hint="Esc Esc"
        >
          Stop
        </ActionButton>
      </div>
    </section>
  )
}

function Count({ words, value }: { words: string; value: number | string }) {
  return (
    <div>
      <dt>{words}</dt>
      <dd>{value}</dd>
    </div>
  )
}

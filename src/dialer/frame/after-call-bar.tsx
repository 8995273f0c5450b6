/** The time after a call of a queue, on every page: how long it lasts, and the button that ends it. */
import { useAct, useView, useWhyNot } from '../desk/hooks.ts'
import { ActionButton } from '../look/action-button.tsx'
import { SecondsLeft } from '../look/elapsed.tsx'
import { sessionRuns } from '../session/now-bar.tsx'
import classes from './call-bar.module.css'

export function AfterCallBar() {
  const view = useView()
  const { conversation, pendingOutcomes, wrapUp } = view
  const act = useAct()
  const whyNot = useWhyNot()
  // An outcome that is owed has its own panel and ends the time by itself; a session says itself how it goes on.
  if (wrapUp === null || conversation !== null || pendingOutcomes.length > 0 || sessionRuns(view)) return null
  return (
    <section className={classes.bar} aria-label="After the call">
      <strong>Time after the call</strong>
      <span>
        {wrapUp.untilMs === null ? 'The clock stands while you type.' : null}
        {wrapUp.untilMs === null ? null : (
          <>
            Ends in <SecondsLeft untilMs={wrapUp.untilMs} />
          </>
        )}
      </span>
      <div className={classes.buttons}>
        <ActionButton why={whyNot('wrap-up.done')} onClick={() => void act({ type: 'wrap-up.done' })}>
          Ready now
        </ActionButton>
      </div>
    </section>
  )
}

/** Who must not be called: the list, a check of one number, and the rules of the workspace. */
import { useView } from '../desk/hooks.ts'
import { CheckNumber } from './do-not-call/check-number.tsx'
import { ListedNumbers } from './do-not-call/listed-numbers.tsx'
import { Rules } from './do-not-call/rules.tsx'
import classes from './table.module.css'

export function DoNotCall() {
  const { agent } = useView()
  return (
    <div className="tl-stack">
      <section className="tl-panel tl-stack" aria-labelledby="dnc-title">
        <div className={classes.head}>
          <h1 id="dnc-title">Do not call</h1>
        </div>
        <p className="tl-muted">
          Nobody calls a number on this list: no campaign, no dial pad, no AI agent, no transfer. Outcomes, AI agents,
          imports and you add to it; only a supervisor takes something off, for a reason that stays on record.
        </p>
        <ListedNumbers removes={agent.role !== 'agent'} />
      </section>
      <CheckNumber />
      <Rules edits={agent.role === 'admin'} />
    </div>
  )
}

/** One run of a scenario: its conversation live, and its differences when it is over. */
import type { LastRehearsal } from '../../../wire/scenario.ts'
import { ProblemBox } from '../../look/problem-box.tsx'
import { ConversationView } from './conversation-view.tsx'
import { StateSign } from './scenario-state.tsx'
import classes from './scenarios.module.css'
import { useRehearsal } from './use-conversation.ts'

interface ScenarioRunProps {
  name: string
  runId: string
  /** the state in the list; a run that is over is read and not followed */
  state: LastRehearsal['state']
}

export function ScenarioRun({ name, runId, state: known }: ScenarioRunProps) {
  const { followed, run } = useRehearsal(runId, known === 'running')
  const state = run?.state ?? known
  return (
    <section className={`${classes.run} tl-stack`} aria-label={`Run of ${name}`}>
      <div className="tl-row" role="status">
        <h3>{name}</h3>
        <StateSign state={state} />
        {run?.endedMs == null ? null : (
          <span className="tl-small tl-muted">
            in {Math.round((run.endedMs - run.startedMs) / 1000)} s, with version {run.version}
          </span>
        )}
      </div>
      {run?.state === 'broken' ? <ProblemBox title={run.why} /> : null}
      {run?.state === 'passed' ? <p className="tl-small">Everything came as the scenario wants it.</p> : null}
      {run?.state === 'failed' ? (
        <div>
          <strong>What differed</strong>
          <ul className={classes.differences}>
            {run.differences.map(difference => (
              <li key={difference}>{difference}</li>
            ))}
          </ul>
        </div>
      ) : null}
      <ConversationView callId={runId} followed={followed} label={`What was said in ${name}`} />
    </section>
  )
}

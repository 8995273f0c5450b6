/** Colleagues whose browsers can be called from here. */
import { useSyncExternalStore } from 'react'
import { busyWords, STATUS, useAgents } from '../desk/colleagues.ts'
import { useDesk, useView } from '../desk/hooks.ts'
import { ActionButton } from '../look/action-button.tsx'
import { PersonName } from '../look/person-name.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import classes from './dial-pad.module.css'

export function Colleagues() {
  const { agent } = useView()
  const { colleagueCall } = useDesk()
  const { phase } = useSyncExternalStore(colleagueCall.subscribe, colleagueCall.get)
  const agents = useAgents(true)
  const others = (agents.data?.items ?? []).filter(one => one.user_id !== agent.userId)
  const why = phase === 'calling' || phase === 'on' ? 'End the call with your colleague first' : null
  return (
    <section className={`${classes.pad} tl-panel tl-stack`} aria-labelledby="colleagues-title">
      <h2 id="colleagues-title">Call a colleague</h2>
      {agents.isError ? <ProblemBox title={agents.error.message} onRetry={() => void agents.refetch()} /> : null}
      <ul className={classes.colleagues} aria-label="Colleagues">
        {others.map(one => (
          <li key={one.id}>
            <span>
              <PersonName name={one.name} /> <span className="tl-muted">{STATUS[one.status]}</span>
            </span>
            <ActionButton
              why={why ?? busyWords(one)}
              onClick={() => void colleagueCall.start(one)}
              variant="default"
              size="compact-sm"
              label={`Call ${one.name}`}
            >
              Call
            </ActionButton>
          </li>
        ))}
      </ul>
      {agents.isSuccess && others.length === 0 ? <p className="tl-muted">Nobody else is in the team yet.</p> : null}
      <p className="tl-muted tl-small">It rings in their browser. It is not recorded, and your own line stays open.</p>
    </section>
  )
}

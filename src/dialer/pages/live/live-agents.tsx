/** The agents: state, since when and why, the person they speak with, who listens, and what a supervisor may do. */
import type { LiveAgent, LiveCall, SupervisionMode } from '../../../wire/supervision.ts'
import { ActionButton } from '../../look/action-button.tsx'
import { Elapsed } from '../../look/elapsed.tsx'
import { PersonName } from '../../look/person-name.tsx'
import { AgentDeeds } from './agent-deeds.tsx'
import { useRowKey } from './chosen-call.ts'
import classes from './live.module.css'
import { DOES, MODES, STATE_WORDS, whyWords } from './live-words.ts'
import { ReadAge } from './read-age.tsx'
import { type OnCall, useSupervise } from './use-supervise.ts'

/** Those who talk first, those who are away last. */
const ORDER: LiveAgent['state'][] = ['on-call', 'dialing', 'ready', 'wrap-up', 'paused', 'offline']

export function LiveAgents({ agents, stale }: { agents: readonly LiveAgent[]; stale: readonly string[] }) {
  const rank = ({ state }: LiveAgent) => ORDER.indexOf(state)
  const sorted = [...agents].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
  return (
    <section className="tl-panel tl-stack" aria-labelledby="live-agents">
      <h2 id="live-agents">Agents</h2>
      {sorted.length === 0 ? <p className="tl-muted">Nobody is in the team yet.</p> : null}
      <ul className={classes.list}>
        {sorted.map(one => (
          <AgentRow key={one.agentId} agent={one} stale={stale.includes(one.agentId)} />
        ))}
      </ul>
    </section>
  )
}

function AgentRow({ agent, stale }: { agent: LiveAgent; stale: boolean }) {
  const { name, state, sinceMs, call, at } = agent
  const why = whyWords(agent)
  return (
    <li className={classes.row} data-state={state} data-call={call?.callId} aria-label={name}>
      <div className={classes.agent}>
        <strong>
          <PersonName name={name} />
        </strong>
        <span>
          <span className={classes.state}>{STATE_WORDS[state]}</span>{' '}
          {sinceMs === 0 ? null : <Elapsed sinceMs={sinceMs} />}
        </span>
        {why === null ? null : <span className="tl-muted tl-small">{why}</span>}
        <ReadAge at={at} stale={stale} />
      </div>
      {call === null ? null : <CallOf agent={agent} call={call} />}
      <AgentDeeds agent={agent} />
    </li>
  )
}

function CallOf({ agent, call }: { agent: LiveAgent; call: LiveCall }) {
  const named = call.name !== '' && call.name !== call.number
  return (
    <>
      <div className={classes.person}>
        <PersonName name={named ? call.name : call.number || 'Number withheld'} />
        {named ? <span className="tl-muted tl-number">{call.number || 'number withheld'}</span> : null}
        {call.supervisors.map(({ supervisionId, name, mode }) => (
          <span key={supervisionId} className="tl-small">
            <PersonName name={name} /> {mode === null ? 'comes in' : DOES[mode]}
          </span>
        ))}
      </div>
      <Actions agent={agent} call={call} />
    </>
  )
}

function Actions(one: OnCall) {
  const { agent, call } = one
  const { busy, on, ...supervise } = useSupervise()
  const mine = on?.callId === call.callId
  const asking = busy ? 'Asking' : null
  const why = supervise.whyNot(one) ?? asking
  const whyTake = supervise.whyNotTake(one) ?? asking
  const take = () => void supervise.takeOver(call.callId)
  const key = (mode: SupervisionMode) => ({ why, run: () => void supervise.want(one, mode), say: supervise.say })
  useRowKey('listen', call.callId, key('listen'))
  useRowKey('whisper', call.callId, key('whisper'))
  useRowKey('barge', call.callId, key('barge'))
  useRowKey('take-over', call.callId, { why: whyTake, run: take, say: supervise.say })
  return (
    <div className={classes.actions}>
      {MODES.map(({ mode, label }) => (
        <ActionButton
          key={mode}
          size="xs"
          variant={mine && on.mode === mode ? 'filled' : 'default'}
          pressed={mine && on.mode === mode}
          why={why}
          label={`${label}: ${agent.name}`}
          onClick={() => void supervise.want(one, mode)}
        >
          {label}
        </ActionButton>
      ))}
      <ActionButton size="xs" variant="default" why={whyTake} label={`Take over from ${agent.name}`} onClick={take}>
        Take over
      </ActionButton>
      {mine ? (
        <ActionButton
          size="xs"
          color="danger"
          why={null}
          label={`Stop listening to ${agent.name}`}
          onClick={() => void supervise.stop()}
        >
          Stop
        </ActionButton>
      ) : null}
    </div>
  )
}

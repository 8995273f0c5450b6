/** The scenarios of an agent with their states. They are run from here with a simulated caller; admins edit them. */
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { AiAgent } from '../../../wire/ai-agent.ts'
import type { Scenario } from '../../../wire/scenario.ts'
import { useView } from '../../desk/hooks.ts'
import { ActionButton } from '../../look/action-button.tsx'
import { ProblemBox } from '../../look/problem-box.tsx'
import { getVoice } from './ai-api.ts'
import { getScenarios } from './scenario-api.ts'
import { ScenarioForm } from './scenario-form.tsx'
import { ScenarioRun } from './scenario-run.tsx'
import { ageOf, StateSign } from './scenario-state.tsx'
import classes from './scenarios.module.css'
import { type ScenarioRuns, useScenarioRuns } from './use-scenario-runs.ts'

/** The list is read again this often while a scenario runs. */
const LOOK_MS = 1_000

export function ScenariosPanel({ agent }: { agent: AiAgent }) {
  const { agentId } = agent
  const isAdmin = useView().agent.role === 'admin'
  const runs = useScenarioRuns(agentId)
  const [editing, setEditing] = useState<Scenario | 'new' | null>(null)
  const list = useQuery({
    queryKey: ['ai-scenarios', agentId],
    queryFn: () => getScenarios(agentId),
    refetchInterval: query => (query.state.data?.items.some(isRunning) ? LOOK_MS : false),
  })
  const cannotRun = useObstacle(agent)
  const scenarios = list.data?.items ?? []
  return (
    <section className="tl-panel tl-stack" aria-labelledby="scenarios-title">
      <h2 id="scenarios-title">Scenarios</h2>
      <p className="tl-small tl-muted">
        A simulated caller speaks with the saved version of this agent. No phone rings, no tool does anything outside:
        it answers what the scenario says.
      </p>
      {list.isError ? <ProblemBox title={list.error.message} onRetry={() => void list.refetch()} /> : null}
      <RunAll runs={runs} names={scenarios.map(one => one.name)} cannotRun={cannotRun} />
      <ul className={classes.list}>
        {scenarios.map(scenario => (
          <Row
            key={scenario.name}
            scenario={scenario}
            version={agent.version}
            runs={runs}
            cannotRun={cannotRun}
            onEdit={isAdmin ? () => setEditing(scenario) : null}
          >
            {editing !== 'new' && editing?.name === scenario.name ? (
              <ScenarioForm agent={agent} scenario={editing} onDone={() => setEditing(null)} />
            ) : null}
          </Row>
        ))}
      </ul>
      {list.isSuccess && scenarios.length === 0 ? <p className="tl-muted">None yet.</p> : null}
      <div>
        <ActionButton
          why={isAdmin ? (editing === null ? null : 'A scenario is being edited') : 'Only an admin may edit'}
          variant="default"
          onClick={() => setEditing('new')}
        >
          New scenario
        </ActionButton>
      </div>
      {editing === 'new' ? <ScenarioForm agent={agent} scenario={null} onDone={() => setEditing(null)} /> : null}
    </section>
  )
}

function isRunning({ last }: Scenario): boolean {
  return last?.state === 'running'
}

/** The reason why scenarios cannot be run here; null: they can. */
function useObstacle({ body }: AiAgent): string | null {
  const voice = useQuery({ queryKey: ['ai-voice'], queryFn: getVoice })
  if (body.driver === 'relay') return 'The carrier hears and speaks for this agent: only a real call can try it'
  return voice.data?.ready === false ? `Calls have no voice here: ${voice.data.missing.join(', ')} is not set` : null
}

function RunAll({ runs, names, cannotRun }: { runs: ScenarioRuns; names: string[]; cannotRun: string | null }) {
  const { all } = runs
  return (
    <div className="tl-row">
      <ActionButton
        why={cannotRun ?? (all !== null ? 'They are running' : names.length === 0 ? 'There are no scenarios' : null)}
        onClick={() => void runs.runAll(names)}
      >
        Run all
      </ActionButton>
      {all === null ? null : (
        <>
          <span role="status">
            {all.at} of {all.of}
          </span>
          <ActionButton why={null} variant="default" onClick={runs.stopAll}>
            Stop after this one
          </ActionButton>
        </>
      )}
      {cannotRun === null ? null : <span className="tl-muted tl-small">{cannotRun}</span>}
    </div>
  )
}

interface RowProps {
  scenario: Scenario
  version: number
  runs: ScenarioRuns
  cannotRun: string | null
  /** null: this person may not edit */
  onEdit: (() => void) | null
  /** its form, when it is being edited */
  children: ReactNode
}

function Row({ scenario, version, runs, cannotRun, onEdit, children }: RowProps) {
  const { name, body, last } = scenario
  const age = ageOf(scenario, version)
  const isShown = last !== null && runs.shown?.runId === last.runId
  const why =
    cannotRun ?? (last?.state === 'running' ? 'It is running' : runs.all !== null ? 'All are being run' : null)
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <strong>{name}</strong>
        <span className="tl-small tl-muted">{body.about}</span>
        <span className="tl-small">
          <StateSign state={last?.state ?? 'none'} /> {age === '' ? null : <span className="tl-muted">{age}</span>}
        </span>
      </div>
      <div className={classes.buttons}>
        <ActionButton
          why={why}
          size="compact-sm"
          variant="default"
          label={`Run ${name}`}
          onClick={() => void runs.run(name)}
        >
          Run
        </ActionButton>
        <ActionButton
          why={last === null ? 'It has not run yet' : null}
          size="compact-sm"
          variant="default"
          label={`${isShown ? 'Hide' : 'Show'} the last run of ${name}`}
          onClick={() => runs.show(isShown || last === null ? null : { name, runId: last.runId })}
        >
          {isShown ? 'Hide' : 'Show'}
        </ActionButton>
        <ActionButton
          why={onEdit === null ? 'Only an admin may edit' : null}
          size="compact-sm"
          variant="default"
          label={`Edit ${name}`}
          onClick={() => onEdit?.()}
        >
          Edit
        </ActionButton>
      </div>
      {children === null ? null : <div className={classes.below}>{children}</div>}
      {isShown ? (
        <div className={classes.below}>
          <ScenarioRun key={last.runId} name={name} runId={last.runId} state={last.state} />
        </div>
      ) : null}
    </li>
  )
}

/** Whether agents are told that somebody listens to their calls. An admin decides; everybody who leads the team can read it. */
import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { SupervisionRule } from '../../../wire/supervision.ts'
import { ask } from '../../api.ts'
import { ProblemBox } from '../../look/problem-box.tsx'
import { useChange } from './use-change.ts'

const RULES: { value: SupervisionRule; label: string; description: string }[] = [
  {
    value: 'announced',
    label: 'Agents are told',
    description: 'Their screen says who listens, whispers or speaks to both.',
  },
  {
    value: 'silent',
    label: 'Agents are not told',
    description: 'It stands in the events of the call all the same, for supervisors. Ask whether your law allows it.',
  },
]

export function SupervisionRulePanel({ admin }: { admin: boolean }) {
  const workspace = useQuery({ queryKey: ['workspace'], queryFn: () => ask('GET /api/workspace') })
  const change = useChange('workspace')
  const save = (rule: SupervisionRule) =>
    change.run(() => ask('PUT /api/workspace/supervision', { body: { rule } }), 'It holds from the next time on.')
  return (
    <section className="tl-panel tl-stack" aria-labelledby="supervision-title">
      <h2 id="supervision-title">Listening in</h2>
      {workspace.isError ? (
        <ProblemBox title={workspace.error.message} onRetry={() => void workspace.refetch()} />
      ) : null}
      {workspace.data === undefined ? null : (
        <NativeSelect
          label="When a supervisor is on an agent’s call"
          description={RULES.find(one => one.value === workspace.data.supervision)?.description}
          data={RULES.map(({ value, label }) => ({ value, label }))}
          value={workspace.data.supervision}
          disabled={!admin || change.busy}
          onChange={event => void save(event.currentTarget.value as SupervisionRule)}
          style={{ maxWidth: 480 }}
        />
      )}
      {admin ? null : <p className="tl-muted">An admin can change this.</p>}
    </section>
  )
}

/** The versions of a flow, each with what it changed. An earlier one can be brought back as the newest. */
import { useQuery } from '@tanstack/react-query'
import type { Flow } from '../../../wire/flow.ts'
import { stampText } from '../../desk/time.ts'
import { ActionButton } from '../../look/action-button.tsx'
import { ProblemBox } from '../../look/problem-box.tsx'
import { useChange } from '../team/use-change.ts'
import { getVersions, rollBack } from './flow-api.ts'
import classes from './flow-editor.module.css'

interface VersionsPanelProps {
  flow: Flow
  readOnly: boolean
  onBack(flow: Flow): void
}

export function VersionsPanel({ flow, readOnly, onBack }: VersionsPanelProps) {
  const versions = useQuery({
    queryKey: ['flow-versions', flow.id, flow.version, flow.canary?.version],
    queryFn: () => getVersions(flow.id),
  })
  const change = useChange('flows', 'flow-versions')
  const why = (version: number) =>
    readOnly
      ? 'A supervisor edits flows'
      : version === flow.version
        ? 'Calls get this version'
        : change.busy
          ? 'Saving'
          : null
  const back = (version: number) =>
    void change.run(async () => onBack(await rollBack(flow.id, version)), `Version ${version} is back.`)
  const items = versions.data?.items ?? []
  return (
    <section className="tl-panel tl-stack" aria-labelledby="versions-title">
      <h2 id="versions-title">Versions</h2>
      {versions.isError ? <ProblemBox title={versions.error.message} onRetry={() => void versions.refetch()} /> : null}
      {items.length === 0 && versions.isSuccess ? (
        <p className="tl-muted">None yet. Calls get a flow when it is published.</p>
      ) : null}
      <ol className={classes.versions}>
        {items.map(({ version, tm_create: made, rolledBackTo, changes }) => (
          <li key={version}>
            <span className="tl-number">{version}</span>
            <div>
              <div className="tl-small tl-muted">
                {stampText(Date.parse(made))}
                {version === flow.version ? ', calls get it' : ''}
                {version === flow.canary?.version ? `, ${flow.canary.percent} % of the calls get it` : ''}
                {rolledBackTo === null ? '' : `, as version ${rolledBackTo}`}
              </div>
              <div>{changes.length === 0 ? 'no step differs' : changes.map(changeWords).join('; ')}</div>
            </div>
            <ActionButton variant="default" why={why(version)} onClick={() => back(version)}>
              Bring back<span className="tl-hidden"> version {version}</span>
            </ActionButton>
          </li>
        ))}
      </ol>
    </section>
  )
}

function changeWords({ stepId, change, fields }: { stepId: string; change: string; fields: string[] }): string {
  return fields.length === 0 ? `${stepId} ${change}` : `${stepId}: ${fields.join(', ')}`
}

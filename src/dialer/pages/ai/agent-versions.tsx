/** All versions, newest first, with the fields that changed. An older version can be saved again as the newest one. */
import { useMutation, useQuery } from '@tanstack/react-query'
import type { AiAgent } from '../../../wire/ai-agent.ts'
import { useDesk, useView } from '../../desk/hooks.ts'
import { stampText } from '../../desk/time.ts'
import { ActionButton } from '../../look/action-button.tsx'
import { ProblemBox } from '../../look/problem-box.tsx'
import { changedWords } from './agent-draft.ts'
import classes from './agent-form.module.css'
import { getVersions, rollBack } from './ai-api.ts'

export function AgentVersions({ agent, onSaved }: { agent: AiAgent; onSaved(agent: AiAgent): void }) {
  const view = useView()
  const { store } = useDesk()
  const { agentId, version: latest } = agent
  const versions = useQuery({ queryKey: ['ai-versions', agentId, latest], queryFn: () => getVersions(agentId) })
  const back = useMutation({
    mutationFn: (version: number) => rollBack(agentId, version),
    onSuccess: (saved, version) => {
      store.notify('info', `Version ${version} is back, as version ${saved.version}.`)
      onSaved(saved)
    },
    onError: error => store.notify('problem', error.message),
  })
  const why = (version: number) =>
    view.agent.role !== 'admin'
      ? 'Only an admin may edit'
      : version === latest
        ? 'This is the newest version'
        : back.isPending
          ? 'Saving'
          : null
  return (
    <section className="tl-panel tl-stack" aria-labelledby="versions-title">
      <h2 id="versions-title">Versions</h2>
      {versions.isError ? <ProblemBox title={versions.error.message} onRetry={() => void versions.refetch()} /> : null}
      <ol className={classes.versions}>
        {versions.data?.items.map(({ version, savedMs, savedBy, changed }) => (
          <li key={version}>
            <span className="tl-number">{version}</span>
            <span>
              {changedWords(changed)}
              <br />
              <span className="tl-small tl-muted">
                {stampText(savedMs)} by {savedBy}
              </span>
            </span>
            <ActionButton
              why={why(version)}
              variant="default"
              size="compact-sm"
              label={`Bring back version ${version}`}
              onClick={() => back.mutate(version)}
            >
              Bring back
            </ActionButton>
          </li>
        ))}
      </ol>
    </section>
  )
}

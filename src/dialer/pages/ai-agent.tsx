/** The page of one AI agent: its form on the left; the call to try it, and its versions, on the right. */
import { Loader } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { AiAgent } from '../../wire/ai-agent.ts'
import { PersonName } from '../look/person-name.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import { AgentForm } from './ai/agent-form.tsx'
import { AgentVersions } from './ai/agent-versions.tsx'
import { getAgent } from './ai/ai-api.ts'
import { ScenariosPanel } from './ai/scenarios-panel.tsx'
import { TalkPanel } from './ai/talk-panel.tsx'
import classes from './ai-agent.module.css'

const route = getRouteApi('/desk/frame/ai/$agentId')
/** the place of the id in the address of a new agent */
const NEW = 'new'

export function AiAgentScreen() {
  const { agentId } = route.useParams()
  const navigate = route.useNavigate()
  const queries = useQueryClient()
  const [forms, setForms] = useState(0)
  const fresh = agentId === NEW
  const agent = useQuery({ queryKey: ['ai-agent', agentId], queryFn: () => getAgent(agentId), enabled: !fresh })
  const saved = (next: AiAgent) => {
    queries.setQueryData(['ai-agent', next.agentId], next)
    if (fresh) void navigate({ params: { agentId: next.agentId }, replace: true })
  }
  // The form is made again, because the restored version replaces unsaved changes.
  const broughtBack = (next: AiAgent) => {
    saved(next)
    setForms(count => count + 1)
  }
  const data = fresh ? null : agent.data
  return (
    <div className="tl-stack">
      <Link to="/ai">← All AI agents</Link>
      {agent.isLoading ? <Loader size="sm" role="status" aria-label="Loading the agent" /> : null}
      {agent.isError ? <ProblemBox title={agent.error.message} onRetry={() => void agent.refetch()} /> : null}
      {data === undefined ? null : (
        <>
          <h1>{data === null ? 'New AI agent' : <PersonName name={data.body.name} />}</h1>
          <div className={classes.columns}>
            <div className={classes.try}>
              {data === null ? null : <TalkPanel agentId={agentId} />}
              {data === null ? null : <ScenariosPanel agent={data} />}
              {data === null ? null : <AgentVersions agent={data} onSaved={broughtBack} />}
            </div>
            <AgentForm key={`${agentId} ${forms}`} agent={data} onSaved={saved} />
          </div>
        </>
      )}
    </div>
  )
}

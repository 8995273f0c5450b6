/** One AI agent: what it is told on the left, the call to try it on the right. */
import { Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { getAgent } from '../ai/ai-api.ts'
import { TalkPanel } from '../ai/talk-panel.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import classes from './ai-agent.module.css'

const route = getRouteApi('/desk/frame/ai/$agentId')

export function AiAgentScreen() {
  const { agentId } = route.useParams()
  const agent = useQuery({ queryKey: ['ai-agent', agentId], queryFn: () => getAgent(agentId) })
  return (
    <div className="tl-stack">
      <Link to="/ai">← All AI agents</Link>
      {agent.isPending ? <Loader size="sm" aria-label="Loading the agent" /> : null}
      {agent.isError ? <ProblemBox title={agent.error.message} onRetry={() => void agent.refetch()} /> : null}
      {agent.data === undefined ? null : (
        <div className={classes.columns}>
          <div className="tl-stack">
            <h1>{agent.data.body.name}</h1>
          </div>
          <TalkPanel agentId={agentId} />
        </div>
      )}
    </div>
  )
}

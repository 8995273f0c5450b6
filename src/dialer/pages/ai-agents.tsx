/** The AI agents of the workspace. */
import { Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useView } from '../desk/hooks.ts'
import { stampText } from '../desk/time.ts'
import { PersonName } from '../look/person-name.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import { getAgents } from './ai/ai-api.ts'
import classes from './table.module.css'

export function AiAgents() {
  const agents = useQuery({ queryKey: ['ai-agents'], queryFn: getAgents })
  const { agent } = useView()
  const items = agents.data?.items ?? []
  return (
    <section className="tl-panel tl-stack" aria-labelledby="ai-title">
      <div className={classes.head}>
        <h1 id="ai-title">AI agents</h1>
        {agent.role === 'admin' ? (
          <Link to="/ai/$agentId" params={{ agentId: 'new' }}>
            New agent
          </Link>
        ) : null}
        {agents.isFetching ? <Loader size="xs" role="status" aria-label="Loading" /> : null}
      </div>
      {agents.isError ? <ProblemBox title={agents.error.message} onRetry={() => void agents.refetch()} /> : null}
      {items.length === 0 && agents.isSuccess ? <p className="tl-muted">There is no AI agent yet.</p> : null}
      {items.length === 0 ? null : (
        <div className={classes.scroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Answers</th>
                <th scope="col" className={classes.wide}>
                  Language
                </th>
                <th scope="col" className={classes.wide}>
                  Tools
                </th>
                <th scope="col">Version</th>
                <th scope="col" className={classes.wide}>
                  Saved
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map(({ agentId, version, savedMs, savedBy, numbers, body }) => (
                <tr key={agentId}>
                  <td>
                    <Link to="/ai/$agentId" params={{ agentId }} className={classes.who}>
                      <PersonName name={body.name} />
                    </Link>
                  </td>
                  <td className="tl-number">{numbers.length === 0 ? 'no number' : numbers.join(', ')}</td>
                  <td className={classes.wide}>{body.language}</td>
                  <td className={classes.wide}>{body.tools.length + body.httpTools.length}</td>
                  <td className="tl-number">{version}</td>
                  <td className={classes.wide}>
                    {stampText(savedMs)} by {savedBy}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

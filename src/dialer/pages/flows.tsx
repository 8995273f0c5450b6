/** The flows of the workspace. */
import { Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useView } from '../desk/hooks.ts'
import { stampText } from '../desk/time.ts'
import { PersonName } from '../look/person-name.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import { getFlows } from './numbers/number-api.ts'
import classes from './table.module.css'

export function Flows() {
  const flows = useQuery({ queryKey: ['flows'], queryFn: getFlows })
  const { agent } = useView()
  const items = flows.data?.items ?? []
  return (
    <section className="tl-panel tl-stack" aria-labelledby="flows-title">
      <div className={classes.head}>
        <h1 id="flows-title">Flows</h1>
        {agent.role === 'agent' ? null : (
          <Link to="/flows/$flowId" params={{ flowId: 'new' }}>
            New flow
          </Link>
        )}
        {flows.isFetching ? <Loader size="xs" role="status" aria-label="Loading" /> : null}
      </div>
      {flows.isError ? <ProblemBox title={flows.error.message} onRetry={() => void flows.refetch()} /> : null}
      {items.length === 0 && flows.isSuccess ? (
        <p className="tl-muted">There is no flow yet. Make one, publish it, and let a number lead to it.</p>
      ) : null}
      {items.length === 0 ? null : (
        <div className={classes.scroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Calls get</th>
                <th scope="col">Steps</th>
                <th scope="col" className={classes.wide}>
                  Changed
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map(({ id, name, version, canary, actions, tm_update: changedAt }) => (
                <tr key={id}>
                  <td>
                    <Link to="/flows/$flowId" params={{ flowId: id }} className={classes.who}>
                      <PersonName name={name} />
                    </Link>
                  </td>
                  <td>
                    {version === 0 ? <span className="tl-muted">nothing yet</span> : `version ${version}`}
                    {canary === null ? '' : `, ${canary.percent} % version ${canary.version}`}
                  </td>
                  <td className="tl-number">{actions.length}</td>
                  <td className={classes.wide}>{stampText(Date.parse(changedAt))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

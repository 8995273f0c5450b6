/** Our numbers and who answers each of them. An admin changes it in the row; a refusal is shown there as well. */
import { Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useView } from '../desk/hooks.ts'
import { ProblemBox } from '../look/problem-box.tsx'
import { getAgents, getNumbers, getPeople } from './ai/ai-api.ts'
import { getConferences, getFlows, getLeads, getRungExtensions } from './numbers/number-api.ts'
import { NumberRow } from './numbers/number-row.tsx'
import { VoicemailPanel } from './numbers/voicemail-panel.tsx'
import { getQueues } from './queues/queue-api.ts'
import classes from './table.module.css'

export function Numbers() {
  const { agent } = useView()
  const admin = agent.role === 'admin'
  const leads = agent.role !== 'agent'
  return (
    <div className="tl-stack">
      <section className="tl-panel tl-stack" aria-labelledby="numbers-title">
        <h1 id="numbers-title">Numbers</h1>
        {leads ? (
          <NumbersTable admin={admin} />
        ) : (
          <p role="note">Those who lead the team see the numbers. You are signed in as agent.</p>
        )}
      </section>
      {leads ? <VoicemailPanel admin={admin} /> : null}
    </div>
  )
}

function NumbersTable({ admin }: { admin: boolean }) {
  const numbers = useQuery({ queryKey: ['numbers'], queryFn: getNumbers })
  const items = numbers.data?.items ?? []
  const leads = useQuery({ queryKey: ['numbers', 'flows'], queryFn: getLeads })
  const flows = useQuery({ queryKey: ['flows'], queryFn: getFlows })
  const agents = useQuery({ queryKey: ['ai-agents'], queryFn: getAgents })
  const people = useQuery({ queryKey: ['people'], queryFn: getPeople })
  const queues = useQuery({ queryKey: ['queues'], queryFn: getQueues })
  const conferences = useQuery({ queryKey: ['conferences'], queryFn: getConferences })
  const extensions = useQuery({ queryKey: ['extensions', 'rung'], queryFn: getRungExtensions })
  const asked = [numbers, leads, flows, queues, conferences, agents, people, extensions]
  const failed = asked.find(one => one.isError)
  const ready = asked.every(one => one.isSuccess) && leads.data !== undefined
  const choices = {
    flows: flows.data?.items ?? [],
    queues: queues.data?.items ?? [],
    conferences: conferences.data?.items ?? [],
    agents: agents.data?.items ?? [],
    people: people.data ?? [],
    extensions: extensions.data ?? [],
  }
  if (failed !== undefined)
    return (
      <ProblemBox
        title={failed.error?.message ?? ''}
        onRetry={() => {
          for (const one of asked) if (one.isError) void one.refetch()
        }}
      />
    )
  if (!ready) return <Loader size="sm" role="status" aria-label="Loading the numbers" />
  if (items.length === 0)
    return (
      <p className="tl-muted">
        There is no number yet. A number of your carrier is added with <code>POST /api/numbers</code>.
      </p>
    )
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Number</th>
            <th scope="col" className={classes.wide}>
              Name
            </th>
            <th scope="col">Leads to</th>
            <th scope="col" className={classes.wide}>
              State
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map(row => (
            <NumberRow
              key={row.number}
              row={row}
              led={leads.data.get(row.number) ?? null}
              choices={choices}
              admin={admin}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** One's own sign-ins; for those who lead the team, its people and its numbers. */
import { useView } from '../desk/hooks.ts'
import { NumbersTable } from './team/numbers-table.tsx'
import { OwnSignIns } from './team/own-sign-ins.tsx'
import { PeopleTable } from './team/people-table.tsx'

export function Team() {
  const { agent } = useView()
  const leads = agent.role !== 'agent'
  const admin = agent.role === 'admin'
  return (
    <div className="tl-stack">
      <h1>Team</h1>
      <OwnSignIns />
      {leads ? <PeopleTable admin={admin} ownId={agent.userId} /> : null}
      {leads ? <NumbersTable admin={admin} /> : null}
    </div>
  )
}

/** One's own sign-ins and second factor; for those who lead the team, its people and its numbers; for an admin, invitations and the keys of programs. */
import { useView } from '../desk/hooks.ts'
import { InvitationsPanel } from './team/invitations-panel.tsx'
import { KeysPanel } from './team/keys-panel.tsx'
import { NumbersTable } from './team/numbers-table.tsx'
import { OwnSignIns } from './team/own-sign-ins.tsx'
import { PeopleTable } from './team/people-table.tsx'
import { SecondFactorPanel } from './team/second-factor-panel.tsx'
import { SupervisionRulePanel } from './team/supervision-rule.tsx'

export function Team() {
  const { agent } = useView()
  const leads = agent.role !== 'agent'
  const admin = agent.role === 'admin'
  return (
    <div className="tl-stack">
      <h1>Team</h1>
      <OwnSignIns />
      <SecondFactorPanel admin={admin} />
      {leads ? <PeopleTable admin={admin} ownId={agent.userId} /> : null}
      {admin ? <InvitationsPanel /> : null}
      {leads ? <NumbersTable admin={admin} /> : null}
      {leads ? <SupervisionRulePanel admin={admin} /> : null}
      {admin ? <KeysPanel /> : null}
    </div>
  )
}

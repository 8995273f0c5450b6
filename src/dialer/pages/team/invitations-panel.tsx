/** Invitations to the workspace. An admin makes a link, sees it once, and brings it to the person. */
import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Role } from '../../../wire/api.ts'
import type { InvitationRow } from '../../../wire/invitation.ts'
import { stampText } from '../../desk/time.ts'
import { ProblemBox } from '../../look/problem-box.tsx'
import { ShownOnce } from '../shown-once.tsx'
import classes from '../table.module.css'
import { SureButton } from './sure-button.tsx'
import { getInvitations, invite, revokeInvitation } from './team-api.ts'
import { useChange } from './use-change.ts'

const ROLES: Role[] = ['agent', 'supervisor', 'admin']

export function InvitationsPanel() {
  const list = useQuery({ queryKey: ['invitations'], queryFn: getInvitations })
  const [made, setMade] = useState<{ email: string; link: string } | null>(null)
  const items = list.data?.items ?? []
  return (
    <section className="tl-panel tl-stack" aria-labelledby="invitations-title">
      <h2 id="invitations-title">Invitations</h2>
      {list.isError ? <ProblemBox title={list.error.message} onRetry={() => void list.refetch()} /> : null}
      {list.isSuccess && items.length === 0 ? <p className="tl-muted">No invitation waits for an answer.</p> : null}
      {items.length === 0 ? null : <InvitationsTable items={items} />}
      {made === null ? (
        <InviteForm onMade={setMade} />
      ) : (
        <ShownOnce label="The link" value={made.link} onDone={() => setMade(null)}>
          Bring this link to {made.email} yourself: Trunkline sends no mail. It is good once, for seven days, and is
          shown only here.
        </ShownOnce>
      )}
    </section>
  )
}

function InvitationsTable({ items }: { items: InvitationRow[] }) {
  const change = useChange('invitations')
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">E-mail</th>
            <th scope="col">Role</th>
            <th scope="col">Invited by</th>
            <th scope="col">Good until</th>
            <th scope="col">Change</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ invitationId, email, role, madeBy, madeMs, endsMs }) => (
            <tr key={invitationId}>
              <td className={classes.who}>{email}</td>
              <td>{role}</td>
              <td>
                {madeBy}, {stampText(madeMs)}
              </td>
              <td>{stampText(endsMs)}</td>
              <td>
                <SureButton
                  label={`Revoke the invitation of ${email}`}
                  question="Really revoke?"
                  disabled={change.busy}
                  onSure={() =>
                    void change.run(() => revokeInvitation(invitationId), `The invitation of ${email} is revoked.`)
                  }
                >
                  Revoke
                </SureButton>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function InviteForm({ onMade }: { onMade(made: { email: string; link: string }): void }) {
  const change = useChange('invitations')
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('agent')
  async function make(event: FormEvent) {
    event.preventDefault()
    await change.run(async () => {
      const { link } = await invite(email.trim(), role)
      onMade({ email: email.trim(), link })
    }, `${email.trim()} is invited.`)
  }
  return (
    <form className={classes.filters} aria-label="Invite somebody" onSubmit={event => void make(event)}>
      <TextInput
        label="E-mail"
        type="email"
        autoComplete="off"
        value={email}
        onChange={event => setEmail(event.currentTarget.value)}
      />
      <NativeSelect
        label="As"
        value={role}
        data={ROLES}
        onChange={event => setRole(event.currentTarget.value as Role)}
      />
      <Button type="submit" variant="default" disabled={change.busy || email.trim() === ''}>
        Make a link
      </Button>
    </form>
  )
}

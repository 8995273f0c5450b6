/** The people of the workspace. An admin gives roles, ends sign-ins and removes people; a supervisor reads. */
import { Button, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { MemberRow, Role } from '../../../wire/api.ts'
import { stampText } from '../../desk/time.ts'
import { ProblemBox } from '../../look/problem-box.tsx'
import { getPeople } from '../ai/ai-api.ts'
import classes from '../table.module.css'
import { SureButton } from './sure-button.tsx'
import { changeMember, endSignIns, getSignIns, removeMember } from './team-api.ts'
import { useChange } from './use-change.ts'

const ROLES: Role[] = ['agent', 'supervisor', 'admin']

export function PeopleTable({ admin, ownId }: { admin: boolean; ownId: string }) {
  const people = useQuery({ queryKey: ['people'], queryFn: getPeople })
  return (
    <section className="tl-panel tl-stack" aria-labelledby="people-title">
      <h2 id="people-title">People</h2>
      {people.isError ? <ProblemBox title={people.error.message} onRetry={() => void people.refetch()} /> : null}
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Role</th>
              {admin ? <th scope="col">Change</th> : null}
            </tr>
          </thead>
          <tbody>
            {(people.data ?? []).map(one => (
              <PersonRow key={one.userId} one={one} admin={admin} own={one.userId === ownId} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function PersonRow({ one: { userId, name, role }, admin, own }: { one: MemberRow; admin: boolean; own: boolean }) {
  const change = useChange('people')
  if (!admin)
    return (
      <tr>
        <td className={classes.who}>{name}</td>
        <td>{role}</td>
      </tr>
    )
  return (
    <tr>
      <td className={classes.who}>
        {name}
        {own ? ' (you)' : ''}
      </td>
      <td>
        <NativeSelect
          aria-label={`Role of ${name}`}
          value={role}
          data={ROLES}
          disabled={change.busy}
          onChange={event => {
            const wanted = event.currentTarget.value as Role
            void change.run(() => changeMember(userId, { role: wanted }), `${name} is ${wanted} now.`)
          }}
        />
      </td>
      <td>
        <span className="tl-row">
          <SignInsOf userId={userId} name={name} />
          <SureButton
            label={`Remove ${name}`}
            question="Really remove?"
            disabled={change.busy}
            onSure={() => void change.run(() => removeMember(userId), `${name} is removed and signed out.`)}
          >
            Remove
          </SureButton>
        </span>
      </td>
    </tr>
  )
}

/** Shown on request: how many sign-ins a person has, and the newest one. */
function SignInsOf({ userId, name }: { userId: string; name: string }) {
  const [shown, setShown] = useState(false)
  const change = useChange(`sign-ins ${userId}`)
  const list = useQuery({ queryKey: [`sign-ins ${userId}`], queryFn: () => getSignIns(userId), enabled: shown })
  if (!shown)
    return (
      <Button variant="default" aria-label={`Sign-ins of ${name}`} onClick={() => setShown(true)}>
        Sign-ins
      </Button>
    )
  const items = list.data?.items ?? []
  return (
    <span className="tl-row" aria-live="polite">
      {list.isSuccess ? signInWords(items) : 'Loading'}
      {items.length === 0 ? null : (
        <SureButton
          label={`End all sign-ins of ${name}`}
          question="End them?"
          disabled={change.busy}
          onSure={() => void change.run(() => endSignIns(userId), `${name} is signed out everywhere.`)}
        >
          End all
        </SureButton>
      )}
    </span>
  )
}

function signInWords(items: { createdMs: number }[]): string {
  const [newest] = items
  if (newest === undefined) return 'not signed in'
  return `${items.length} sign-in${items.length === 1 ? '' : 's'}, the newest of ${stampText(newest.createdMs)}`
}

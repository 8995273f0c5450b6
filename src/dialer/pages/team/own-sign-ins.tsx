/** One's own sign-ins and password. */
import { Button, PasswordInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { stampText } from '../../desk/time.ts'
import { ProblemBox } from '../../look/problem-box.tsx'
import classes from '../table.module.css'
import { SureButton } from './sure-button.tsx'
import { changePassword, endOwnSignIn, getOwnSignIns } from './team-api.ts'
import { useChange } from './use-change.ts'

export function OwnSignIns() {
  const list = useQuery({ queryKey: ['own-sign-ins'], queryFn: getOwnSignIns })
  const change = useChange('own-sign-ins')
  return (
    <section className="tl-panel tl-stack" aria-labelledby="sign-ins-title">
      <h2 id="sign-ins-title">Where you are signed in</h2>
      {list.isError ? <ProblemBox title={list.error.message} onRetry={() => void list.refetch()} /> : null}
      <ul className="tl-stack">
        {(list.data?.items ?? []).map(({ sessionId, createdMs, address, browser, current }) => (
          <li key={sessionId} className="tl-row">
            <span>
              {browserWords(browser)}, since {stampText(createdMs)}
              {address === null ? '' : `, from ${address}`}
              {current ? ' (this one)' : ''}
            </span>
            {current ? null : (
              <SureButton
                label={`End the sign-in of ${stampText(createdMs)}`}
                question="End it?"
                disabled={change.busy}
                onSure={() => void change.run(() => endOwnSignIn(sessionId), 'That sign-in is over.')}
              >
                End
              </SureButton>
            )}
          </li>
        ))}
      </ul>
      <PasswordForm />
    </section>
  )
}

function PasswordForm() {
  const change = useChange('own-sign-ins')
  const [current, setCurrent] = useState('')
  const [wanted, setWanted] = useState('')
  async function save(event: FormEvent) {
    event.preventDefault()
    const saved = await change.run(
      () => changePassword(current, wanted),
      'The password is changed. Every other sign-in of yours is over.',
    )
    if (!saved) return
    setCurrent('')
    setWanted('')
  }
  return (
    <form className={classes.filters} onSubmit={event => void save(event)} aria-label="Change the password">
      <PasswordInput
        label="Current password"
        autoComplete="current-password"
        value={current}
        onChange={event => setCurrent(event.currentTarget.value)}
      />
      <PasswordInput
        label="New password, 12 characters or more"
        autoComplete="new-password"
        value={wanted}
        onChange={event => setWanted(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={change.busy || current === '' || wanted === ''}>
        Change the password
      </Button>
    </form>
  )
}

/** `Mozilla/5.0 (…) … Chrome/153.0 …` → `Chrome` */
function browserWords(browser: string | null): string {
  return /(Edg|Firefox|Chrome|Safari)\//.exec(browser ?? '')?.[1]?.replace('Edg', 'Edge') ?? 'A browser'
}

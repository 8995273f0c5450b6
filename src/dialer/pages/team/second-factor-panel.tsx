/** One's own second factor, and for an admin whether everybody in the workspace must have one. */
import { Button, PasswordInput, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ask } from '../../api.ts'
import { ProblemBox } from '../../look/problem-box.tsx'
import { SecondFactorSetUp } from '../second-factor/set-up.tsx'
import classes from '../table.module.css'
import { type Change, useChange } from './use-change.ts'

export function SecondFactorPanel({ admin }: { admin: boolean }) {
  const state = useQuery({ queryKey: ['second-factor'], queryFn: () => ask('GET /api/me/second-factor') })
  const change = useChange('second-factor', 'own-sign-ins')
  const [settingUp, setSettingUp] = useState(false)
  const { on = false, required = false } = state.data ?? {}
  const require = (wanted: boolean) =>
    change.run(
      () => ask('PUT /api/workspace/second-factor', { body: { required: wanted } }),
      wanted ? 'Whoever has no second factor sets one up now, before anything else.' : 'A second factor is up to each.',
    )
  function done() {
    setSettingUp(false)
    void change.run(async () => undefined, 'Your second factor is on.')
  }
  return (
    <section className="tl-panel tl-stack" aria-labelledby="second-factor-title">
      <h2 id="second-factor-title">Second factor</h2>
      {state.isError ? <ProblemBox title={state.error.message} onRetry={() => void state.refetch()} /> : null}
      {state.data === undefined ? null : on ? (
        <>
          <p>It is on: each sign-in asks for a code of the app on your phone, or a backup code.</p>
          {required ? (
            <p className="tl-muted">This workspace wants it, so it stays on.</p>
          ) : (
            <OffForm change={change} />
          )}
        </>
      ) : settingUp ? (
        <SecondFactorSetUp onDone={done} />
      ) : (
        <>
          <p className="tl-muted">It is off. With it, a sign-in asks for a code of an app on your phone as well.</p>
          <Button variant="default" onClick={() => setSettingUp(true)} style={{ alignSelf: 'flex-start' }}>
            Set up a second factor
          </Button>
        </>
      )}
      {admin && state.data !== undefined ? (
        <Switch
          label="Everybody in this workspace needs one"
          description={on ? undefined : 'Set up your own first.'}
          checked={required}
          disabled={change.busy || !on}
          onChange={event => void require(event.currentTarget.checked)}
        />
      ) : null}
    </section>
  )
}

function OffForm({ change }: { change: Change }) {
  const [password, setPassword] = useState('')
  async function off(event: FormEvent) {
    event.preventDefault()
    const request = () => ask('POST /api/me/second-factor/off', { body: { password } })
    if (await change.run(request, 'Your second factor is off.')) setPassword('')
  }
  return (
    <form className={classes.filters} aria-label="Switch the second factor off" onSubmit={event => void off(event)}>
      <PasswordInput
        label="Your password"
        autoComplete="current-password"
        value={password}
        onChange={event => setPassword(event.currentTarget.value)}
        style={{ minWidth: 220 }}
      />
      <Button type="submit" variant="default" disabled={change.busy || password === ''}>
        Switch it off
      </Button>
    </form>
  )
}

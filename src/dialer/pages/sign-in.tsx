/** Sign-in by e-mail and password, and a code where there is a second factor; in local mode also one button per demo person. */
import { Button, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { Config } from '../../wire/api.ts'
import { ApiProblem, demoSignIn, getConfig, signIn, verifyCode } from '../api.ts'
import { PasswordField } from '../look/password-field.tsx'
import { PersonName } from '../look/person-name.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import { Entrance } from './entrance.tsx'
import classes from './sign-in.module.css'

export function SignIn() {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const config = useQuery({ queryKey: ['config'], queryFn: getConfig })
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [codeAsked, setCodeAsked] = useState(false)

  async function enter(attempt: () => Promise<unknown>) {
    setBusy(true)
    setProblem(null)
    try {
      if ((await attempt()) === 'code-asked') return setCodeAsked(true)
      await queries.invalidateQueries({ queryKey: ['me'] })
      await navigate({ to: '/' })
    } catch (error) {
      setProblem(codeAsked && error instanceof Error ? error.message : signInWords(error))
    } finally {
      setBusy(false)
    }
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    void enter(() => signIn(String(form.get('email')), String(form.get('password'))))
  }

  const people = config.data?.demoUsers ?? []
  return (
    <Entrance>
      {problem === null ? null : <ProblemBox title={problem} />}
      {codeAsked ? (
        <CodeForm busy={busy} onCode={code => void enter(() => verifyCode(code))} />
      ) : (
        <form onSubmit={submit} className="tl-stack">
          <TextInput name="email" type="email" label="E-mail" autoComplete="username" required withAsterisk={false} />
          <PasswordField name="password" label="Password" />
          <Button type="submit" size="md" loading={busy}>
            Sign in
          </Button>
        </form>
      )}
      {codeAsked ? (
        <Button variant="subtle" onClick={() => setCodeAsked(false)}>
          Begin again
        </Button>
      ) : config.isError ? (
        <ProblemBox title={config.error.message} onRetry={() => void config.refetch()} />
      ) : people.length > 0 ? (
        <DemoPeople people={people} busy={busy} onChoose={key => void enter(() => demoSignIn(key))} />
      ) : null}
    </Entrance>
  )
}

function CodeForm({ busy, onCode }: { busy: boolean; onCode(code: string): void }) {
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    onCode(String(new FormData(event.currentTarget).get('code')).trim())
  }
  return (
    <form onSubmit={submit} className="tl-stack" aria-label="The code">
      <TextInput
        name="code"
        label="The code of the app on your phone, or a backup code"
        autoComplete="one-time-code"
        required
        withAsterisk={false}
        data-autofocus
      />
      <Button type="submit" size="md" loading={busy}>
        Go on
      </Button>
    </form>
  )
}

interface DemoPeopleProps {
  people: Config['demoUsers']
  busy: boolean
  onChoose(key: string): void
}

function DemoPeople({ people, busy, onChoose }: DemoPeopleProps) {
  return (
    <section className={classes.demo} aria-labelledby="demo-title">
      <h2 id="demo-title">Or try it here</h2>
      <p className="tl-muted">This is a local Trunkline with pretend people. No account is needed.</p>
      <div className={classes.people}>
        {people.map(person => (
          <Button key={person.key} variant="default" loading={busy} onClick={() => onChoose(person.key)}>
            Continue as <PersonName name={person.name} /> ({person.role})
          </Button>
        ))}
      </div>
    </section>
  )
}

function signInWords(error: unknown): string {
  if (error instanceof ApiProblem && error.status === 401) return 'E-mail or password is wrong.'
  return error instanceof Error ? error.message : 'Sign-in failed. Try again.'
}

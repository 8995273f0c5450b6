/** What the link of an invitation opens: who invites whom as what. A newcomer makes an account, somebody with one signs in. */
import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { OpenInvitation } from '../../wire/invitation.ts'
import { ApiProblem, ask, getMe, signIn, signOut } from '../api.ts'
import { stampText } from '../desk/time.ts'
import { PasswordField } from '../look/password-field.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import { Entrance } from './entrance.tsx'
import { changePassword } from './team/team-api.ts'

const look = (token: string) => ask('POST /api/invitation/look', { body: { token } })
const join = (token: string, name: string, password: string) =>
  ask('POST /api/invitation/join', { body: { token, name, password } })
const accept = (token: string) => ask('POST /api/invitation/accept', { body: { token } })
const decline = (token: string) => ask('POST /api/invitation/decline', { body: { token } })

const AS: Record<OpenInvitation['role'], string> = { agent: 'an agent', supervisor: 'a supervisor', admin: 'an admin' }

/** The desk of another workspace may be open in this tab, so the page is loaded anew. */
const toDesk = () => window.location.assign('/app/')

export function Invitation() {
  // What follows `#` stays in the browser.
  const [token] = useState(() => window.location.hash.slice(1))
  const [declined, setDeclined] = useState(false)
  const invitation = useQuery({ queryKey: ['invitation'], queryFn: () => look(token), retry: false })
  const me = useQuery({ queryKey: ['me'], queryFn: getMe, retry: false })
  return (
    <Entrance>
      {declined ? (
        <p role="status">You have declined. The link opens nothing any more.</p>
      ) : invitation.isError ? (
        <ProblemBox title={invitation.error.message}>
          <a href="/app/auth">To the sign-in</a>
        </ProblemBox>
      ) : invitation.data === undefined || me.isPending ? (
        <p>Loading …</p>
      ) : (
        <Asked
          token={token}
          invitation={invitation.data}
          signedInAs={me.data?.email ?? null}
          onDeclined={() => setDeclined(true)}
        />
      )}
    </Entrance>
  )
}

interface AskedProps {
  token: string
  invitation: OpenInvitation
  /** null: nobody is signed in in this browser */
  signedInAs: string | null
  onDeclined(): void
}

function Asked({ token, invitation, signedInAs, onDeclined }: AskedProps) {
  const { workspaceName, role, email, madeBy, endsMs, known } = invitation
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  /** An admin has chosen the password of this account, so another one comes first. */
  const [given, setGiven] = useState(false)
  async function run(what: () => Promise<unknown>, then: () => void) {
    setBusy(true)
    setProblem(null)
    try {
      await what()
      then()
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'That did not work. Try again.')
      if (known && isGiven(error)) setGiven(true)
      setBusy(false)
    }
  }
  const own = signedInAs === email
  return (
    <>
      <div>
        <h2>Join {workspaceName}?</h2>
        <p>
          {madeBy === '' ? 'An admin' : madeBy} invites {email} as {AS[role]}. The link is good until{' '}
          {stampText(endsMs)}.
        </p>
      </div>
      {problem === null ? null : <ProblemBox title={problem} />}
      {signedInAs !== null && !own ? (
        <Somebody email={signedInAs} busy={busy} onLeave={() => void run(signOut, () => window.location.reload())} />
      ) : given ? (
        <OwnPasswordForm
          email={email}
          busy={busy}
          onChoose={(current, wanted) =>
            void run(async () => {
              await changePassword(current, wanted)
              await accept(token)
            }, toDesk)
          }
        />
      ) : known ? (
        <AcceptForm
          email={email}
          own={own}
          busy={busy}
          onAccept={password =>
            void run(async () => {
              if (password !== null && (await signIn(email, password)) === 'code-asked')
                throw new Error(
                  'This account asks for a code as well: sign in on the page of the sign-in, then open the link again.',
                )
              await accept(token)
            }, toDesk)
          }
        />
      ) : (
        <JoinForm
          email={email}
          busy={busy}
          onJoin={(name, password) => void run(() => join(token, name, password), toDesk)}
        />
      )}
      <Button variant="default" disabled={busy} onClick={() => void run(() => decline(token), onDeclined)}>
        Decline
      </Button>
    </>
  )
}

function Somebody({ email, busy, onLeave }: { email: string; busy: boolean; onLeave(): void }) {
  return (
    <>
      <p>You are signed in as {email}, and the invitation is for another e-mail.</p>
      <Button loading={busy} onClick={onLeave}>
        Sign out and go on
      </Button>
    </>
  )
}

interface AcceptProps {
  email: string
  /** it is the person who is signed in */
  own: boolean
  busy: boolean
  /** null: nobody needs to sign in */
  onAccept(password: string | null): void
}

function AcceptForm({ email, own, busy, onAccept }: AcceptProps) {
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    onAccept(own ? null : String(new FormData(event.currentTarget).get('password')))
  }
  return (
    <form onSubmit={submit} className="tl-stack" aria-label="Accept">
      {own ? null : (
        <>
          <TextInput label="E-mail" autoComplete="username" value={email} readOnly />
          <PasswordField name="password" label="Your password" />
        </>
      )}
      <Button type="submit" size="md" loading={busy}>
        {own ? 'Accept' : 'Sign in and accept'}
      </Button>
    </form>
  )
}

/** Was it refused because an admin has chosen the password? That of a newcomer is refused under the same name, with another status. */
function isGiven(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 409 && error.fields.some(({ field }) => field === 'password')
}

interface OwnPasswordProps {
  email: string
  busy: boolean
  onChoose(current: string, wanted: string): void
}

function OwnPasswordForm({ email, busy, onChoose }: OwnPasswordProps) {
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    onChoose(String(form.get('current')), String(form.get('wanted')))
  }
  return (
    <form onSubmit={submit} className="tl-stack" aria-label="A password of your own">
      <TextInput label="E-mail" autoComplete="username" value={email} readOnly />
      <PasswordField name="current" label="The password that you have now" />
      <PasswordField name="wanted" label="A new password, 12 characters or more" isNew />
      <Button type="submit" size="md" loading={busy}>
        Change it and accept
      </Button>
    </form>
  )
}

function JoinForm(props: { email: string; busy: boolean; onJoin(name: string, password: string): void }) {
  const { email, busy, onJoin } = props
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    onJoin(String(form.get('name')), String(form.get('password')))
  }
  return (
    <form onSubmit={submit} className="tl-stack" aria-label="A new account">
      <TextInput label="E-mail" autoComplete="username" value={email} readOnly />
      <TextInput name="name" label="Your name" autoComplete="name" required withAsterisk={false} maxLength={80} />
      <PasswordField name="password" label="A password, 12 characters or more" isNew />
      <Button type="submit" size="md" loading={busy}>
        Join
      </Button>
    </form>
  )
}

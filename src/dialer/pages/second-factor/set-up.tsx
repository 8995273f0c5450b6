/** The set-up of a second factor: the password, then the picture and the backup codes, which are shown once, then the first code. */
import { Button, CopyButton, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { ask } from '../../api.ts'
import { PasswordField } from '../../look/password-field.tsx'
import { ProblemBox } from '../../look/problem-box.tsx'
import { QrPicture } from './qr-picture.tsx'

interface Begun {
  uri: string
  secret: string
  backupCodes: string[]
}

export function SecondFactorSetUp({ onDone }: { onDone(): void }) {
  const [begun, setBegun] = useState<Begun | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  async function run(what: () => Promise<unknown>) {
    setBusy(true)
    setProblem(null)
    try {
      await what()
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'That did not work. Try again.')
    } finally {
      setBusy(false)
    }
  }
  const begin = (password: string) =>
    run(async () => setBegun(await ask('POST /api/me/second-factor', { body: { password } })))
  const confirm = (code: string) =>
    run(async () => {
      await ask('POST /api/me/second-factor/confirm', { body: { code } })
      onDone()
    })
  return (
    <div className="tl-stack">
      {problem === null ? null : <ProblemBox title={problem} />}
      {begun === null ? (
        <PasswordStep busy={busy} onPassword={password => void begin(password)} />
      ) : (
        <>
          <Secrets {...begun} />
          <CodeStep busy={busy} onCode={code => void confirm(code)} />
        </>
      )}
    </div>
  )
}

function PasswordStep({ busy, onPassword }: { busy: boolean; onPassword(password: string): void }) {
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    onPassword(String(new FormData(event.currentTarget).get('password')))
  }
  return (
    <form className="tl-stack" aria-label="Set up a second factor" onSubmit={submit}>
      <PasswordField name="password" label="Your password" maxWidth={320} />
      <Button type="submit" variant="default" loading={busy} style={{ alignSelf: 'flex-start' }}>
        Set it up
      </Button>
    </form>
  )
}

function Secrets({ uri, secret, backupCodes }: Begun) {
  return (
    <>
      <p>Let the app on your phone (any app for one-time codes) read this picture, or type the secret into it.</p>
      <QrPicture text={uri} label="The secret as a picture for the app" />
      <TextInput label="The secret" readOnly value={secret} onFocus={event => event.currentTarget.select()} />
      <p>Keep these backup codes: each lets you in once when the phone is gone, and they are shown only here.</p>
      <ul aria-label="Backup codes" className="tl-number" style={{ columns: 2, maxWidth: 280 }}>
        {backupCodes.map(code => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <CopyButton value={backupCodes.join('\n')}>
        {({ copied, copy }) => (
          <Button variant="default" onClick={copy} style={{ alignSelf: 'flex-start' }}>
            {copied ? 'Copied' : 'Copy the backup codes'}
          </Button>
        )}
      </CopyButton>
    </>
  )
}

function CodeStep({ busy, onCode }: { busy: boolean; onCode(code: string): void }) {
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    onCode(String(new FormData(event.currentTarget).get('code')).trim())
  }
  return (
    <form className="tl-stack" aria-label="The first code" onSubmit={submit}>
      <TextInput
        name="code"
        label="The code that the app shows now"
        inputMode="numeric"
        autoComplete="one-time-code"
        required
        withAsterisk={false}
        style={{ maxWidth: 320 }}
      />
      <Button type="submit" loading={busy} style={{ alignSelf: 'flex-start' }}>
        Switch it on
      </Button>
    </form>
  )
}

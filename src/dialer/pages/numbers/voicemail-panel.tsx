/** How long messages, missed calls and recordings are kept, and in which form. An admin decides; everybody who leads the team can read it. */
import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { ApiProblem, ask } from '../../api.ts'
import { ProblemBox } from '../../look/problem-box.tsx'
import classes from '../table.module.css'
import { useChange } from '../team/use-change.ts'
import { RecordingForm } from './recording-form.tsx'

export function VoicemailPanel({ admin }: { admin: boolean }) {
  const workspace = useQuery({ queryKey: ['workspace'], queryFn: () => ask('GET /api/workspace') })
  const { data } = workspace
  return (
    <section className="tl-panel tl-stack" aria-labelledby="voicemail-title">
      <h2 id="voicemail-title">Voicemail and recordings</h2>
      {workspace.isError ? (
        <ProblemBox title={workspace.error.message} onRetry={() => void workspace.refetch()} />
      ) : null}
      {data === undefined ? null : (
        <>
          <Days key={`voicemail ${data.voicemailDays}`} what="voicemail" known={data.voicemailDays} admin={admin} />
          <Days key={`recordings ${data.recordingDays}`} what="recordings" known={data.recordingDays} admin={admin} />
          <RecordingForm
            key={`${data.recordingFormat} ${data.recordingChannels} ${data.recordingTranscripts}`}
            known={data}
            admin={admin}
          />
        </>
      )}
      <p className="tl-muted">
        {admin ? null : 'An admin can change this. '}What callers hear before the tone stands in the{' '}
        <Link to="/inbox">inbox</Link>.
      </p>
    </section>
  )
}

const KEPT = {
  voicemail: {
    endpoint: 'PUT /api/workspace/voicemail',
    label: 'Voicemail, missed calls and callbacks are kept, days',
    help: 'Then they are deleted, at the carrier as well.',
    shorter: 'What is older is deleted for good, at the carrier as well.',
    done: 'Voicemail is',
    save: 'Save how long voicemail is kept',
  },
  recordings: {
    endpoint: 'PUT /api/workspace/recordings',
    label: 'Recordings of calls are kept, days',
    help: 'Then they are deleted, unless somebody has put them under legal hold.',
    shorter: 'What is older is deleted for good within a day, unless it is under legal hold.',
    done: 'Recordings are',
    save: 'Save how long recordings are kept',
  },
} as const

function Days({ what, known, admin }: { what: keyof typeof KEPT; known: number; admin: boolean }) {
  const { endpoint, label, help, shorter: warning, done, save: saveWords } = KEPT[what]
  const change = useChange('workspace')
  const [days, setDays] = useState(String(known))
  const [error, setError] = useState<string | null>(null)
  const shorter = /^[0-9]+$/.test(days) && Number(days) < known
  async function save(event: FormEvent): Promise<void> {
    event.preventDefault()
    setError(null)
    const wanted = days.trim() === '' ? Number.NaN : Number(days)
    if (Number.isNaN(wanted)) return setError('a number is needed')
    const request = () =>
      ask(endpoint, { body: { days: wanted } }).catch(problem => {
        if (problem instanceof ApiProblem) setError(problem.fields[0]?.message ?? problem.message)
        throw problem
      })
    await change.run(request, `${done} kept for ${wanted} days from now on.`)
  }
  return (
    <form className={classes.filters} onSubmit={event => void save(event)}>
      <TextInput
        label={label}
        description={shorter ? warning : help}
        inputMode="numeric"
        maxLength={4}
        readOnly={!admin}
        value={days}
        error={error}
        onChange={event => setDays(event.currentTarget.value)}
      />
      {admin ? (
        <Button type="submit" variant="default" aria-label={saveWords} disabled={change.busy || days === String(known)}>
          Save
        </Button>
      ) : null}
    </form>
  )
}

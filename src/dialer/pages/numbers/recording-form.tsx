/** In which form recordings are stored, and whether all of them are written down. An admin decides. */
import { Button, NativeSelect } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { RecordingFormat, RecordingSettings, TranscriptRule } from '../../../wire/recording.ts'
import { ApiProblem, ask } from '../../api.ts'
import classes from '../table.module.css'
import { useChange } from '../team/use-change.ts'

type Form = `${RecordingFormat} ${1 | 2}`

const FORMS: { value: Form; label: string }[] = [
  { value: 'wav 2', label: 'WAV, each side on its own channel' },
  { value: 'wav 1', label: 'WAV, both sides mixed' },
  { value: 'mp3 2', label: 'MP3, each side on its own channel' },
  { value: 'mp3 1', label: 'MP3, both sides mixed' },
]
const RULES: { value: TranscriptRule; label: string }[] = [
  { value: 'none', label: 'Only what somebody asks for' },
  { value: 'all', label: 'Every recording' },
]
const HELP = {
  wav: 'As it was recorded: 1 MB a minute for each channel. It can be written down.',
  mp3: 'Compressed, as the carrier gives it: a quarter or less. It cannot be written down.',
}

export function RecordingForm({ known, admin }: { known: RecordingSettings; admin: boolean }) {
  const change = useChange('workspace')
  const before: Form = `${known.recordingFormat} ${known.recordingChannels}`
  const [form, setForm] = useState(before)
  const [transcripts, setTranscripts] = useState(known.recordingTranscripts)
  const [error, setError] = useState<string | null>(null)
  const [format, channels] = form.split(' ') as [RecordingFormat, '1' | '2']
  const isSame = form === before && transcripts === known.recordingTranscripts
  async function save(event: FormEvent): Promise<void> {
    event.preventDefault()
    setError(null)
    const body = { format, channels: channels === '1' ? (1 as const) : (2 as const), transcripts }
    const request = () =>
      ask('PUT /api/workspace/recordings', { body }).catch(problem => {
        if (problem instanceof ApiProblem) setError(problem.fields[0]?.message ?? problem.message)
        throw problem
      })
    await change.run(request, 'Recordings are stored so from now on.')
  }
  return (
    <form className={classes.filters} onSubmit={event => void save(event)}>
      <NativeSelect
        label="Recordings are stored as"
        description={HELP[format]}
        data={FORMS}
        disabled={!admin}
        value={form}
        onChange={event => setForm(event.currentTarget.value as Form)}
      />
      <NativeSelect
        label="Written down"
        description="Each side is a speaker; the text stands on the page of the call."
        data={RULES}
        disabled={!admin}
        value={transcripts}
        error={error}
        onChange={event => setTranscripts(event.currentTarget.value as TranscriptRule)}
      />
      {admin ? (
        <Button
          type="submit"
          variant="default"
          aria-label="Save how recordings are stored"
          disabled={change.busy || isSame}
        >
          Save
        </Button>
      ) : null}
    </form>
  )
}

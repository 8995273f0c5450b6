/** Whether a conference is recorded, what whoever comes in hears of it, and what begins when the recording is there. */
import { Button, NativeSelect, Switch, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { getFlows } from '../numbers/number-api.ts'
import { useChange } from '../team/use-change.ts'
import { type Conference, setRecording } from './conference-api.ts'

/** `key` it by what is saved, so that it shows what somebody else has saved. */
export function RecordingSettings({ conference }: { conference: Conference }) {
  const { id, record, record_notice, on_end_flow_id } = conference
  const [draft, setDraft] = useState({ record, record_notice, on_end_flow_id })
  const flows = useQuery({ queryKey: ['flows'], queryFn: getFlows })
  const saving = useChange('conference')
  const known = flows.data?.items ?? []
  const choices = [
    { value: '', label: 'none' },
    ...known.map(flow => ({ value: flow.id, label: flow.name })),
    // One that is gone since is shown by its id.
    ...(on_end_flow_id === '' || known.some(flow => flow.id === on_end_flow_id)
      ? []
      : [{ value: on_end_flow_id, label: on_end_flow_id }]),
  ]
  function save(event: FormEvent) {
    event.preventDefault()
    void saving.run(() => setRecording(id, draft), 'Saved. It counts for the next time that the conference begins.')
  }
  return (
    <form className="tl-stack" aria-label="Recording of the conference" onSubmit={save}>
      <Switch
        label="Record everybody in one file"
        description="From the moment when two are in until the end"
        checked={draft.record}
        onChange={event => setDraft({ ...draft, record: event.currentTarget.checked })}
      />
      <TextInput
        label="Said to whoever comes in"
        description="Empty: nothing is said"
        maxLength={300}
        value={draft.record_notice}
        onChange={event => setDraft({ ...draft, record_notice: event.currentTarget.value })}
      />
      <NativeSelect
        label="Flow that begins when the recording is there"
        description="It has no call: it may decide, and ask or tell a server"
        data={choices}
        value={draft.on_end_flow_id}
        onChange={event => setDraft({ ...draft, on_end_flow_id: event.currentTarget.value })}
      />
      <div>
        <Button type="submit" variant="default" disabled={saving.busy}>
          Save
        </Button>
      </div>
    </form>
  )
}

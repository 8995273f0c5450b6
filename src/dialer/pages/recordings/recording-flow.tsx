/** The flow that has begun with a recording, step by step; nothing where none has. */
import { useQuery } from '@tanstack/react-query'
import type { RecordingFlow } from '../../../wire/recording.ts'
import { ask } from '../../api.ts'
import { RECORDINGS, type Recording } from './recording-api.ts'
import { flowWords } from './words.ts'

const LOOK_MS = 2_000

export function FlowOfRecording({ recording }: { recording: Recording }) {
  const { data } = useQuery({
    queryKey: [RECORDINGS, 'flow', recording.id],
    enabled: recording.type !== 'voicemail' && recording.status === 'available',
    queryFn: () => ask('GET /v1.0/recordings/:recordingId/flow', { params: { recordingId: recording.id } }),
    refetchInterval: ({ state: { data: known } }) => (isOn(known) ? LOOK_MS : false),
  })
  if (data === undefined || data.status === 'none') return null
  return (
    <details className="tl-small">
      <summary>{flowWords(data)}</summary>
      <ol>
        {data.steps.map((step, at) => (
          <li key={at}>
            {step.step_id} · {step.type} · {step.result}
          </li>
        ))}
      </ol>
    </details>
  )
}

function isOn(flow: RecordingFlow | undefined): boolean {
  return flow?.status === 'waiting' || flow?.status === 'running'
}

/**
 * The recording of the call on the line is paused while card data is said. There is no button when the call is not recorded. The desk is told by the call when
 * its recording changes.
 */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { useDesk } from '../desk/hooks.ts'
import { useLive } from '../desk/use-live.ts'
import { ActionButton } from '../look/action-button.tsx'

/** The call forgets in five minutes who looks at it. */
const AGAIN_MS = 60_000

export function RecordingPause({ callId }: { callId: string }) {
  const { store } = useDesk()
  const queries = useQueryClient()
  const queryKey = ['recording-state', callId]
  const params = { callId }
  const { data } = useQuery({
    queryKey,
    queryFn: () => ask('GET /v1.0/calls/:callId/recording_state', { params }),
    ...useLive(of => (of === null || of === callId ? [queryKey] : []), AGAIN_MS),
    retry: false,
  })
  const state = data?.state ?? 'none'
  if (state === 'none') return null
  const paused = state === 'paused'
  async function toggle(): Promise<void> {
    try {
      if (paused) await ask('POST /v1.0/calls/:callId/recording_resume', { params })
      else await ask('POST /v1.0/calls/:callId/recording_pause', { params })
    } catch (error) {
      store.notify('problem', error instanceof Error ? error.message : 'That did not work.')
    }
    await queries.invalidateQueries({ queryKey })
  }
  return (
    <div>
      <ActionButton
        why={state === 'pausing' ? 'The carrier has not confirmed the pause yet' : null}
        onClick={() => void toggle()}
        variant={paused ? 'filled' : 'default'}
        size="md"
        pressed={paused}
      >
        {paused ? 'Resume recording' : 'Pause recording'}
      </ActionButton>
      <p className="tl-muted tl-small" role="status">
        {WORDS[state]}
      </p>
    </div>
  )
}

const WORDS = {
  recording: 'Pause it before a card number is said.',
  pausing: 'Pausing. Wait before a card number is said.',
  paused: 'Nothing is recorded now. The recording has silence here.',
}

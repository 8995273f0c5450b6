/** The state of a call's filing in the CRM, with a button that files it again after a failure. */
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { CallDetail } from '../../wire/api.ts'
import { fileAgain } from '../api.ts'

type Filing = NonNullable<CallDetail['crm']>

const WORDS: Record<Filing['state'], string> = {
  none: 'Filed in the CRM when the call is over',
  pending: 'Being filed in the CRM',
  retrying: 'Not filed in the CRM yet; it is tried again',
  created: 'Filed in the CRM',
  failed: 'Could not be filed in the CRM',
  nobody: 'Not filed in the CRM',
}

export function CrmFiling({ callId, filing }: { callId: string; filing: Filing }) {
  const { state, taskId, because, leftOut, filledIn } = filing
  const again = useMutation({ mutationFn: () => fileAgain(callId) })
  const detail = because ?? (taskId === null ? '' : `Task ${taskId}`)
  return (
    <section className="tl-panel tl-stack" aria-label="CRM">
      <p role="status">
        <strong>{WORDS[state]}</strong> <span className="tl-muted">{detail}</span>
      </p>
      {leftOut.length > 0 ? <p className="tl-muted">The CRM did not take {leftOut.join(', ')}.</p> : null}
      {filledIn.length > 0 ? (
        <p className="tl-muted">It requires {filledIn.join(', ')}, of which the call knows nothing.</p>
      ) : null}
      {again.isError ? <p role="alert">{again.error.message}</p> : null}
      {state === 'failed' || state === 'nobody' ? (
        <div>
          <Button variant="default" loading={again.isPending} onClick={() => again.mutate()}>
            File again
          </Button>
        </div>
      ) : null}
    </section>
  )
}

/** The list that new campaigns begin with: taken for this one, or made of this one. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useDesk } from '../../desk/hooks.ts'
import { getOutcomes, saveOutcomes } from './campaign-api.ts'
import { draftsOf, type OutcomeDraft, outcomesOf } from './outcome-draft.ts'

interface WorkspaceOutcomesProps {
  outcomes: readonly OutcomeDraft[]
  onTake(outcomes: OutcomeDraft[]): void
}

export function WorkspaceOutcomes({ outcomes, onTake }: WorkspaceOutcomesProps) {
  const { store } = useDesk()
  const [busy, setBusy] = useState(false)
  const run = (what: () => Promise<void>) => {
    setBusy(true)
    void what()
      .catch((error: unknown) => store.notify('problem', error instanceof Error ? error.message : 'This did not work.'))
      .finally(() => setBusy(false))
  }
  return (
    <>
      <Button
        variant="default"
        disabled={busy}
        onClick={() => run(async () => onTake(draftsOf((await getOutcomes()).outcomes)))}
      >
        Take the workspace's list
      </Button>
      <Button
        variant="default"
        disabled={busy}
        onClick={() =>
          run(async () => {
            await saveOutcomes(outcomesOf(outcomes))
            store.notify('info', 'New campaigns begin with this list.')
          })
        }
      >
        Make this the workspace's list
      </Button>
    </>
  )
}

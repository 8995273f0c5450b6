/** Why a call is in its state: what each actor around it has done last, still owes, and waits for. Asked only while it is open. */
import { Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ActorInspection } from '../../../wire/inspection.ts'
import { getActors } from '../../api.ts'
import { stampText } from '../../desk/time.ts'
import { shortActor } from '../../desk/words.ts'
import { ProblemBox } from '../../look/problem-box.tsx'
import classes from '../table.module.css'
import { inspectionWords } from './inspection-words.ts'

const LOOK_MS = 2_000

export function Inspection({ callId }: { callId: string }) {
  const [open, setOpen] = useState(false)
  const actors = useQuery({
    queryKey: ['actors', callId],
    queryFn: async () => ({ ...(await getActors(callId)), readMs: Date.now() }),
    enabled: open,
    staleTime: 0,
    refetchInterval: LOOK_MS,
  })
  return (
    <details className="tl-panel" onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>Why is it in this state?</summary>
      <div className="tl-stack">
        <p className="tl-muted tl-small">
          Each part of Trunkline that has said something about this call: what it still owes to others, and when it acts
          by itself.
        </p>
        {actors.isLoading ? <Loader size="sm" role="status" aria-label="Asking" /> : null}
        {actors.isError ? <ProblemBox title={actors.error.message} onRetry={() => void actors.refetch()} /> : null}
        <ol className={classes.timeline} aria-label="Actors of this call">
          {actors.data?.items.map(one => (
            <Actor key={one.id} actor={one} readMs={actors.data.readMs} />
          ))}
        </ol>
      </div>
    </details>
  )
}

function Actor({ actor, readMs }: { actor: ActorInspection; readMs: number }) {
  return (
    <li>
      <span>{actor.kind}</span>
      <span>
        <span className="tl-muted tl-small" title={actor.id}>
          {shortActor(actor.id)}
        </span>{' '}
        {inspectionWords(actor, readMs).join(' ')}
      </span>
      <details>
        <summary className="tl-muted tl-small">Last facts, of {actor.seq}</summary>
        <pre>{actor.facts.map(({ seq, at, type }) => `${seq}  ${stampText(at, true)}  ${type}`).join('\n')}</pre>
      </details>
    </li>
  )
}

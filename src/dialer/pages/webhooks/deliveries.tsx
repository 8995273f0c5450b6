/** The attempts to deliver to one endpoint, the newest first, with what was sent and what was answered. */
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Delivery } from '../../../wire/webhook.ts'
import { stampText } from '../../desk/time.ts'
import { ProblemBox } from '../../look/problem-box.tsx'
import { ShowMore, usePages } from '../paged-list.tsx'
import classes from '../table.module.css'
import { useChange } from '../team/use-change.ts'
import { getDeliveries, type ReplayOf, replay } from './webhook-api.ts'
import { answerWords, STATE_WORDS } from './webhook-words.ts'

const READ_EVERY_MS = 5_000

export function Deliveries({ webhookId }: { webhookId: string }) {
  const { pages, items } = usePages(
    ['deliveries', webhookId],
    cursor => getDeliveries(webhookId, cursor),
    READ_EVERY_MS,
  )
  const change = useChange('deliveries', 'webhook')
  const again = (which: ReplayOf, words: string) => void change.run(() => replay(webhookId, which), words)
  return (
    <section className="tl-panel tl-stack" aria-labelledby="deliveries-title">
      <h2 id="deliveries-title">Deliveries</h2>
      {pages.isError ? <ProblemBox title={pages.error.message} onRetry={() => void pages.refetch()} /> : null}
      {pages.isSuccess && items.length === 0 ? (
        <p className="tl-muted">Nothing was sent yet. Send a test, or wait for the next event.</p>
      ) : null}
      <ol className={classes.timeline} aria-label="Attempts">
        {items.map(item => (
          <Attempt key={item.id} attempt={item} busy={change.busy} again={again} />
        ))}
      </ol>
      <ShowMore pages={pages}>Show older ones</ShowMore>
    </section>
  )
}

interface AttemptProps {
  attempt: Delivery
  busy: boolean
  again(which: ReplayOf, words: string): void
}

function Attempt({ attempt, busy, again }: AttemptProps) {
  const { type, tm, state, call_id, event_id, request } = attempt
  const isTest = type === 'webhook_test'
  return (
    <li>
      <span className="tl-number tl-muted">{stampText(Date.parse(tm), true)}</span>
      <div className="tl-stack">
        <div className="tl-row">
          <strong>{type}</strong>
          <span className={state === 'delivered' ? 'tl-muted' : classes.follow}>{STATE_WORDS[state]}</span>
          <span className="tl-muted">attempt {attempt.attempt}</span>
        </div>
        <p>{answerWords(attempt)}</p>
        <div className="tl-row">
          {isTest ? null : (
            <Button
              size="xs"
              variant="default"
              aria-label={`Send again: ${type}`}
              disabled={busy}
              onClick={() => again({ event_id }, 'The message is sent again.')}
            >
              Send again
            </Button>
          )}
          {call_id === null ? null : (
            <>
              <Button
                size="xs"
                variant="default"
                disabled={busy}
                onClick={() => again({ call_id }, 'The messages of this call are sent again.')}
              >
                Send all of this call again
              </Button>
              <Link to="/calls/$callId" params={{ callId: call_id }}>
                Open the call
              </Link>
            </>
          )}
        </div>
      </div>
      <details>
        <summary>What was sent</summary>
        <pre>{request}</pre>
      </details>
    </li>
  )
}

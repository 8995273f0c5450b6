/** Sends again what happened in a stretch of time, of the messages that are kept. */
import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import classes from '../table.module.css'
import { useChange } from '../team/use-change.ts'
import { replay } from './webhook-api.ts'

/** In the time of whoever looks, which the server gets as UTC. */
const asIso = (local: string) => new Date(local).toISOString()

export function ReplayRange({ webhookId }: { webhookId: string }) {
  const change = useChange('deliveries', 'webhook')
  const [since, setSince] = useState('')
  const [until, setUntil] = useState('')
  const [sent, setSent] = useState<number | null>(null)
  async function submit(event: FormEvent) {
    event.preventDefault()
    const which = { since: asIso(since), until: asIso(until) }
    await change.run(async () => setSent((await replay(webhookId, which)).messages), 'The messages are sent again.')
  }
  const ready = since !== '' && until !== '' && since <= until
  return (
    <section className="tl-panel tl-stack" aria-labelledby="replay-title">
      <h2 id="replay-title">Send again</h2>
      <form className={classes.filters} aria-label="Send again" onSubmit={event => void submit(event)}>
        <TextInput
          type="datetime-local"
          label="What happened since"
          value={since}
          onChange={event => setSince(event.currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label="and until"
          value={until}
          onChange={event => setUntil(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={!ready || change.busy}>
          Send again
        </Button>
      </form>
      {sent === null ? null : <p role="status">{sent === 1 ? '1 message' : `${sent} messages`} of this time.</p>}
      <p className="tl-muted tl-small">
        Messages are kept for seven days, the newest 5,000. They come with the ids that they had, in their order.
      </p>
    </section>
  )
}

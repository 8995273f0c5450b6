/** The form of a webhook: where events go, which, under which names, and how long it is tried. */
import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Webhook } from '../../../wire/webhook.ts'
import classes from '../table.module.css'
import { useChange } from '../team/use-change.ts'
import type { NewWebhookBody } from './webhook-api.ts'

const WHICH = [
  { value: 'usual', label: 'the usual ones of a call' },
  { value: 'all', label: 'everything that happens' },
  { value: 'named', label: 'only these' },
]
const NAMES = [
  { value: 'seed', label: 'our names (call_answered, call_hungup)' },
  { value: 'voipbin', label: 'VoIPBIN’s names (call_progressing, call_hangup)' },
]
type Which = 'usual' | 'all' | 'named'

interface WebhookFormProps {
  /** null: a new one */
  webhook: Webhook | null
  done: string
  save(body: NewWebhookBody): Promise<unknown>
}

export function WebhookForm({ webhook, done, save }: WebhookFormProps) {
  const change = useChange('webhooks', 'webhook')
  const known = webhook?.types ?? []
  const [name, setName] = useState(webhook?.name ?? '')
  const [url, setUrl] = useState(webhook?.url ?? '')
  const [which, setWhich] = useState<Which>(webhook === null ? 'usual' : known.includes('*') ? 'all' : 'named')
  const [types, setTypes] = useState(known.filter(type => type !== '*').join(', '))
  const [vocabulary, setVocabulary] = useState(webhook?.vocabulary ?? 'seed')
  // People who set one up by hand want to miss nothing.
  const [long, setLong] = useState((webhook?.retries ?? 'long') === 'long')
  const named = types.split(/[\s,;]+/).filter(type => type !== '')
  async function submit(event: FormEvent) {
    event.preventDefault()
    const chosen = which === 'usual' ? {} : { types: which === 'all' ? ['*'] : named }
    const body: NewWebhookBody = { name, url, vocabulary, retries: long ? 'long' : 'short', ...chosen }
    await change.run(() => save(body), done)
  }
  const ready = name.trim() !== '' && url.trim() !== '' && (which !== 'named' || named.length > 0)
  return (
    <form
      className="tl-stack"
      aria-label={webhook === null ? 'A new webhook' : 'Settings'}
      onSubmit={event => void submit(event)}
    >
      <div className={classes.filters}>
        <TextInput label="Name" placeholder="CRM" value={name} onChange={event => setName(event.currentTarget.value)} />
        <TextInput
          label="Address"
          placeholder="https://example.com/hooks"
          value={url}
          styles={{ root: { flex: '1 1 280px' } }}
          onChange={event => setUrl(event.currentTarget.value)}
        />
      </div>
      <div className={classes.filters}>
        <NativeSelect
          label="Which events"
          data={webhook === null ? WHICH : WHICH.slice(1)}
          value={which}
          onChange={event => setWhich(event.currentTarget.value as Which)}
        />
        {which !== 'named' ? null : (
          <TextInput
            label="Their names"
            placeholder="call_ringing, call_hungup"
            value={types}
            styles={{ root: { flex: '1 1 280px' } }}
            onChange={event => setTypes(event.currentTarget.value)}
          />
        )}
        <NativeSelect
          label="Names in the messages"
          data={NAMES}
          value={vocabulary}
          onChange={event => setVocabulary(event.currentTarget.value as Webhook['vocabulary'])}
        />
      </div>
      <Checkbox
        label="Keep trying for 24 hours when the server does not take a message; else three times in 21 seconds"
        checked={long}
        onChange={event => setLong(event.currentTarget.checked)}
      />
      <div>
        <Button type="submit" variant="default" disabled={!ready || change.busy}>
          {webhook === null ? 'Make a webhook' : 'Save'}
        </Button>
      </div>
    </form>
  )
}

/** The page of one webhook: how it is doing, a test, its secret, its settings, and its deliveries. */
import { Button, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Delivery, Webhook } from '../../wire/webhook.ts'
import { stampText } from '../desk/time.ts'
import { PersonName } from '../look/person-name.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import classes from './table.module.css'
import { SureButton } from './team/sure-button.tsx'
import { useChange } from './team/use-change.ts'
import { Deliveries } from './webhooks/deliveries.tsx'
import { ReplayRange } from './webhooks/replay-range.tsx'
import { ShownSecret } from './webhooks/shown-secret.tsx'
import { deleteWebhook, getWebhook, rotateSecret, saveWebhook, testWebhook } from './webhooks/webhook-api.ts'
import { WebhookForm } from './webhooks/webhook-form.tsx'
import { answerWords, STATE_WORDS, stateWords } from './webhooks/webhook-words.ts'

const route = getRouteApi('/desk/frame/webhooks/$webhookId')
const READ_EVERY_MS = 5_000

export function WebhookScreen() {
  const { webhookId } = route.useParams()
  const navigate = route.useNavigate()
  const webhook = useQuery({
    queryKey: ['webhook', webhookId],
    queryFn: () => getWebhook(webhookId),
    refetchInterval: READ_EVERY_MS,
  })
  const { data } = webhook
  return (
    <div className="tl-stack">
      <Link to="/webhooks">← All webhooks</Link>
      {webhook.isLoading ? <Loader size="sm" role="status" aria-label="Loading the webhook" /> : null}
      {webhook.isError ? <ProblemBox title={webhook.error.message} onRetry={() => void webhook.refetch()} /> : null}
      {data === undefined ? null : (
        <>
          <State webhook={data} onDeleted={() => void navigate({ to: '/webhooks' })} />
          <section className="tl-panel tl-stack" aria-labelledby="settings-title">
            <h2 id="settings-title">Settings</h2>
            <WebhookForm
              key={data.id}
              webhook={data}
              done="The webhook is saved."
              save={body => saveWebhook(data.id, body)}
            />
          </section>
          <ReplayRange webhookId={data.id} />
          <Deliveries webhookId={data.id} />
        </>
      )}
    </div>
  )
}

function State({ webhook, onDeleted }: { webhook: Webhook; onDeleted(): void }) {
  const change = useChange('webhook', 'webhooks', 'deliveries')
  const [secret, setSecret] = useState<string | null>(null)
  const [tested, setTested] = useState<Delivery | null>(null)
  const { id, name, status, old_secret_until } = webhook
  const on = status === 'enabled'
  return (
    <section className="tl-panel tl-stack" aria-labelledby="webhook-title">
      <h1 id="webhook-title">
        <PersonName name={name} />
      </h1>
      <p role={on ? undefined : 'alert'}>{stateWords(webhook)}</p>
      {old_secret_until === null ? null : (
        <p className="tl-muted">The secret before this one works until {stampText(Date.parse(old_secret_until))}.</p>
      )}
      <div className={classes.filters}>
        <Button
          variant="default"
          disabled={change.busy}
          onClick={() => void change.run(async () => setTested(await testWebhook(id)), 'A test was sent.')}
        >
          Send a test
        </Button>
        <Button
          variant="default"
          disabled={change.busy}
          onClick={() =>
            void change.run(
              () => saveWebhook(id, { enabled: !on }),
              on ? 'It is off.' : 'It is on, and goes on where it was.',
            )
          }
        >
          {on ? 'Turn off' : 'Turn on'}
        </Button>
        <SureButton
          label="New secret"
          question="Really make a new one?"
          disabled={change.busy}
          onSure={() =>
            void change.run(async () => setSecret((await rotateSecret(id)).secret), 'There is a new secret.')
          }
        >
          New secret
        </SureButton>
        <SureButton
          label={`Delete ${name}`}
          question="Really delete?"
          disabled={change.busy}
          onSure={() =>
            void change.run(() => deleteWebhook(id), 'The webhook is deleted.').then(done => done && onDeleted())
          }
        >
          Delete
        </SureButton>
      </div>
      {tested === null ? null : (
        <p role="status">
          The test was {STATE_WORDS[tested.state]}. {answerWords(tested)}
        </p>
      )}
      {secret === null ? null : <ShownSecret value={secret} onDone={() => setSecret(null)} />}
    </section>
  )
}

import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useView } from '../desk/hooks.ts'
import { PersonName } from '../look/person-name.tsx'
import { ListPanel, usePages } from './paged-list.tsx'
import classes from './table.module.css'
import { ShownSecret } from './webhooks/shown-secret.tsx'
import { getWebhooks, makeWebhook } from './webhooks/webhook-api.ts'
import { WebhookForm } from './webhooks/webhook-form.tsx'
import { stateWords } from './webhooks/webhook-words.ts'

const READ_EVERY_MS = 10_000

export function Webhooks() {
  const { agent } = useView()
  const admin = agent.role === 'admin'
  return (
    <div className="tl-stack">
      {admin ? (
        <>
          <WebhookList />
          <NewWebhook />
        </>
      ) : (
        <section className="tl-panel tl-stack">
          <h1>Webhooks</h1>
          <p className="tl-muted">Webhooks are set up by whoever runs the workspace.</p>
        </section>
      )}
    </div>
  )
}

function WebhookList() {
  const list = usePages(['webhooks'], getWebhooks, READ_EVERY_MS)
  return (
    <ListPanel
      title="Webhooks"
      list={list}
      columns={['Name', 'State', 'Address']}
      empty="No server gets events yet. Give the address of yours below, and it is told of each call as it happens."
      row={item => (
        <tr key={item.id}>
          <td>
            <Link to="/webhooks/$webhookId" params={{ webhookId: item.id }} className={classes.who}>
              <PersonName name={item.name} />
            </Link>
          </td>
          <td>{stateWords(item)}</td>
          <td style={{ overflowWrap: 'anywhere' }}>{item.url}</td>
        </tr>
      )}
    />
  )
}

function NewWebhook() {
  const [secret, setSecret] = useState<string | null>(null)
  return (
    <section className="tl-panel tl-stack" aria-labelledby="new-webhook-title">
      <h2 id="new-webhook-title">New webhook</h2>
      {secret === null ? (
        <WebhookForm
          webhook={null}
          done="The webhook is made."
          save={async body => setSecret((await makeWebhook(body)).secret)}
        />
      ) : (
        <ShownSecret value={secret} onDone={() => setSecret(null)} />
      )}
    </section>
  )
}

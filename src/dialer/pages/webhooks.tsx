/** The webhooks of the workspace: where its events are sent, and how each is doing. For those who run the workspace. */
import { Loader } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useView } from '../desk/hooks.ts'
import { PersonName } from '../look/person-name.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import { ShowMore, usePages } from './paged-list.tsx'
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
  const { pages, items } = usePages(['webhooks'], getWebhooks, READ_EVERY_MS)
  return (
    <section className="tl-panel tl-stack" aria-labelledby="webhooks-title">
      <div className={classes.head}>
        <h1 id="webhooks-title">Webhooks</h1>
        {pages.isLoading ? <Loader size="xs" role="status" aria-label="Loading" /> : null}
      </div>
      {pages.isError ? <ProblemBox title={pages.error.message} onRetry={() => void pages.refetch()} /> : null}
      {pages.isSuccess && items.length === 0 ? (
        <p className="tl-muted">
          No server gets events yet. Give the address of yours below, and it is told of each call as it happens.
        </p>
      ) : null}
      {items.length === 0 ? null : (
        <div className={classes.scroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">State</th>
                <th scope="col">Address</th>
              </tr>
            </thead>
            <tbody>
              {items.map(item => (
                <tr key={item.id}>
                  <td>
                    <Link to="/webhooks/$webhookId" params={{ webhookId: item.id }} className={classes.who}>
                      <PersonName name={item.name} />
                    </Link>
                  </td>
                  <td>{stateWords(item)}</td>
                  <td style={{ overflowWrap: 'anywhere' }}>{item.url}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <ShowMore pages={pages}>Show more</ShowMore>
    </section>
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

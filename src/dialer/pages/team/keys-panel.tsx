/** Keys with which programs call the API. An admin makes one, copies it once, and revokes it. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { KeyRow } from '../../../wire/api-key.ts'
import { stampText } from '../../desk/time.ts'
import { ProblemBox } from '../../look/problem-box.tsx'
import classes from '../table.module.css'
import { MadeKey } from './made-key.tsx'
import { NewKeyForm } from './new-key-form.tsx'
import { SCOPE_WORDS } from './scope-words.ts'
import { SureButton } from './sure-button.tsx'
import { getKeys, revokeKey } from './team-api.ts'
import { useChange } from './use-change.ts'

export function KeysPanel() {
  const keys = useQuery({ queryKey: ['keys'], queryFn: getKeys })
  const [made, setMade] = useState<{ name: string; value: string } | null>(null)
  const items = keys.data?.items ?? []
  return (
    <section className="tl-panel tl-stack" aria-labelledby="keys-title">
      <h2 id="keys-title">Keys for programs</h2>
      {keys.isError ? <ProblemBox title={keys.error.message} onRetry={() => void keys.refetch()} /> : null}
      {keys.isSuccess && items.length === 0 ? (
        <p className="tl-muted">
          No program has a key yet. Make one so that another system can start calls or read them.
        </p>
      ) : null}
      {items.length === 0 ? null : <KeysTable items={items} />}
      {made === null ? <NewKeyForm onMade={setMade} /> : <MadeKey {...made} onDone={() => setMade(null)} />}
    </section>
  )
}

function KeysTable({ items }: { items: KeyRow[] }) {
  const change = useChange('keys')
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Begins with</th>
            <th scope="col">May</th>
            <th scope="col">Within a minute</th>
            <th scope="col">Last used</th>
            <th scope="col">Ends</th>
            <th scope="col">Change</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ keyId, name, begins, scopes, addresses, requestsPerMinute, usedMs, endsMs }) => (
            <tr key={keyId}>
              <td className={classes.who}>{name}</td>
              <td className="tl-number">{begins}…</td>
              <td>
                {scopes.map(scope => SCOPE_WORDS[scope]).join(', ')}
                {addresses.length === 0 ? '' : `; from ${addresses.join(', ')} only`}
              </td>
              <td>at most {requestsPerMinute}</td>
              <td>{usedMs === null ? <span className="tl-muted">never</span> : stampText(usedMs)}</td>
              <td>{endsMs === null ? <span className="tl-muted">does not end</span> : endWords(endsMs)}</td>
              <td>
                <SureButton
                  label={`Revoke ${name}`}
                  question="Really revoke?"
                  disabled={change.busy}
                  onSure={() => void change.run(() => revokeKey(keyId), `The key ${name} is revoked.`)}
                >
                  Revoke
                </SureButton>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function endWords(endsMs: number): string {
  return endsMs < Date.now() ? `over since ${stampText(endsMs)}` : stampText(endsMs)
}

/** Trunks: other exchanges that call in, by a password or from their addresses. */
import { Button, Checkbox, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { ShownTrunk } from '../../../wire/trunk.ts'
import { PersonName } from '../../look/person-name.tsx'
import { ProblemBox } from '../../look/problem-box.tsx'
import { ShowMore, usePages } from '../paged-list.tsx'
import { ShownOnce } from '../shown-once.tsx'
import classes from '../table.module.css'
import { SureButton } from '../team/sure-button.tsx'
import { useChange } from '../team/use-change.ts'
import { deleteTrunk, getTrunks, makeTrunk, renewTrunk } from './extension-api.ts'

const READ_EVERY_MS = 5_000
type Made = ShownTrunk & { password?: string | undefined }

export function TrunksPanel({ admin }: { admin: boolean }) {
  const { pages, items } = usePages(['trunks'], getTrunks, READ_EVERY_MS)
  const [made, setMade] = useState<Made | null>(null)
  return (
    <section className="tl-panel tl-stack" aria-labelledby="trunks-title">
      <h2 id="trunks-title">Trunks</h2>
      <p className="tl-muted">
        Another exchange sends its calls to the domain of its trunk, and reaches our numbers and extensions. Who has
        neither the password nor a listed address is refused.
      </p>
      {pages.isError ? <ProblemBox title={pages.error.message} onRetry={() => void pages.refetch()} /> : null}
      {items.length === 0 ? null : (
        <div className={classes.scroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                {['Name', 'Domain', 'Let in by', ...(admin ? ['Change'] : [])].map(name => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {items.map(item => (
                <TrunkRow key={item.id} item={item} admin={admin} onMade={setMade} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <ShowMore pages={pages}>Show more</ShowMore>
      {made?.password === undefined ? null : (
        <ShownOnce label={`The password of ${made.name}`} value={made.password} onDone={() => setMade(null)}>
          The other exchange calls {made.domain_name ?? 'its domain'} as user {made.username}. Copy the password now: it
          is shown only here.
        </ShownOnce>
      )}
      {admin ? <NewTrunk onMade={setMade} /> : null}
    </section>
  )
}

function TrunkRow({ item, admin, onMade }: { item: ShownTrunk; admin: boolean; onMade(made: Made): void }) {
  const change = useChange('trunks')
  const { id, name } = item
  return (
    <tr>
      <td>
        <PersonName name={name} />
      </td>
      <td>{item.status === 'ready' ? item.domain_name : (item.problem ?? 'the carrier is being told')}</td>
      <td>{[...(item.username === null ? [] : ['password']), ...item.allowed_ips].join(', ')}</td>
      {admin ? (
        <td>
          <span className="tl-row">
            {item.username === null ? null : (
              <SureButton
                label={`Make a new password for ${name}`}
                question="Is the old one no good?"
                size="xs"
                disabled={change.busy}
                onSure={() => void change.run(async () => onMade(await renewTrunk(id)), 'The carrier is being told.')}
              >
                New password
              </SureButton>
            )}
            <SureButton
              label={`Delete trunk ${name}`}
              question="Really delete?"
              size="xs"
              disabled={change.busy}
              onSure={() => void change.run(() => deleteTrunk(id), `${name} is let in no more.`)}
            >
              Delete
            </SureButton>
          </span>
        </td>
      ) : null}
    </tr>
  )
}

function NewTrunk({ onMade }: { onMade(made: Made): void }) {
  const change = useChange('trunks')
  const [name, setName] = useState('')
  const [password, setPassword] = useState(true)
  const [listed, setListed] = useState('')
  const addresses = listed.split(/[\s,]+/).filter(one => one !== '')
  async function submit(event: FormEvent) {
    event.preventDefault()
    const auth_types = [...(password ? ['basic' as const] : []), ...(addresses.length > 0 ? ['ip' as const] : [])]
    const body = { name: name.trim(), auth_types, allowed_ips: addresses }
    const done = await change.run(async () => onMade(await makeTrunk(body)), `${body.name} may call in.`)
    if (!done) return
    setName('')
    setListed('')
  }
  return (
    <form className="tl-stack" aria-label="A new trunk" onSubmit={event => void submit(event)}>
      <div className={classes.filters}>
        <TextInput label="Name of the exchange" value={name} onChange={event => setName(event.currentTarget.value)} />
        <Textarea
          label="Its addresses"
          description="One a line, as 203.0.113.0/24"
          autosize
          value={listed}
          onChange={event => setListed(event.currentTarget.value)}
        />
      </div>
      <Checkbox
        label="It has a password"
        checked={password}
        onChange={event => setPassword(event.currentTarget.checked)}
      />
      <div>
        <Button
          type="submit"
          variant="default"
          disabled={name.trim() === '' || (!password && addresses.length === 0) || change.busy}
        >
          Make a trunk
        </Button>
      </div>
    </form>
  )
}

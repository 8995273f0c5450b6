/** Extensions: phones in browsers that register here and call each other, and which of them are connected. */
import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { ShownExtension } from '../../wire/extension.ts'
import { useView } from '../desk/hooks.ts'
import { PersonName } from '../look/person-name.tsx'
import { deleteExtension, getExtensions, makeExtension, renewSecret } from './extensions/extension-api.ts'
import { type Made, Provisioning } from './extensions/provisioning.tsx'
import { ListPanel, usePages } from './paged-list.tsx'
import classes from './table.module.css'
import { SureButton } from './team/sure-button.tsx'
import { useChange } from './team/use-change.ts'

const READ_EVERY_MS = 5_000

export function Extensions() {
  const admin = useView().agent.role === 'admin'
  const [made, setMade] = useState<Made | null>(null)
  return (
    <div className="tl-stack">
      <ExtensionList admin={admin} onMade={setMade} />
      {made === null ? null : (
        <section className="tl-panel tl-stack" aria-labelledby="made-title">
          <h2 id="made-title">Extension {made.extension}</h2>
          <Provisioning made={made} onDone={() => setMade(null)} />
        </section>
      )}
      {admin ? (
        <NewExtension onMade={setMade} />
      ) : (
        <p className="tl-muted">Extensions are made by whoever runs the workspace.</p>
      )}
    </div>
  )
}

interface ListProps {
  admin: boolean
  onMade(made: Made): void
}

function ExtensionList({ admin, onMade }: ListProps) {
  const list = usePages(['extensions'], getExtensions, READ_EVERY_MS)
  return (
    <ListPanel
      title="Extensions"
      list={list}
      columns={['Extension', 'Name', 'Phones', ...(admin ? ['Change'] : [])]}
      empty="There are no extensions yet. A phone in any browser registers with one, and extensions call each other without a carrier."
      row={item => (
        <tr key={item.id}>
          <td className="tl-number">{item.extension}</td>
          <td>
            <PersonName name={item.name} />
          </td>
          <td>{phoneWords(item)}</td>
          {admin ? <Changes item={item} onMade={onMade} /> : null}
        </tr>
      )}
    />
  )
}

function phoneWords({ phones, tm_last_seen }: ShownExtension): string {
  if (phones === 0) return tm_last_seen === null ? 'never connected' : 'not connected'
  return phones === 1 ? 'connected' : `${phones} connected`
}

function Changes({ item, onMade }: { item: ShownExtension; onMade(made: Made): void }) {
  const change = useChange('extensions')
  const { id, extension } = item
  return (
    <td>
      <span className="tl-row">
        <SureButton
          label={`Make a new password for ${extension}`}
          question="Cut off its phones?"
          size="xs"
          disabled={change.busy}
          onSure={() =>
            void change.run(async () => onMade(await renewSecret(id)), 'The old password is good for nothing now.')
          }
        >
          New password
        </SureButton>
        <SureButton
          label={`Delete extension ${extension}`}
          question="Really delete?"
          size="xs"
          disabled={change.busy}
          onSure={() => void change.run(() => deleteExtension(id), `Extension ${extension} is gone.`)}
        >
          Delete
        </SureButton>
      </span>
    </td>
  )
}

function NewExtension({ onMade }: { onMade(made: Made): void }) {
  const change = useChange('extensions')
  const [extension, setExtension] = useState('')
  const [name, setName] = useState('')
  async function submit(event: FormEvent) {
    event.preventDefault()
    const body = { extension: extension.trim(), name: name.trim() }
    const done = await change.run(async () => onMade(await makeExtension(body)), `Extension ${body.extension} is made.`)
    if (!done) return
    setExtension('')
    setName('')
  }
  return (
    <section className="tl-panel tl-stack" aria-labelledby="new-extension-title">
      <h2 id="new-extension-title">New extension</h2>
      <form className="tl-stack" aria-label="A new extension" onSubmit={event => void submit(event)}>
        <div className={classes.filters}>
          <TextInput
            label="Extension"
            placeholder="101"
            value={extension}
            onChange={event => setExtension(event.currentTarget.value)}
          />
          <TextInput
            label="Name"
            placeholder="Reception"
            value={name}
            onChange={event => setName(event.currentTarget.value)}
          />
        </div>
        <div>
          <Button
            type="submit"
            variant="default"
            disabled={extension.trim() === '' || name.trim() === '' || change.busy}
          >
            Make an extension
          </Button>
        </div>
      </form>
    </section>
  )
}

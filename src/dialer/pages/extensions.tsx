/** Extensions: phones that register here or at the carrier, which of them are connected, what else they lead to, and trunks. */
import { Button, Checkbox, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { ShownExtension } from '../../wire/extension.ts'
import { useView } from '../desk/hooks.ts'
import { PersonName } from '../look/person-name.tsx'
import { CarrierPanel, useCarrierPhones } from './extensions/carrier-panel.tsx'
import {
  changeExtension,
  deleteExtension,
  getExtensions,
  makeExtension,
  renewSecret,
} from './extensions/extension-api.ts'
import { ExtensionLead } from './extensions/extension-lead.tsx'
import { type Made, Provisioning } from './extensions/provisioning.tsx'
import { TrunksPanel } from './extensions/trunks-panel.tsx'
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
      <CarrierPanel admin={admin} />
      <TrunksPanel admin={admin} />
    </div>
  )
}

interface ListProps {
  admin: boolean
  onMade(made: Made): void
}

function ExtensionList({ admin, onMade }: ListProps) {
  const list = usePages(['extensions'], getExtensions, READ_EVERY_MS)
  const carrier = useCarrierPhones().data?.enabled === true
  const columns = ['Extension', 'Name', 'Phones', ...(carrier && admin ? ['Rings'] : []), ...(admin ? ['Change'] : [])]
  return (
    <ListPanel
      title="Extensions"
      list={list}
      columns={columns}
      empty="There are no extensions yet. A phone in any browser registers with one, and extensions call each other without a carrier."
      row={item => (
        <tr key={item.id}>
          <td className="tl-number">{item.extension}</td>
          <td>
            <PersonName name={item.name} />
          </td>
          <td>{phoneWords(item)}</td>
          {carrier && admin ? (
            <td>
              <ExtensionLead item={item} />
            </td>
          ) : null}
          {admin ? <Changes item={item} carrier={carrier} onMade={onMade} /> : null}
        </tr>
      )}
    />
  )
}

function phoneWords({ phones, tm_last_seen, at_carrier }: ShownExtension): string {
  if (phones === 0 && at_carrier) return 'at the carrier'
  if (phones === 0) return tm_last_seen === null ? 'never connected' : 'not connected'
  return phones === 1 ? 'connected' : `${phones} connected`
}

interface ChangesProps {
  item: ShownExtension
  carrier: boolean
  onMade(made: Made): void
}

function Changes({ item, carrier, onMade }: ChangesProps) {
  const change = useChange('extensions')
  const { id, extension } = item
  async function moveToCarrier() {
    const { password, ...changed } = await changeExtension(id, { at_carrier: true })
    if (password !== undefined) onMade({ ...changed, password })
  }
  return (
    <td>
      <span className="tl-row">
        {carrier && !item.at_carrier ? (
          <SureButton
            label={`To the carrier with phones of ${extension}`}
            question="With a new password?"
            size="xs"
            disabled={change.busy}
            onSure={() => void change.run(moveToCarrier, 'The carrier is being told.')}
          >
            To the carrier
          </SureButton>
        ) : null}
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
  const [atCarrier, setAtCarrier] = useState(false)
  const carrier = useCarrierPhones().data?.enabled === true
  async function submit(event: FormEvent) {
    event.preventDefault()
    const body = { extension: extension.trim(), name: name.trim(), at_carrier: carrier && atCarrier }
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
        {carrier ? (
          <Checkbox
            label="Its phones register at the carrier"
            checked={atCarrier}
            onChange={event => setAtCarrier(event.currentTarget.checked)}
          />
        ) : null}
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

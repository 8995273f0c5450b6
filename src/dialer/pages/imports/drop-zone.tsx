/** Where a list is dropped or chosen. The import is made at once, and its page shows how the file is read. */
import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useDesk } from '../../desk/hooks.ts'
import classes from './drop-zone.module.css'
import { beginImport, sendList } from './import-api.ts'

const NAME_CHARS_MAX = 120
const KINDS = '.csv,.tsv,.txt,.xlsx'

export function DropZone() {
  const { store } = useDesk()
  const navigate = useNavigate()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [busy, setBusy] = useState(false)
  async function take(file: File | undefined) {
    if (file === undefined) return
    setBusy(true)
    const said = (error: unknown) =>
      store.notify('problem', error instanceof Error ? error.message : 'That did not work.')
    try {
      const { importId } = await beginImport(file.name.slice(0, NAME_CHARS_MAX).trim() || 'List')
      // The page of the import shows how it goes; it is not waited for here. What is wrong with the file stands there as well.
      sendList(importId, file).catch(said)
      await navigate({ to: '/imports/$importId', params: { importId } })
    } catch (error) {
      said(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <section
      className={classes.zone}
      aria-label="A new list"
      data-over={over || undefined}
      onDragOver={event => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        event.preventDefault()
        setOver(false)
        void take(event.dataTransfer.files[0])
      }}
    >
      <input
        ref={input}
        type="file"
        accept={KINDS}
        aria-label="List of people"
        hidden
        onChange={event => {
          void take(event.currentTarget.files?.[0])
          event.currentTarget.value = ''
        }}
      />
      <Button loading={busy} onClick={() => input.current?.click()}>
        Choose a file
      </Button>
      <span>
        or drop it here: CSV or Excel (.xlsx), up to 100,000 rows.{' '}
        <span className="tl-muted">Nothing is saved before you say so.</span>
      </span>
    </section>
  )
}

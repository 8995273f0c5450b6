/** Who called and reached nobody: voicemail with a player and its words, missed calls, callbacks that were asked for. */
import { Button, Kbd, Loader, NativeSelect } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { deskName } from '../../core/ids.ts'
import { useAct, useDesk, useView, useWhyNot } from '../desk/hooks.ts'
import { useKey } from '../keys/use-keys.ts'
import { ProblemBox } from '../look/problem-box.tsx'
import { type Deeds, EntryCard } from './inbox/entry.tsx'
import classes from './inbox/inbox.module.css'
import { type Entry, type Filter, handle, INBOX, remove, restore, useEntries } from './inbox/inbox-api.ts'
import { whoOf } from './inbox/words.ts'
import table from './table.module.css'

const Greeting = lazy(() => import('./inbox/greeting.tsx'))

export function Inbox() {
  const { agent } = useView()
  const [filter, setFilter] = useState<Filter>({ kind: null, state: 'open', whose: 'mine' })
  const entries = useEntries(filter)
  const items = entries.data?.pages.flatMap(page => page.items) ?? []
  const { deeds, busy, deleted, undo } = useDeeds()
  const whyNot = useWhyNot()
  useKey('call-back', () => {
    const entry = chosen(items)
    if (entry === undefined || entry.number === '' || whyNot('single.dial') !== null) return false
    deeds.callBack(entry)
    return true
  })
  const own = deskName(agent.userId)
  return (
    <section className="tl-panel tl-stack" aria-labelledby="inbox-title">
      <div className={table.head}>
        <h1 id="inbox-title">Inbox</h1>
        {entries.isFetching ? <Loader size="xs" role="status" aria-label="Loading" /> : null}
      </div>
      <Filters filter={filter} leads={agent.role !== 'agent'} onChange={setFilter} />
      {entries.isError ? <ProblemBox title={entries.error.message} onRetry={() => void entries.refetch()} /> : null}
      {items.length === 0 && entries.isSuccess ? <Nothing filter={filter} /> : null}
      {items.length === 0 ? null : (
        <>
          <p className="tl-muted tl-small">
            <Kbd size="xs">C</Kbd> calls the person back whose entry has the focus, or the first who waits.
          </p>
          <ul className={classes.list} aria-label="Entries">
            {items.map(entry => (
              <EntryCard
                key={entry.id}
                entry={entry}
                own={entry.box.kind === 'person' && entry.box.id === own}
                busy={busy === entry.id}
                deeds={deeds}
              />
            ))}
          </ul>
        </>
      )}
      {entries.hasNextPage ? (
        <div>
          <Button variant="default" loading={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>
            Show older entries
          </Button>
        </div>
      ) : null}
      <div role="status" className={classes.undo}>
        {deleted === null ? null : (
          <div>
            <span>{whoOf(deleted)} was deleted.</span>
            <Button size="compact-sm" variant="default" onClick={undo}>
              Undo
            </Button>
          </div>
        )}
      </div>
      <Suspense fallback={null}>
        <Greeting agent={agent} />
      </Suspense>
    </section>
  )
}

/** The entry with the focus, else the first that nobody has handled. */
function chosen(items: readonly Entry[]): Entry | undefined {
  const id = document.activeElement?.closest('[data-entry]')?.getAttribute('data-entry')
  return items.find(one => one.id === id) ?? items.find(one => one.tm_handled === null)
}

function useDeeds() {
  const { store } = useDesk()
  const act = useAct()
  const queries = useQueryClient()
  const [busy, setBusy] = useState<string | null>(null)
  const [deleted, setDeleted] = useState<Entry | null>(null)
  async function run(entry: Entry, deed: () => Promise<unknown>, after: Entry | null): Promise<void> {
    setBusy(entry.id)
    try {
      await deed()
      setDeleted(after)
    } catch (problem) {
      store.notify('problem', problem instanceof Error ? problem.message : 'That did not work. Try again.')
    } finally {
      await queries.invalidateQueries({ queryKey: [INBOX] })
      setBusy(null)
    }
  }
  const deeds: Deeds = {
    callBack: entry => void act({ type: 'single.dial', phone: entry.number }),
    handle: entry => void run(entry, () => handle(entry.id, entry.tm_handled === null), deleted),
    remove: entry => void run(entry, () => remove(entry.id), entry),
  }
  const undo = () => {
    if (deleted !== null) void run(deleted, () => restore(deleted.id), null)
  }
  return { deeds, busy, deleted, undo }
}

function Nothing({ filter }: { filter: Filter }) {
  const narrowed = filter.kind !== null
  return (
    <p className="tl-muted">
      {narrowed
        ? 'There is none of this kind.'
        : filter.state === 'open'
          ? 'Nobody waits for you. A caller who reaches nobody leaves a message here.'
          : 'Nobody has called in vain. A caller who reaches nobody leaves a message here.'}
    </p>
  )
}

interface FiltersProps {
  filter: Filter
  leads: boolean
  onChange(filter: Filter): void
}

function Filters({ filter, leads, onChange }: FiltersProps) {
  const change = (next: Partial<Filter>) => onChange({ ...filter, ...next })
  return (
    <search className={table.filters}>
      <NativeSelect
        label="Kind"
        value={filter.kind ?? ''}
        onChange={event => change({ kind: (event.currentTarget.value || null) as Filter['kind'] })}
        data={[
          { value: '', label: 'Everything' },
          { value: 'voicemail', label: 'Voicemail' },
          { value: 'missed', label: 'Missed calls' },
          { value: 'callback', label: 'Callbacks' },
        ]}
      />
      <NativeSelect
        label="Show"
        value={filter.state}
        onChange={event => change({ state: event.currentTarget.value as Filter['state'] })}
        data={[
          { value: 'open', label: 'What waits' },
          { value: 'all', label: 'What was handled as well' },
        ]}
      />
      {leads ? (
        <NativeSelect
          label="Whose"
          value={filter.whose}
          onChange={event => change({ whose: event.currentTarget.value as Filter['whose'] })}
          data={[
            { value: 'mine', label: 'Mine and the team’s' },
            { value: 'all', label: 'Everybody’s' },
          ]}
        />
      ) : null}
    </search>
  )
}

/** `Ctrl K`: pages and actions by their words. What the server would refuse stays in the list, with the reason, and does nothing. */
import { Kbd, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { ask } from '../api.ts'
import { useAct, useDesk, useView, useWhyNot } from '../desk/hooks.ts'
import { enterWorkspace, WORKSPACES } from '../desk/workspaces.ts'
import { pressShortcut } from '../keys/use-keys.ts'
import { type OnCall, useSupervise } from '../pages/live/use-supervise.ts'
import { type Deed, type Item, itemsOf, matching } from './items.ts'
import classes from './palette.module.css'

export default function Palette({ onClose }: { onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const items = matching(useItems(), typed)
  const chosen = Math.min(at, items.length - 1)
  const perform = useDeed()
  useEffect(() => dialog.current?.showModal(), [])
  const run = ({ why, deed }: Item) => {
    if (why !== null) return
    // Closed first, so that the focus is back on the page before anything happens there.
    dialog.current?.close()
    perform(deed)
  }
  const keys = (event: KeyboardEvent) => {
    // The key that has opened it closes it; the page's own keys rest while a dialog is open.
    if (event.key === 'k' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      return dialog.current?.close()
    }
    const next = moved(event.key, chosen, items.length)
    const item = items[chosen]
    if (next !== null) setAt(next)
    else if (event.key === 'Enter' && item !== undefined) run(item)
    else return
    event.preventDefault()
  }
  return (
    <dialog ref={dialog} className={classes.palette} aria-label="Pages and actions" onClose={onClose}>
      <div className={classes.field}>
        <TextInput
          aria-label="Find a page or an action"
          placeholder="Find a page or an action"
          autoComplete="off"
          value={typed}
          role="combobox"
          aria-expanded
          aria-controls="palette-list"
          aria-activedescendant={items[chosen] === undefined ? undefined : `palette-${chosen}`}
          onKeyDown={keys}
          onChange={event => {
            setTyped(event.currentTarget.value)
            setAt(0)
          }}
        />
      </div>
      <div id="palette-list" role="listbox" aria-label="Pages and actions" className={classes.list}>
        {items.map((item, index) => (
          <Option key={item.id} item={item} index={index} chosen={index === chosen} onRun={() => run(item)} />
        ))}
      </div>
      {items.length === 0 ? (
        <p className={`${classes.none} tl-muted`} role="status">
          Nothing has these words.
        </p>
      ) : null}
    </dialog>
  )
}

/** Null: the key moves nothing. */
function moved(key: string, at: number, count: number): number | null {
  if (count === 0) return null
  switch (key) {
    case 'ArrowDown':
      return (at + 1) % count
    case 'ArrowUp':
      return (at + count - 1) % count
    case 'PageDown':
      return Math.min(at + 8, count - 1)
    case 'PageUp':
      return Math.max(at - 8, 0)
    default:
      return null
  }
}

interface OptionProps {
  item: Item
  index: number
  chosen: boolean
  onRun(): void
}

function Option({ item, index, chosen, onRun }: OptionProps) {
  const { words, why, key } = item
  const row = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (chosen) row.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and the keys, and names the chosen option
    // biome-ignore lint/a11y/useFocusableInteractive: the same
    <div
      ref={row}
      id={`palette-${index}`}
      role="option"
      aria-selected={chosen}
      aria-disabled={why === null ? undefined : true}
      className={classes.item}
      onClick={onRun}
    >
      <span className={classes.words}>{words}</span>
      {key === null ? null : <Kbd size="xs">{key}</Kbd>}
      {why === null ? null : <span className={classes.why}>{why}</span>}
    </div>
  )
}

function useItems(): Item[] {
  const view = useView()
  const whyNot = useWhyNot()
  const supervise = useSupervise()
  const leads = view.agent.role !== 'agent'
  const live = useQuery({ queryKey: ['live'], queryFn: () => ask('GET /api/live'), enabled: leads, staleTime: 0 })
  const talking = (live.data?.agents ?? []).flatMap((agent): OnCall[] =>
    agent.call === null ? [] : [{ agent, call: agent.call }],
  )
  const { whyNot: whyNotListen, whyNotTake } = supervise
  const { data } = useQuery(WORKSPACES)
  const workspaces = (data?.items ?? []).filter(one => !one.current)
  return itemsOf({ view, whyNot, talking: leads ? talking : [], whyNotListen, whyNotTake, workspaces })
}

function useDeed(): (deed: Deed) => void {
  const navigate = useNavigate()
  const act = useAct()
  const supervise = useSupervise()
  const desk = useDesk()
  return deed => {
    switch (deed.do) {
      case 'go':
        return void navigate({ to: deed.to })
      case 'act':
        return void act(deed.action)
      case 'press':
        if (deed.key !== 'transfer') return pressShortcut(deed.key)
        // The panel is on the page of the session, which registers the key when it is there.
        return void navigate({ to: '/' }).then(() => setTimeout(() => pressShortcut(deed.key)))
      case 'supervise':
        return void supervise.want(deed.one, deed.mode)
      case 'take-over':
        return void supervise.takeOver(deed.callId)
      case 'enter':
        return void enterWorkspace(desk, deed.workspaceId).catch((error: Error) =>
          desk.store.notify('problem', error.message),
        )
    }
  }
}

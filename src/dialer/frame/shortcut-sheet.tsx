/** The `?` sheet. It lists the registry, so no key is missing. A native dialog, because that has a focus trap and Esc. */
import { CloseButton, Kbd } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { usePreferences, useView } from '../desk/hooks.ts'
import { SHORTCUTS } from '../keys/registry.ts'
import classes from './shortcut-sheet.module.css'

/** An agent has no page Live. */
const GROUPS = ['Session', 'Call', 'Live', 'Everywhere'] as const

export default function ShortcutSheet({ onClose }: { onClose(): void }) {
  const { shortcuts } = usePreferences()
  const leads = useView().agent.role !== 'agent'
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} className={classes.sheet} aria-labelledby="sheet-title" onClose={onClose}>
      <div className={classes.head}>
        <h2 id="sheet-title">Keyboard shortcuts</h2>
        <CloseButton aria-label="Close" onClick={() => dialog.current?.close()} />
      </div>
      {shortcuts ? null : <p className="tl-muted">Shortcuts are switched off in the settings.</p>}
      <div className={classes.groups}>
        {GROUPS.filter(group => leads || group !== 'Live').map(group => (
          <section key={group}>
            <h3>{group}</h3>
            <dl className={classes.list}>
              {SHORTCUTS.filter(shortcut => shortcut.group === group).map(({ id, label, words }) => (
                <div key={id}>
                  <dt>
                    <Kbd>{label}</Kbd>
                  </dt>
                  <dd>{words}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </dialog>
  )
}

/** The `?` sheet, drawn from the registry, so that it cannot forget a key. */
import { Kbd, Modal } from '@mantine/core'
import { usePreferences } from '../desk/hooks.ts'
import { SHORTCUTS } from '../keys/registry.ts'
import classes from './shortcut-sheet.module.css'

export default function ShortcutSheet({ onClose }: { onClose(): void }) {
  const { shortcuts } = usePreferences()
  return (
    <Modal opened onClose={onClose} title="Keyboard shortcuts" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      {shortcuts ? null : <p className="tl-muted">Shortcuts are switched off in the settings.</p>}
      <div className={classes.groups}>
        {(['Session', 'Call', 'Everywhere'] as const).map(group => (
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
    </Modal>
  )
}

/** The verbs, by group. A press adds a step behind the chosen one. */
import { Button } from '@mantine/core'
import { type VerbName, verbOf } from '../../../core/flow/verbs/table.ts'
import classes from './flow-editor.module.css'
import { paletteOf } from './steps.ts'

const GROUPS: Record<string, string> = {
  speech: 'Speech',
  keys: 'Keys',
  branching: 'Branching',
  call: 'Call',
  rooms: 'Rooms and queues',
  recording: 'Recording',
  outside: 'Servers and flows',
  ai: 'AI',
}

export function Palette({ onAdd }: { onAdd(verb: VerbName): void }) {
  return (
    <section className={`${classes.palette} tl-panel`} aria-labelledby="palette-title">
      <h2 id="palette-title">Add a step</h2>
      {paletteOf().map(([group, verbs]) => (
        <details key={group} open={group === 'speech' || group === 'keys'}>
          <summary>{GROUPS[group] ?? group}</summary>
          <ul>
            {verbs.map(name => (
              <li key={name}>
                <Button variant="default" size="compact-sm" title={verbOf(name).help} onClick={() => onAdd(name)}>
                  {verbOf(name).label}
                </Button>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </section>
  )
}

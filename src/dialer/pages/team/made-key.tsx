/** The key of a program, when it was just made. */
import { ShownOnce } from '../shown-once.tsx'

export function MadeKey({ name, value, onDone }: { name: string; value: string; onDone(): void }) {
  return (
    <ShownOnce label="The key" value={value} onDone={onDone}>
      The key {name} is made. Copy it now: it is shown only here, and kept nowhere.
    </ShownOnce>
  )
}

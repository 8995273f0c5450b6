/** The secret of an endpoint, when it was just made. */
import { ShownOnce } from '../shown-once.tsx'

export function ShownSecret({ value, onDone }: { value: string; onDone(): void }) {
  return (
    <ShownOnce label="The secret" value={value} onDone={onDone}>
      Copy the secret now: it is shown only here. The server checks with it that a message comes from us.
    </ShownOnce>
  )
}

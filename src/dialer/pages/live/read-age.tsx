/** How old one row of the Live page is. It is as old as the answer of the object that knows. */
import { useServerNow } from '../../desk/hooks.ts'
import { clockText } from '../../desk/time.ts'

export function ReadAge({ at, stale }: { at: number; stale: boolean }) {
  const now = useServerNow(1_000)
  return (
    <span className="tl-muted tl-small">
      {stale ? 'Cannot be read now, as of ' : 'read '}
      <span className="tl-number">{clockText(now - at)}</span> ago
    </span>
  )
}

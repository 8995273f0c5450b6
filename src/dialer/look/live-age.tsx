/** How old a page is that nobody tells of changes, because the connection to the desk is lost. */
import { type QueryKey, useQueryClient } from '@tanstack/react-query'
import { useServerNow, useSnapshot } from '../desk/hooks.ts'
import { clockText } from '../desk/time.ts'

/** `of`: the queries of the page, by the beginning of their key. The oldest of them counts. */
export function LiveAge({ of }: { of: QueryKey }) {
  const { link } = useSnapshot()
  return link.name === 'open' ? null : <Age of={of} />
}

function Age({ of }: { of: QueryKey }) {
  const queries = useQueryClient()
  const { clockOffsetMs } = useSnapshot()
  const now = useServerNow(500) - clockOffsetMs
  const read = queries.getQueryCache().findAll({ queryKey: of, type: 'active' })
  const times = read.flatMap(({ state }) => (state.dataUpdatedAt === 0 ? [] : [state.dataUpdatedAt]))
  if (times.length === 0) return null
  return (
    <p className="tl-muted tl-small">
      The connection is lost, so this page asks every 2 seconds. What stands here is{' '}
      <span className="tl-number">{clockText(now - Math.min(...times))}</span> old.
    </p>
  )
}

/** How many entries of the inbox wait, beside its name in the navigation. It is asked for when the desk says that something has changed. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { ask } from '../api.ts'
import { useSnapshot } from '../desk/hooks.ts'
import classes from './frame.module.css'

/** News may be lost with the socket, so it is asked for now and then all the same. */
const ANYHOW_MS = 60_000
const SHOWN_MAX = 99

export function InboxCount() {
  const { inboxNews } = useSnapshot()
  const queries = useQueryClient()
  const { data } = useQuery({
    queryKey: ['inbox', 'waiting'],
    queryFn: () => ask('GET /v1.0/inbox-waiting'),
    refetchInterval: ANYHOW_MS,
  })
  useEffect(() => {
    if (inboxNews > 0) void queries.invalidateQueries({ queryKey: ['inbox'] })
  }, [inboxNews, queries])
  const waiting = data?.waiting ?? 0
  if (waiting === 0) return null
  return (
    <span className={classes.count}>
      {waiting > SHOWN_MAX ? `${SHOWN_MAX}+` : waiting}
      <span className="tl-hidden"> waiting</span>
    </span>
  )
}

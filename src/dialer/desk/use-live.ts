/** Queries of what others do: read again when the desk says that it has changed, and by the clock when it cannot. */
import { type QueryKey, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { useDesk } from './hooks.ts'
import { type Changed, Paced } from './live-news.ts'

/** A page that is told reads all the same, because a word may be lost, and the objects that it reads forget it after minutes. */
const TOLD_MS = 15_000
/** A page that is not told. */
const UNTOLD_MS = 2_000
/** A busy team changes often; a page reads no more often than this. */
const GAP_MS = 300

/** `keysOf`: which queries a change concerns. `toldMs`: a page that is told reads so often all the same. Returns the options of these queries. */
export function useLive(
  keysOf: (of: Changed) => readonly QueryKey[],
  toldMs = TOLD_MS,
): { refetchInterval: number; staleTime: 0 } {
  const { live } = useDesk()
  const queries = useQueryClient()
  const { told } = useSyncExternalStore(live.subscribe, live.get)
  const latest = useRef(keysOf)
  latest.current = keysOf
  useEffect(() => {
    const read = new Paced<string>(keys => {
      for (const key of keys) void queries.invalidateQueries({ queryKey: JSON.parse(key) as QueryKey })
    }, GAP_MS)
    const close = live.open(of => read.want(latest.current(of).map(key => JSON.stringify(key))))
    return () => {
      close()
      read.stop()
    }
  }, [live, queries])
  return { refetchInterval: told ? toldMs : UNTOLD_MS, staleTime: 0 }
}

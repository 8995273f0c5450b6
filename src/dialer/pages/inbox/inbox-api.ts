/** The inbox, as its page uses it. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import type { InboxEntry } from '../../../wire/inbox.ts'
import { ask, urlOf } from '../../api.ts'

export type Entry = InboxEntry
export interface Filter {
  kind: Entry['kind'] | null
  state: 'open' | 'all'
  whose: 'mine' | 'all'
}

/** Every query of the inbox begins with this, so that news of it reach all of them. */
export const INBOX = 'inbox'

export function useEntries({ kind, state, whose }: Filter) {
  return useInfiniteQuery({
    queryKey: [INBOX, 'list', kind, state, whose],
    queryFn: ({ pageParam }) =>
      ask('GET /v1.0/inbox', {
        query: { state, whose, limit: 50, ...(kind && { kind }), ...(pageParam && { cursor: pageParam }) },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
    placeholderData: keepPreviousData,
    staleTime: 0,
  })
}

export const handle = (entryId: string, handled: boolean) =>
  ask('PUT /v1.0/inbox/:entryId', { params: { entryId }, body: { handled } })
export const remove = (entryId: string) => ask('DELETE /v1.0/inbox/:entryId', { params: { entryId } })
export const restore = (entryId: string) => ask('POST /v1.0/inbox/:entryId/restore', { params: { entryId } })
export const soundUrl = (entryId: string) => urlOf('GET /v1.0/voicemails/:entryId/audio', { params: { entryId } })
export const getGreetings = () => ask('GET /v1.0/voicemail-greetings')
export const saveGreeting = (kind: Entry['box']['kind'], id: string, text: string) =>
  ask('PUT /v1.0/voicemail-greetings', { body: { kind, id, text } })

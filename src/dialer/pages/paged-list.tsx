/** A list that the server gives page by page: what has been read of it, and the button that reads on. */
import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'

interface Page<Item> {
  items: Item[]
  next: string | null
}

/** `everyMs`: the pages that are shown are read again so often; absent: when something has changed them. */
export function usePages<Item>(key: unknown[], read: (cursor: string | null) => Promise<Page<Item>>, everyMs?: number) {
  const pages = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
  })
  return { pages, items: pages.data?.pages.flatMap(page => page.items) ?? [] }
}

interface ShowMoreProps {
  pages: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage(): Promise<unknown> }
  children: string
}

/** Stands behind the list while the server has more of it. */
export function ShowMore({ pages, children }: ShowMoreProps) {
  if (!pages.hasNextPage) return null
  return (
    <div>
      <Button variant="default" disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
        {children}
      </Button>
    </div>
  )
}

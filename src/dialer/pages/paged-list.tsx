/** A list that the server gives page by page: what has been read of it, the button that reads on, and the panel of a page that is such a list. */
import { Button, Loader } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ProblemBox } from '../look/problem-box.tsx'
import classes from './table.module.css'

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

interface ListPanelProps<Item> {
  title: string
  list: ReturnType<typeof usePages<Item>>
  columns: readonly string[]
  /** says the next step to whoever has nothing in the list yet */
  empty: string
  /** beside the title */
  beside?: ReactNode
  /** between the title and the list */
  above?: ReactNode
  /** the table row of one item, with its key */
  row(item: Item): ReactNode
}

export function ListPanel<Item>({ title, list, columns, empty, beside, above, row }: ListPanelProps<Item>) {
  const { pages, items } = list
  const titleId = `${title.toLowerCase()}-title`
  return (
    <section className="tl-panel tl-stack" aria-labelledby={titleId}>
      <div className={classes.head}>
        <h1 id={titleId}>{title}</h1>
        {pages.isLoading ? <Loader size="xs" role="status" aria-label="Loading" /> : null}
        {beside}
      </div>
      {above}
      {pages.isError ? <ProblemBox title={pages.error.message} onRetry={() => void pages.refetch()} /> : null}
      {pages.isSuccess && items.length === 0 ? <p className="tl-muted">{empty}</p> : null}
      {items.length === 0 ? null : (
        <div className={classes.scroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                {columns.map(name => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>{items.map(row)}</tbody>
          </table>
        </div>
      )}
      <ShowMore pages={pages}>Show more</ShowMore>
    </section>
  )
}

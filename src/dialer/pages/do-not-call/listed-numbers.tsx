/** The list with its search, adding, importing and removing. */
import { Button, Checkbox, Loader, Modal, Textarea, TextInput } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { ListedNumber } from '../../../wire/routes/clearance.ts'
import { ApiProblem, ask } from '../../api.ts'
import { useDesk } from '../../desk/hooks.ts'
import { stampText } from '../../desk/time.ts'
import { ProblemBox } from '../../look/problem-box.tsx'
import classes from '../table.module.css'
import { ImportNumbers } from './import-numbers.tsx'

export function ListedNumbers({ removes }: { removes: boolean }) {
  const [q, setQ] = useState('')
  const [leaving, setLeaving] = useState<ListedNumber | null>(null)
  const list = useInfiniteQuery({
    queryKey: ['do-not-call', q],
    queryFn: ({ pageParam }) =>
      ask('GET /api/do-not-call', { query: { q, ...(pageParam === null ? {} : { cursor: pageParam }) } }),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
    placeholderData: keepPreviousData,
    staleTime: 0,
  })
  const rows = list.data?.pages.flatMap(page => page.items) ?? []
  return (
    <>
      <AddNumber areas={removes} />
      {removes ? <ImportNumbers /> : null}
      <search className={classes.filters}>
        <TextInput
          label="Find a number"
          type="tel"
          value={q}
          onChange={event => setQ(event.currentTarget.value)}
          maxLength={64}
        />
        {list.isFetching ? <Loader size="xs" role="status" aria-label="Loading" /> : null}
      </search>
      {list.isError ? <ProblemBox title={list.error.message} onRetry={() => void list.refetch()} /> : null}
      {rows.length === 0 && list.isSuccess ? (
        <p className="tl-muted">{q === '' ? 'Nobody is on the list yet.' : 'No listed number has these digits.'}</p>
      ) : null}
      {rows.length > 0 ? <ListTable rows={rows} onRemove={removes ? setLeaving : null} /> : null}
      {list.hasNextPage ? (
        <div>
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Show more
          </Button>
        </div>
      ) : null}
      {leaving === null ? null : <RemoveNumber entry={leaving} onClose={() => setLeaving(null)} />}
    </>
  )
}

function ListTable({ rows, onRemove }: { rows: ListedNumber[]; onRemove: ((entry: ListedNumber) => void) | null }) {
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Number</th>
            <th scope="col">For</th>
            <th scope="col">Since</th>
            <th scope="col" className={classes.wide}>
              From
            </th>
            <th scope="col" className={classes.wide}>
              Note
            </th>
            {onRemove === null ? null : <th scope="col">Remove</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={`${row.number}|${row.campaignId ?? ''}`}>
              <td className="tl-number">{row.area ? `${row.number} …` : row.number}</td>
              <td>{row.campaignId === null ? 'everybody' : 'one campaign'}</td>
              <td className="tl-number">{stampText(row.sinceMs)}</td>
              <td className={classes.wide}>{row.sources.map(sourceWords).join('; ')}</td>
              <td className={classes.wide}>{notesOf(row)}</td>
              {onRemove === null ? null : (
                <td>
                  <Button
                    size="compact-xs"
                    variant="default"
                    onClick={() => onRemove(row)}
                    aria-label={`Remove ${row.number}`}
                  >
                    Remove
                  </Button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function sourceWords({ source, by }: ListedNumber['sources'][number]): string {
  return source === by ? source : `${source}, ${by}`
}

function notesOf({ sources }: ListedNumber): string {
  return sources
    .map(one => one.note)
    .filter(note => note !== '')
    .join('; ')
}

/** `areas`: may list all numbers that begin alike */
function AddNumber({ areas }: { areas: boolean }) {
  const { store } = useDesk()
  const queries = useQueryClient()
  const [number, setNumber] = useState('')
  const [note, setNote] = useState('')
  const [isArea, setIsArea] = useState(false)
  const entry = isArea ? { area: number.replace(/[^\d+]/g, '') } : { number: number.trim() }
  const add = useMutation({
    mutationFn: () => ask('POST /api/do-not-call', { body: { ...entry, note } }),
    onSuccess: async answer => {
      setNumber('')
      setNote('')
      store.notify(
        'info',
        answer.added
          ? `${shown(answer.number)} is not called any more.`
          : `${shown(answer.number)} was on the list already.`,
      )
      await queries.invalidateQueries({ queryKey: ['do-not-call'] })
    },
  })
  const shown = (listed: string) => (isArea ? `${listed} …` : listed)
  function submit(event: FormEvent) {
    event.preventDefault()
    if (number.trim() !== '') add.mutate()
  }
  return (
    <form onSubmit={submit} className={classes.filters}>
      <TextInput
        label={isArea ? 'First digits to add' : 'Number to add'}
        placeholder={isArea ? '+1415' : undefined}
        type="tel"
        autoComplete="off"
        maxLength={64}
        value={number}
        onChange={event => setNumber(event.currentTarget.value)}
        error={
          add.error instanceof ApiProblem ? (add.error.fields[0]?.message ?? add.error.message) : add.error?.message
        }
      />
      <TextInput label="Note" maxLength={500} value={note} onChange={event => setNote(event.currentTarget.value)} />
      {areas ? (
        <Checkbox
          label="All numbers that begin so"
          checked={isArea}
          onChange={event => setIsArea(event.currentTarget.checked)}
        />
      ) : null}
      <Button type="submit" loading={add.isPending} disabled={number.trim() === ''}>
        Add
      </Button>
    </form>
  )
}

function RemoveNumber({ entry, onClose }: { entry: ListedNumber; onClose(): void }) {
  const { store } = useDesk()
  const queries = useQueryClient()
  const [reason, setReason] = useState('')
  const { number, campaignId, area } = entry
  const shown = area ? `${number} …` : number
  const remove = useMutation({
    mutationFn: () =>
      ask('POST /api/do-not-call/removals', {
        body: { ...(area ? { area: number } : { number }), campaignId, reason },
      }),
    onSuccess: async ({ stillListed }) => {
      const words =
        stillListed === 0 ? 'may be called again' : 'is off this list, and an area still forbids calls to it'
      store.notify('info', `${shown} ${words}. Your name and reason are on record.`)
      await queries.invalidateQueries({ queryKey: ['do-not-call'] })
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title={`Take ${shown} off the list`}>
      <div className="tl-stack">
        <p className="tl-muted">Listed by: {entry.sources.map(sourceWords).join('; ')}. All of these are removed.</p>
        <Textarea
          label="Why may this number be called again?"
          description="At least three letters. It stays on record with your name."
          maxLength={500}
          autosize
          minRows={2}
          data-autofocus
          value={reason}
          onChange={event => setReason(event.currentTarget.value)}
          error={remove.error?.message}
        />
        <div className={classes.filters}>
          <Button
            color="red"
            loading={remove.isPending}
            disabled={reason.trim().length < 3}
            onClick={() => remove.mutate()}
          >
            Take it off
          </Button>
          <Button variant="default" onClick={onClose}>
            Keep it
          </Button>
        </div>
      </div>
    </Modal>
  )
}

/** The rows of a list with what is said of each. A row that was not taken is mended in its place. */
import { Button, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type KeyboardEvent, useState } from 'react'
import type { ShownImport, ShownRow } from '../../../wire/import.ts'
import { ProblemBox } from '../../look/problem-box.tsx'
import { ShowMore, usePages } from '../paged-list.tsx'
import classes from '../table.module.css'
import { useChange } from '../team/use-change.ts'
import zone from './drop-zone.module.css'
import { fixRow, getRows } from './import-api.ts'
import { FIELD_WORDS, VERDICT_WORDS, VERDICTS, type Verdict } from './import-words.ts'

interface Column {
  place: number
  words: string
}

export function VerdictTable({ one }: { one: ShownImport }) {
  const { importId, counts } = one
  const [chosen, setChosen] = useState<Verdict | 'all' | null>(null)
  const worst = VERDICTS.find(verdict => counts[verdict] > 0) ?? 'all'
  const filter = chosen ?? worst
  const { pages, items } = usePages(['import-rows', importId, filter], cursor =>
    getRows(importId, filter === 'all' ? null : filter, cursor),
  )
  const columns = (one.columns ?? []).flatMap((field, place) =>
    field === null ? [] : [{ place, words: FIELD_WORDS[field] }],
  )
  return (
    <section className="tl-panel tl-stack" aria-labelledby="rows-title">
      <h2 id="rows-title">Rows</h2>
      <fieldset className={zone.chips} style={{ border: 0, padding: 0, margin: 0 }}>
        <legend className="tl-hidden">Which rows are shown</legend>
        <Chip on={filter === 'all'} onClick={() => setChosen('all')}>
          All {one.rows}
        </Chip>
        {VERDICTS.map(verdict => (
          <Chip key={verdict} on={filter === verdict} onClick={() => setChosen(verdict)}>
            {VERDICT_WORDS[verdict]} {counts[verdict]}
          </Chip>
        ))}
      </fieldset>
      {pages.isError ? <ProblemBox title={pages.error.message} onRetry={() => void pages.refetch()} /> : null}
      {pages.isSuccess && items.length === 0 ? <p className="tl-muted">There are no such rows.</p> : null}
      {items.length === 0 ? null : (
        <div className={classes.scroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">Row</th>
                <th scope="col">Verdict</th>
                {columns.map(({ place, words }) => (
                  <th key={place} scope="col">
                    {words}
                  </th>
                ))}
                <th scope="col">
                  <span className="tl-hidden">What can be done</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map(row => (
                <Row key={row.n} importId={importId} row={row} columns={columns} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <ShowMore pages={pages}>Show more</ShowMore>
    </section>
  )
}

function Chip({ on, onClick, children }: { on: boolean; onClick(): void; children: React.ReactNode }) {
  return (
    <Button size="xs" variant={on ? 'filled' : 'default'} aria-pressed={on} onClick={onClick}>
      {children}
    </Button>
  )
}

interface RowProps {
  importId: string
  row: ShownRow
  columns: readonly Column[]
}

function Row({ importId, row, columns }: RowProps) {
  const [draft, setDraft] = useState<string[] | null>(null)
  const change = useChange('import')
  const queries = useQueryClient()
  const { n, saved } = row
  async function save(event?: FormEvent) {
    event?.preventDefault()
    if (draft === null) return
    const done = await change.run(async () => {
      const { verdict: now, message: words } = await fixRow(importId, n, draft)
      if (now === 'refused' || now === 'duplicate') throw new Error(`Row ${n}: ${words}.`)
    }, `Row ${n} is corrected.`)
    if (done) setDraft(null)
    await queries.invalidateQueries({ queryKey: ['import-rows', importId] })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') void save()
    if (event.key === 'Escape') setDraft(null)
  }
  return (
    <tr>
      <td className="tl-number">{n}</td>
      <td className={zone.cell}>
        <Said row={row} />
      </td>
      {columns.map(({ place, words }) => (
        <td key={place} className={zone.cell}>
          {draft === null ? (
            row.cells[place]
          ) : (
            <TextInput
              aria-label={`${words} of row ${n}`}
              value={draft[place] ?? ''}
              onKeyDown={onKeyDown}
              onChange={event => {
                const text = event.currentTarget.value
                setDraft(
                  Array.from({ length: Math.max(draft.length, place + 1) }, (_, at) =>
                    at === place ? text : (draft[at] ?? ''),
                  ),
                )
              }}
            />
          )}
        </td>
      ))}
      <td>
        {saved ? null : draft === null ? (
          <Button size="xs" variant="default" aria-label={`Mend row ${n}`} onClick={() => setDraft([...row.cells])}>
            Mend
          </Button>
        ) : (
          <span className="tl-row">
            <Button size="xs" aria-label={`Save row ${n}`} disabled={change.busy} onClick={() => void save()}>
              Save
            </Button>
            <Button size="xs" variant="default" aria-label={`Leave row ${n}`} onClick={() => setDraft(null)}>
              Leave
            </Button>
          </span>
        )}
      </td>
    </tr>
  )
}

function Said({ row: { verdict, message, field } }: { row: ShownRow }) {
  return (
    <>
      <span className={zone.verdict} data-is={verdict}>
        {VERDICT_WORDS[verdict]}
      </span>
      {message === '' ? null : (
        <div className="tl-small">
          {field === null ? '' : `${FIELD_WORDS[field]}: `}
          {message}
        </div>
      )}
    </>
  )
}

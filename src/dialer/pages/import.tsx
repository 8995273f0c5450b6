/** One import: what its columns are, what is said of its rows, and its way into the contacts and back. */
import { Button, Loader } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { ShownImport } from '../../wire/import.ts'
import { PersonName } from '../look/person-name.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import { ColumnMapping } from './imports/column-mapping.tsx'
import zone from './imports/drop-zone.module.css'
import { commit, errorsAddress, forget, getImport, undo } from './imports/import-api.ts'
import { isWorking, phaseWords, toSave } from './imports/import-words.ts'
import { VerdictTable } from './imports/verdict-table.tsx'
import classes from './table.module.css'
import { SureButton } from './team/sure-button.tsx'
import { useChange } from './team/use-change.ts'

const route = getRouteApi('/desk/frame/imports/$importId')
const READ_EVERY_MS = 700

export function ImportScreen() {
  const { importId } = route.useParams()
  const queries = useQueryClient()
  const one = useQuery({
    queryKey: ['import', importId],
    queryFn: () => getImport(importId),
    refetchInterval: ({ state: { data } }) =>
      data !== undefined && (isWorking(data) || data.phase === 'new') ? READ_EVERY_MS : false,
  })
  const phase = one.data?.phase
  // The rows are others after every piece of work.
  useEffect(() => {
    if (phase !== undefined) void queries.invalidateQueries({ queryKey: ['import-rows', importId] })
  }, [phase, importId, queries])
  return (
    <div className="tl-stack">
      <Link to="/imports">← All imports</Link>
      {one.isLoading ? <Loader size="sm" role="status" aria-label="Loading the import" /> : null}
      {one.isError ? <ProblemBox title={one.error.message} onRetry={() => void one.refetch()} /> : null}
      {one.data === undefined ? null : <Parts one={one.data} />}
    </div>
  )
}

function Parts({ one }: { one: ShownImport }) {
  const { phase, importId } = one
  const isRead = phase !== 'new' && phase !== 'reading' && phase !== 'failed'
  return (
    <>
      <Head one={one} />
      {phase === 'checked' ? <ColumnMapping key={`${importId} ${JSON.stringify(one.columns)}`} one={one} /> : null}
      {isRead ? <VerdictTable one={one} /> : null}
    </>
  )
}

function Head({ one }: { one: ShownImport }) {
  const { importId, phase, rows, cursor, counts } = one
  const wrong = counts.refused + counts.duplicate
  return (
    <section className="tl-panel tl-stack" aria-labelledby="import-title">
      <div className={classes.head}>
        <h1 id="import-title">
          <PersonName name={one.name} />
        </h1>
      </div>
      {phase === 'failed' ? (
        <ProblemBox title={phaseWords(one)}>
          Mend the file and <Link to="/imports">choose it again</Link>.
        </ProblemBox>
      ) : (
        <p role="status">{phaseWords(one)}</p>
      )}
      {isWorking(one) ? (
        <>
          <progress
            className={zone.progress}
            aria-label={phaseWords(one)}
            {...(phase === 'reading' ? {} : { max: Math.max(rows, 1), value: Math.min(cursor, rows) })}
          />
          <p className="tl-muted">
            {phase === 'reading'
              ? 'Leave this tab open until the file is read.'
              : 'You may leave this page: it goes on by itself.'}
          </p>
        </>
      ) : null}
      <div className="tl-row">
        <Actions one={one} />
        {wrong === 0 ? null : (
          <a href={errorsAddress(importId)} download="errors.csv">
            Download {wrong} {wrong === 1 ? 'row' : 'rows'} with what is wrong
          </a>
        )}
      </div>
    </section>
  )
}

function Actions({ one }: { one: ShownImport }) {
  const { importId, phase, saved } = one
  const navigate = useNavigate()
  const change = useChange('import', 'imports', 'import-rows')
  const left = toSave(one)
  const mayCommit = (phase === 'checked' || phase === 'imported' || phase === 'undone') && left > 0
  return (
    <>
      {mayCommit ? (
        <Button disabled={change.busy} onClick={() => void change.run(() => commit(importId), 'The import has begun.')}>
          Import {left} {left === 1 ? 'person' : 'people'}
        </Button>
      ) : null}
      {phase === 'imported' && saved > 0 ? (
        <>
          <Button variant="default" onClick={() => void navigate({ to: '/campaigns', search: { from: importId } })}>
            Make a campaign of them
          </Button>
          <SureButton
            label="Undo this import"
            question="Really take them back? Whoever was in the contacts before stays, in campaigns too."
            disabled={change.busy}
            onSure={() => void change.run(() => undo(importId), 'Taking the people back has begun.')}
          >
            Undo
          </SureButton>
        </>
      ) : null}
      {isWorking(one) ? null : (
        <SureButton
          label="Forget this list"
          question={saved > 0 ? 'Really forget? The import cannot be undone afterwards.' : 'Really forget?'}
          disabled={change.busy}
          onSure={() =>
            void change
              .run(() => forget(importId), 'The list is forgotten. Whoever was imported stays.')
              .then(done => (done ? navigate({ to: '/imports' }) : undefined))
          }
        >
          Forget this list
        </SureButton>
      )}
    </>
  )
}

/** Imports: lists of people, each on its way into the contacts. */
import { Loader } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { stampText } from '../desk/time.ts'
import { PersonName } from '../look/person-name.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import { DropZone } from './imports/drop-zone.tsx'
import { contactsAddress, getImports } from './imports/import-api.ts'
import { phaseWords } from './imports/import-words.ts'
import { ShowMore, usePages } from './paged-list.tsx'
import classes from './table.module.css'

const READ_EVERY_MS = 5_000

export function Imports() {
  const { pages, items } = usePages(['imports'], getImports, READ_EVERY_MS)
  return (
    <section className="tl-panel tl-stack" aria-labelledby="imports-title">
      <div className={classes.head}>
        <h1 id="imports-title">Imports</h1>
        {pages.isLoading ? <Loader size="xs" role="status" aria-label="Loading" /> : null}
        <a href={contactsAddress()} download="contacts.csv">
          Download all contacts
        </a>
      </div>
      <DropZone />
      {pages.isError ? <ProblemBox title={pages.error.message} onRetry={() => void pages.refetch()} /> : null}
      {pages.isSuccess && items.length === 0 ? (
        <p className="tl-muted">
          No list has been imported yet. Choose a file as you have it: you will see what every column is taken for and
          which rows cannot be called, before anything is saved.
        </p>
      ) : null}
      {items.length === 0 ? null : (
        <div className={classes.scroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">List</th>
                <th scope="col">How it is</th>
                <th scope="col">Begun</th>
              </tr>
            </thead>
            <tbody>
              {items.map(item => (
                <tr key={item.importId}>
                  <td>
                    <Link to="/imports/$importId" params={{ importId: item.importId }} className={classes.who}>
                      <PersonName name={item.name} />
                    </Link>
                  </td>
                  <td>{phaseWords(item)}</td>
                  <td>{stampText(item.madeMs)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <ShowMore pages={pages}>Show more</ShowMore>
    </section>
  )
}

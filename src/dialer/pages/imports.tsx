import { Link } from '@tanstack/react-router'
import { stampText } from '../desk/time.ts'
import { PersonName } from '../look/person-name.tsx'
import { DropZone } from './imports/drop-zone.tsx'
import { contactsAddress, getImports } from './imports/import-api.ts'
import { phaseWords } from './imports/import-words.ts'
import { ListPanel, usePages } from './paged-list.tsx'
import classes from './table.module.css'

const READ_EVERY_MS = 5_000

export function Imports() {
  const list = usePages(['imports'], getImports, READ_EVERY_MS)
  return (
    <ListPanel
      title="Imports"
      list={list}
      columns={['List', 'How it is', 'Begun']}
      empty="No list has been imported yet. Choose a file as you have it: you will see what every column is taken for and which rows cannot be called, before anything is saved."
      beside={
        <a href={contactsAddress()} download="contacts.csv">
          Download all contacts
        </a>
      }
      above={<DropZone />}
      row={item => (
        <tr key={item.importId}>
          <td>
            <Link to="/imports/$importId" params={{ importId: item.importId }} className={classes.who}>
              <PersonName name={item.name} />
            </Link>
          </td>
          <td>{phaseWords(item)}</td>
          <td>{stampText(item.madeMs)}</td>
        </tr>
      )}
    />
  )
}

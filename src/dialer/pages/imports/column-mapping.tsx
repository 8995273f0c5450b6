/** What each column of a list is taken for, with what stands in it. A change judges all rows anew; nothing is saved by it. */
import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { ShownImport } from '../../../wire/import.ts'
import classes from '../table.module.css'
import { useChange } from '../team/use-change.ts'
import zone from './drop-zone.module.css'
import { saveSettings } from './import-api.ts'
import { FIELD_WORDS, FIELDS, type Field } from './import-words.ts'

const SAMPLES = 3
const CHOICES = [
  { value: '', label: 'left out' },
  ...FIELDS.map(field => ({ value: field, label: FIELD_WORDS[field] })),
]

export function ColumnMapping({ one }: { one: ShownImport }) {
  const change = useChange('import', 'import-rows')
  const [columns, setColumns] = useState<(Field | null)[]>(one.columns ?? [])
  const [country, setCountry] = useState(one.country)
  const [header, setHeader] = useState(one.header ?? false)
  const width = Math.max(one.first.length, ...one.samples.map(row => row.length))
  const places = Array.from({ length: width }, (_, place) => place)
  const same =
    country === one.country &&
    header === one.header &&
    places.every(place => (columns[place] ?? null) === (one.columns?.[place] ?? null))
  const hasPhone = columns.includes('phone')
  const choose = (place: number, value: string) =>
    setColumns(places.map(at => (at === place ? ((value || null) as Field | null) : (columns[at] ?? null))))
  return (
    <section className="tl-panel tl-stack" aria-labelledby="columns-title">
      <h2 id="columns-title">Columns</h2>
      <p className="tl-muted">
        This is what the columns look like. Correct what is wrong; the next list with the same header is read the same
        way.
      </p>
      <ColumnRows one={one} columns={columns} places={places} onChoose={choose} />
      <div className={classes.filters}>
        <TextInput
          label="Country of numbers without +"
          description="two letters, as US or DE"
          maxLength={2}
          value={country}
          onChange={event => setCountry(event.currentTarget.value.toUpperCase())}
        />
        <Checkbox
          label="The first row is a header"
          checked={header}
          onChange={event => setHeader(event.currentTarget.checked)}
        />
        <Button
          variant="default"
          disabled={same || change.busy}
          onClick={() =>
            void change.run(
              () =>
                saveSettings(one.importId, { country, header, columns: places.map(place => columns[place] ?? null) }),
              'The rows are checked anew.',
            )
          }
        >
          Check again
        </Button>
      </div>
      {hasPhone ? null : <p role="alert">No column is the phone number yet. Say which one it is, and check again.</p>}
    </section>
  )
}

interface ColumnRowsProps {
  one: ShownImport
  columns: readonly (Field | null)[]
  places: readonly number[]
  onChoose(place: number, value: string): void
}

function ColumnRows({ one, columns, places, onChoose }: ColumnRowsProps) {
  const nameOf = (place: number) => (one.header && one.first[place]?.trim()) || `${place + 1}`
  const samplesOf = (place: number) => one.samples.slice(0, SAMPLES).map(row => row[place] ?? '')
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Column</th>
            <th scope="col">is</th>
            <th scope="col" className={classes.wide}>
              In the first rows
            </th>
          </tr>
        </thead>
        <tbody>
          {places.map(place => (
            <tr key={place}>
              <th scope="row" className={zone.cell}>
                {nameOf(place)}
              </th>
              <td>
                <NativeSelect
                  aria-label={`What column ${nameOf(place)} is`}
                  data={CHOICES}
                  value={columns[place] ?? ''}
                  onChange={event => onChoose(place, event.currentTarget.value)}
                />
              </td>
              <td className={`${zone.cell} ${classes.wide}`}>
                {samplesOf(place)
                  .filter(text => text.trim() !== '')
                  .join(' · ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

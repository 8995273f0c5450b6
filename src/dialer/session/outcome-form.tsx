/** What an outcome asks for beside the note: when to call again, by the clock where the person is, and what is not known of them. */
import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { AFTER_MINUTES, ASKED_FIELDS, type AskedField } from '../../core/campaign/dispositions.ts'
import type { DeskAction, LaneContact, OutcomeChoice } from '../../wire/desk.ts'
import classes from './outcome-panel.module.css'

export type GivenToo = Pick<Extract<DeskAction, { type: 'outcome.saved' }>, 'callAt' | 'zone' | 'fields'>

interface OutcomeFormProps {
  choice: OutcomeChoice
  contact: LaneContact
  onGive(given: GivenToo): void
  onLeave(): void
}

const FIELD_WORDS: Record<AskedField, string> = {
  company: 'Company',
  timeZone: 'Time zone',
  postcode: 'Postcode',
  extension: 'Extension',
}

export function OutcomeForm({ choice, contact, onGive, onLeave }: OutcomeFormProps) {
  const { label, requires = [], afterMinutes = AFTER_MINUTES } = choice
  const asksTime = requires.includes('time')
  const [zone, setZone] = useState(contact.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone)
  const [callAt, setCallAt] = useState(() => localTime(Date.now() + afterMinutes * 60_000, zone))
  const [fields, setFields] = useState<Partial<Record<AskedField, string>>>({})
  const missing = ASKED_FIELDS.filter(field => requires.includes(field) && !contact[field])
  // The zone that is asked for as a field is that of the time as well.
  const asksZone = asksTime && contact.timeZone === null && !missing.includes('timeZone')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const time = !asksTime || callAt === '' ? {} : { callAt, ...(asksZone ? { zone } : {}) }
    onGive({ ...time, ...(missing.length === 0 ? {} : { fields }) })
  }
  return (
    <form
      className={classes.form}
      aria-label={label}
      onSubmit={submit}
      onKeyDown={event => {
        if (event.key !== 'Escape') return
        // It leaves the form, and is not the first of "Esc Esc".
        event.nativeEvent.stopImmediatePropagation()
        event.stopPropagation()
        onLeave()
      }}
    >
      {asksTime ? (
        <TextInput
          type="datetime-local"
          label={contact.timeZone === null ? 'Call again at' : `Call again at, by the clock of ${contact.timeZone}`}
          value={callAt}
          autoFocus
          onChange={event => setCallAt(event.currentTarget.value.slice(0, 16))}
        />
      ) : null}
      {asksZone ? (
        <TextInput label="Zone of this time" value={zone} onChange={event => setZone(event.currentTarget.value)} />
      ) : null}
      {missing.map((field, index) => (
        <TextInput
          key={field}
          label={FIELD_WORDS[field]}
          value={fields[field] ?? ''}
          autoFocus={!asksTime && index === 0}
          onChange={event => setFields({ ...fields, [field]: event.currentTarget.value })}
        />
      ))}
      <div className={classes.actions}>
        <Button type="submit">{label}</Button>
        <Button variant="default" onClick={onLeave}>
          Cancel
        </Button>
      </div>
    </form>
  )
}

/** As a field for times has it. */
function localTime(at: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  return format.format(at).replace(' ', 'T')
}

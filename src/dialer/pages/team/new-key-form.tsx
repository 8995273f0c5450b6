/** The form of a new key: who gets it, what it may do, from where, and until when. */
import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Scope } from '../../../wire/scope.ts'
import classes from '../table.module.css'
import { ALL_SCOPES, SCOPE_WORDS } from './scope-words.ts'
import { makeKey } from './team-api.ts'
import { useChange } from './use-change.ts'

const ENDS = [
  { value: '', label: 'does not end' },
  { value: '30', label: 'in 30 days' },
  { value: '90', label: 'in 90 days' },
  { value: '365', label: 'in a year' },
]

function isLimit(text: string): boolean {
  return /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 1_000
}

export function NewKeyForm({ onMade }: { onMade(made: { name: string; value: string }): void }) {
  const change = useChange('keys')
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<Scope[]>([])
  const [addresses, setAddresses] = useState('')
  const [ends, setEnds] = useState('90')
  const [most, setMost] = useState('1000')
  async function make(event: FormEvent) {
    event.preventDefault()
    await change.run(async () => {
      const from = addresses.split(/[\s,;]+/).filter(one => one !== '')
      const endsInDays = ends === '' ? null : Number(ends)
      const made = await makeKey({ name, scopes, addresses: from, endsInDays, requestsPerMinute: Number(most) })
      onMade({ name: made.name, value: made.key })
    }, `The key ${name} is made.`)
  }
  const ready = name.trim() !== '' && scopes.length > 0 && isLimit(most)
  return (
    <form className="tl-stack" aria-label="A new key" onSubmit={event => void make(event)}>
      <fieldset className={classes.choices}>
        <legend>What the program may do</legend>
        {ALL_SCOPES.map(scope => (
          <Checkbox
            key={scope}
            label={SCOPE_WORDS[scope]}
            checked={scopes.includes(scope)}
            onChange={event => {
              const { checked } = event.currentTarget
              setScopes(before => (checked ? [...before, scope] : before.filter(one => one !== scope)))
            }}
          />
        ))}
      </fieldset>
      <div className={classes.filters}>
        <TextInput label="Name" placeholder="CRM" value={name} onChange={event => setName(event.currentTarget.value)} />
        <TextInput
          label="From addresses (empty: any)"
          placeholder="203.0.113.0/24"
          value={addresses}
          onChange={event => setAddresses(event.currentTarget.value)}
        />
        <TextInput
          label="Requests within a minute"
          inputMode="numeric"
          value={most}
          error={isLimit(most) ? undefined : 'From 1 to 1000'}
          onChange={event => setMost(event.currentTarget.value)}
        />
        <NativeSelect label="Ends" data={ENDS} value={ends} onChange={event => setEnds(event.currentTarget.value)} />
        <Button type="submit" variant="default" disabled={!ready || change.busy}>
          Make a key
        </Button>
      </div>
    </form>
  )
}

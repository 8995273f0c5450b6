/** The form of a mask: what its callers hear, who takes strangers, and for how long its people are kept apart afterwards. */
import { Button, Checkbox, NumberInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { ShownMask } from '../../../wire/mask.ts'
import classes from '../table.module.css'
import { useChange } from '../team/use-change.ts'
import type { MaskChangeBody } from './mask-api.ts'

const MINUTE_S = 60
const WAITING = 'Please wait while we connect your call.'
const UNKNOWN = 'This number cannot connect your call now. Goodbye.'
const WIDE = { root: { flex: '1 1 320px' } }

interface MaskFormProps {
  /** null: a new one; `choose` then has the choice of its number */
  mask: ShownMask | null
  choose?: React.ReactNode
  ready: boolean
  done: string
  save(body: MaskChangeBody & { name: string }): Promise<unknown>
}

export function MaskForm({ mask, choose, ready, done, save }: MaskFormProps) {
  const change = useChange('masks', 'mask', 'numbers')
  const [name, setName] = useState(mask?.name ?? '')
  const [waiting, setWaiting] = useState(mask?.waiting_message ?? WAITING)
  const [unknown, setUnknown] = useState(mask?.unknown_message ?? UNKNOWN)
  const [owner, setOwner] = useState<string | null>(null)
  const [coolOff, setCoolOff] = useState<number | string>((mask?.cool_off ?? 3_600) / MINUTE_S)
  const [record, setRecord] = useState(mask?.record ?? false)
  async function submit(event: FormEvent) {
    event.preventDefault()
    const forward = owner === null ? {} : { forward_to: owner.trim() === '' ? null : owner.trim() }
    const cool_off = Number(coolOff) * MINUTE_S
    const words = { waiting_message: waiting, unknown_message: unknown }
    await change.run(() => save({ name, ...words, cool_off, record, ...forward }), done)
  }
  return (
    <form
      className="tl-stack"
      aria-label={mask === null ? 'A new mask' : 'Settings'}
      onSubmit={event => void submit(event)}
    >
      <div className={classes.filters}>
        {choose}
        <TextInput
          label="Name"
          placeholder="Rides"
          value={name}
          onChange={event => setName(event.currentTarget.value)}
        />
      </div>
      <Words waiting={waiting} unknown={unknown} onWaiting={setWaiting} onUnknown={setUnknown} />
      <div className={classes.filters}>
        <TextInput
          label="Strangers are connected with"
          placeholder={mask?.forward_to ?? 'nobody'}
          value={owner ?? ''}
          onChange={event => setOwner(event.currentTarget.value)}
        />
        <NumberInput
          label="Minutes in which the people of a session that is over meet nobody else here"
          min={0}
          max={43_200}
          value={coolOff}
          styles={WIDE}
          onChange={setCoolOff}
        />
      </div>
      <Checkbox label="Record the calls" checked={record} onChange={event => setRecord(event.currentTarget.checked)} />
      <div>
        <Button
          type="submit"
          variant="default"
          disabled={!ready || name.trim() === '' || unknown.trim() === '' || change.busy}
        >
          {mask === null ? 'Make a mask' : 'Save'}
        </Button>
      </div>
    </form>
  )
}

interface WordsProps {
  waiting: string
  unknown: string
  onWaiting(text: string): void
  onUnknown(text: string): void
}

function Words({ waiting, unknown, onWaiting, onUnknown }: WordsProps) {
  return (
    <div className={classes.filters}>
      <TextInput
        label="A caller hears, before the other person is rung"
        value={waiting}
        styles={WIDE}
        onChange={event => onWaiting(event.currentTarget.value)}
      />
      <TextInput
        label="A stranger hears"
        value={unknown}
        styles={WIDE}
        onChange={event => onUnknown(event.currentTarget.value)}
      />
    </div>
  )
}

/** Who may reach whom: the sessions of one mask, a new one, and for administrators the numbers behind it. */
import { Button, NumberInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { ShownMaskSession } from '../../../wire/mask.ts'
import { useView } from '../../desk/hooks.ts'
import { stampText } from '../../desk/time.ts'
import { ProblemBox } from '../../look/problem-box.tsx'
import { ShowMore, usePages } from '../paged-list.tsx'
import classes from '../table.module.css'
import { SureButton } from '../team/sure-button.tsx'
import { useChange } from '../team/use-change.ts'
import { closeSession, getParticipants, getSessions, openSession } from './mask-api.ts'
import { sessionWords } from './mask-words.ts'

const READ_EVERY_MS = 10_000
const HOUR_MS = 3_600_000

export function Sessions({ maskId }: { maskId: string }) {
  const { pages, items } = usePages(['mask-sessions', maskId], cursor => getSessions(maskId, cursor), READ_EVERY_MS)
  return (
    <section className="tl-panel tl-stack" aria-labelledby="sessions-title">
      <h2 id="sessions-title">Sessions</h2>
      {pages.isError ? <ProblemBox title={pages.error.message} onRetry={() => void pages.refetch()} /> : null}
      {pages.isSuccess && items.length === 0 ? (
        <p className="tl-muted">
          Nobody meets here yet. Two people of a session call this number and reach each other.
        </p>
      ) : null}
      {items.length === 0 ? null : (
        <div className={classes.scroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">Between</th>
                <th scope="col">State</th>
                <th scope="col">Last call</th>
                <th scope="col">
                  <span className="tl-hidden">What can be done</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map(item => (
                <SessionRow key={item.id} session={item} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <ShowMore pages={pages}>Show more</ShowMore>
      <NewSession maskId={maskId} />
    </section>
  )
}

function SessionRow({ session }: { session: ShownMaskSession }) {
  const { agent } = useView()
  const change = useChange('mask-sessions', 'mask')
  const [numbers, setNumbers] = useState<Record<string, string> | null>(null)
  const { id, participants, status, tm_create, tm_last_call } = session
  async function reveal() {
    const { items } = await getParticipants(id)
    setNumbers(Object.fromEntries(items.map(one => [one.side, one.number])))
  }
  return (
    <tr>
      <td>
        {participants.map(({ side, name, number }) => (
          <div key={side}>
            {name === '' ? null : `${name} `}
            <span className="tl-number">{numbers?.[side] ?? number}</span>
          </div>
        ))}
      </td>
      <td>{sessionWords(session)}</td>
      <td>
        {tm_last_call === tm_create ? <span className="tl-muted">none</span> : stampText(Date.parse(tm_last_call))}
      </td>
      <td>
        <span className="tl-row">
          {agent.role === 'admin' && numbers === null ? (
            <Button size="xs" variant="default" onClick={() => void change.run(reveal, 'Both numbers are shown.')}>
              Show numbers
            </Button>
          ) : null}
          {status === 'open' ? (
            <SureButton
              label={`Close the session of ${participants.map(one => one.name || one.number).join(' and ')}`}
              question="Really close?"
              size="xs"
              disabled={change.busy}
              onSure={() => void change.run(() => closeSession(id), 'The session is closed.')}
            >
              Close
            </SureButton>
          ) : null}
        </span>
      </td>
    </tr>
  )
}

const NOBODY = { number: '', name: '' }

function NewSession({ maskId }: { maskId: string }) {
  const change = useChange('mask-sessions', 'mask')
  const [people, setPeople] = useState([NOBODY, NOBODY] as const)
  const [hours, setHours] = useState<number | string>(24)
  const [one, other] = people
  const set = (index: 0 | 1, more: Partial<typeof NOBODY>) =>
    setPeople(now => (index === 0 ? [{ ...now[0], ...more }, now[1]] : [now[0], { ...now[1], ...more }]))
  async function submit(event: FormEvent) {
    event.preventDefault()
    const expires_at = Number(hours) > 0 ? new Date(Date.now() + Number(hours) * HOUR_MS).toISOString() : null
    const open = () => openSession({ mask_id: maskId, participants: [one, other], expires_at })
    if (await change.run(open, 'They can reach each other now.')) setPeople([NOBODY, NOBODY])
  }
  const ready = one.number.trim() !== '' && other.number.trim() !== ''
  return (
    <form className="tl-stack" aria-label="A new session" onSubmit={event => void submit(event)}>
      {([0, 1] as const).map(index => (
        <div key={index} className={classes.filters}>
          <TextInput
            label={index === 0 ? 'First number' : 'Second number'}
            placeholder="+1 415 555 0142"
            value={people[index].number}
            onChange={event => set(index, { number: event.currentTarget.value })}
          />
          <TextInput
            label={index === 0 ? 'Name of the first' : 'Name of the second'}
            placeholder={index === 0 ? 'Rider' : 'Driver'}
            value={people[index].name}
            onChange={event => set(index, { name: event.currentTarget.value })}
          />
        </div>
      ))}
      <div className={classes.filters}>
        <NumberInput label="Hours; 0: until it is closed" min={0} max={8_760} value={hours} onChange={setHours} />
        <Button type="submit" variant="default" disabled={!ready || change.busy}>
          Let them meet
        </Button>
      </div>
    </form>
  )
}

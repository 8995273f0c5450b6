/** The conferences of the workspace with who is in each of them now. A supervisor makes one. */
import { Button, Loader, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { ApiProblem } from '../api.ts'
import { useView } from '../desk/hooks.ts'
import { useLive } from '../desk/use-live.ts'
import { Elapsed } from '../look/elapsed.tsx'
import { LiveAge } from '../look/live-age.tsx'
import { PersonName } from '../look/person-name.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import { createConference, getConferences, getParticipants, keysOf, liveKey } from './conferences/conference-api.ts'
import { crowdWords, personWords, sinceOf } from './conferences/words.ts'
import classes from './table.module.css'

export function Conferences() {
  const conferences = useQuery({ queryKey: ['conferences'], queryFn: getConferences })
  const { agent } = useView()
  const items = conferences.data?.items ?? []
  const leads = agent.role !== 'agent'
  const live = useLive(keysOf)
  return (
    <section className="tl-panel tl-stack" aria-labelledby="conferences-title">
      <div className={classes.head}>
        <h1 id="conferences-title">Conferences</h1>
        {conferences.isLoading ? <Loader size="xs" role="status" aria-label="Loading" /> : null}
      </div>
      {conferences.isError ? (
        <ProblemBox title={conferences.error.message} onRetry={() => void conferences.refetch()} />
      ) : null}
      <LiveAge of={['conference-calls']} />
      {items.length === 0 && conferences.isSuccess ? <Nothing leads={leads} /> : null}
      {items.length === 0 ? null : (
        <div className={classes.scroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Now</th>
                <th scope="col">Since</th>
                <th scope="col" className={classes.wide}>
                  Who
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map(({ id, name, locked }) => (
                <ConferenceRow key={id} conferenceId={id} name={name} locked={locked} live={live} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {leads ? <NewConference /> : null}
    </section>
  )
}

function Nothing({ leads }: { leads: boolean }) {
  return (
    <p className="tl-muted">
      There is no conference yet.{' '}
      {leads ? (
        <>
          Make one here, and let a number lead to it on the page <Link to="/numbers">Numbers</Link>. A flow begins one
          as well, with “Join a conference”.
        </>
      ) : (
        'It begins when somebody calls a number that leads to one, or when a flow joins one.'
      )}
    </p>
  )
}

interface RowProps {
  conferenceId: string
  name: string
  locked: boolean
  live: ReturnType<typeof useLive>
}

function ConferenceRow({ conferenceId, name, locked, live }: RowProps) {
  const calls = useQuery({
    queryKey: liveKey(conferenceId),
    queryFn: () => getParticipants(conferenceId),
    ...live,
  })
  const items = calls.data?.items ?? []
  const since = sinceOf(items)
  const who = items.map((one, at) => personWords(one, at)).join(', ')
  return (
    <tr>
      <td>
        <Link to="/conferences/$conferenceId" params={{ conferenceId }} className={classes.who}>
          <PersonName name={name} />
        </Link>
        {locked ? <span className="tl-muted tl-small"> locked</span> : null}
      </td>
      <td>{calls.data === undefined ? (calls.isError ? calls.error.message : '…') : crowdWords(items)}</td>
      <td>{since === null ? <span className="tl-muted">nobody is in</span> : <Elapsed sinceMs={since} />}</td>
      <td className={classes.wide}>
        <PersonName name={who} />
      </td>
    </tr>
  )
}

function NewConference() {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [pin, setPin] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const errorOf = (field: string) => problem?.fields.find(one => one.field === field)?.message ?? null
  async function make(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      const { id } = await createConference(name.trim(), pin.trim())
      await queries.invalidateQueries({ queryKey: ['conferences'] })
      await navigate({ to: '/conferences/$conferenceId', params: { conferenceId: id } })
    } catch (error) {
      setProblem(error instanceof ApiProblem ? error : new ApiProblem(0, 'That did not work. Try again.'))
      setBusy(false)
    }
  }
  const unplaced = problem !== null && problem.fields.length === 0
  return (
    <form className="tl-stack" aria-label="A new conference" onSubmit={event => void make(event)}>
      <div className={classes.filters}>
        <TextInput
          label="Name"
          placeholder="Daily"
          maxLength={120}
          value={name}
          error={errorOf('name')}
          onChange={event => setName(event.currentTarget.value)}
        />
        <TextInput
          label="PIN (empty: none)"
          placeholder="4 to 12 digits"
          inputMode="numeric"
          autoComplete="off"
          maxLength={12}
          value={pin}
          error={errorOf('pin')}
          onChange={event => setPin(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={busy || name.trim() === ''}>
          Make the conference
        </Button>
      </div>
      {unplaced ? <ProblemBox title={problem.message} /> : null}
    </form>
  )
}

/** The live stream of the workspace, for those who lead: each event as a program gets it, by name or by call. */
import { Button, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState, useSyncExternalStore } from 'react'
import { stampText } from '../../desk/time.ts'
import { ProblemBox } from '../../look/problem-box.tsx'
import table from '../table.module.css'
import classes from './live-stream.module.css'
import { EVERYTHING, type ShownEvent, type StreamFilter, type StreamState, StreamStore } from './stream-store.ts'

const STATE_WORDS: Record<StreamState, string> = {
  connecting: 'Connecting',
  'catching-up': 'Catching up',
  live: 'Connected',
  waiting: 'The connection was lost. Connecting again.',
  paused: 'Paused. What happens now is shown when you continue.',
  'signed-out': 'Signed out',
  closed: 'Not connected',
}

export function LiveStream() {
  const [store] = useState(() => new StreamStore())
  useEffect(() => {
    store.go()
    return () => store.end()
  }, [store])
  const { state, events, filter, problem } = useSyncExternalStore(store.subscribe, store.snapshot)
  const filtered = filter.name !== '' || filter.callId !== ''
  return (
    <section className="tl-panel tl-stack" aria-labelledby="stream-title">
      <div className={table.head}>
        <h2 id="stream-title">Live stream of the workspace</h2>
        <span className={classes.state} data-state={state} role="status">
          {STATE_WORDS[state]}
        </span>
      </div>
      <FilterForm key={`${filter.name} ${filter.callId}`} filter={filter} onShow={wanted => store.show(wanted)}>
        {state === 'paused' ? (
          <Button onClick={() => store.go()}>Continue</Button>
        ) : (
          <Button variant="default" onClick={() => store.pause()}>
            Pause
          </Button>
        )}
      </FilterForm>
      {problem === null ? null : (
        <ProblemBox title="There is no such event or call." {...(filtered ? {} : { onRetry: () => store.go() })}>
          Names are those of the reference, as call_answered. A call has its id in the address of its page.
        </ProblemBox>
      )}
      {state === 'signed-out' ? <ProblemBox title="Your sign-in is over.">Sign in again to go on.</ProblemBox> : null}
      {events.length === 0 && problem === null ? (
        <p className="tl-muted">
          {filtered ? 'Nothing that fits has happened yet.' : 'What happens in the workspace from now on stands here.'}
        </p>
      ) : null}
      <ul className={classes.list} aria-label="Events of the workspace">
        {events.map(event => (
          <EventRow key={event.id} event={event} onCall={callId => store.show({ ...filter, callId })} />
        ))}
      </ul>
    </section>
  )
}

interface FilterFormProps {
  filter: StreamFilter
  children: React.ReactNode
  onShow(filter: StreamFilter): void
}

function FilterForm({ filter, children, onShow }: FilterFormProps) {
  const [name, setName] = useState(filter.name)
  const [callId, setCallId] = useState(filter.callId)
  const filtered = filter.name !== '' || filter.callId !== ''
  function submit(event: FormEvent) {
    event.preventDefault()
    onShow({ name: name.trim(), callId: callId.trim() })
  }
  return (
    <form className={table.filters} aria-label="Filter" onSubmit={submit}>
      <TextInput
        label="Name of the event"
        placeholder="all, or call_answered"
        value={name}
        onChange={event => setName(event.currentTarget.value)}
      />
      <TextInput
        label="Call"
        placeholder="all, or its id"
        value={callId}
        styles={{ root: { flex: '1 1 220px' } }}
        onChange={event => setCallId(event.currentTarget.value)}
      />
      <Button type="submit" variant="default">
        Filter
      </Button>
      {filtered ? (
        <Button variant="default" onClick={() => onShow(EVERYTHING)}>
          Show everything
        </Button>
      ) : null}
      {children}
    </form>
  )
}

function EventRow({ event, onCall }: { event: ShownEvent; onCall(callId: string): void }) {
  const { type, at, callId, json } = event
  return (
    <li className={classes.row}>
      <span className="tl-number tl-muted">{stampText(at, true)}</span>
      <strong>{type}</strong>
      {callId === null ? (
        <span className="tl-muted">no call</span>
      ) : (
        <span className={classes.call}>
          <Link to="/calls/$callId" params={{ callId }}>
            Open the call
          </Link>
          <Button size="compact-xs" variant="default" onClick={() => onCall(callId)}>
            Only this call
          </Button>
        </span>
      )}
      <details className={classes.json}>
        <summary>As JSON</summary>
        <pre>{json}</pre>
      </details>
    </li>
  )
}

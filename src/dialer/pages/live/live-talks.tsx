/** Calls that AI agents talk on. A supervisor listens here, takes the call, or follows its words and whispers on its own page. */
import { Link } from '@tanstack/react-router'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { LiveTalk } from '../../../wire/supervision.ts'
import { ask } from '../../api.ts'
import { useDesk, usePhone } from '../../desk/hooks.ts'
import { ActionButton } from '../../look/action-button.tsx'
import { Elapsed } from '../../look/elapsed.tsx'
import { PersonName } from '../../look/person-name.tsx'
import { useRowKey } from './chosen-call.ts'
import classes from './live.module.css'

export function LiveTalks({ talks }: { talks: readonly LiveTalk[] }) {
  const { callSound } = useDesk()
  // The sound has its button on this page alone, so it ends with it.
  useEffect(() => () => callSound.stop(), [callSound])
  return (
    <section className="tl-panel tl-stack" aria-labelledby="live-talks">
      <h2 id="live-talks">AI calls</h2>
      {talks.length === 0 ? (
        <p className="tl-muted">
          No AI agent talks now. <Link to="/ai">AI agents</Link>
        </p>
      ) : (
        <ul className={classes.list}>
          {talks.map(one => (
            <TalkRow key={one.callId} talk={one} />
          ))}
        </ul>
      )}
    </section>
  )
}

function TalkRow({ talk }: { talk: LiveTalk }) {
  const { callId, name, number, sinceMs, asked, direction } = talk
  const person = name || number || 'Somebody'
  return (
    <li className={classes.row} data-state="on-call" data-call={callId} aria-label={`AI call with ${person}`}>
      <div className={classes.agent}>
        <strong>
          <PersonName name={person} />
        </strong>
        {name === '' || name === number ? null : <span className="tl-muted tl-number">{number || 'withheld'}</span>}
      </div>
      <div className={classes.person}>
        <span>
          {direction === 'inbound' ? 'Called us' : 'Was called'} <Elapsed sinceMs={sinceMs} />
        </span>
        {asked ? <span className="tl-muted tl-small">a colleague is asked to take it</span> : null}
      </div>
      <div className={classes.actions}>
        <ListenButton callId={callId} person={person} />
        <TakeButton talk={talk} person={person} />
        <Link to="/calls/$callId" params={{ callId }} aria-label={`Words and whisper: the call with ${person}`}>
          Words and whisper
        </Link>
      </div>
    </li>
  )
}

function ListenButton({ callId, person }: { callId: string; person: string }) {
  const { callSound, store } = useDesk()
  const sound = useSyncExternalStore(callSound.subscribe, callSound.get)
  const mine = sound.callId === callId
  const toggle = () => (mine ? callSound.stop() : callSound.start(callId))
  const say = (words: string) => store.notify('info', words)
  const elsewhere = { why: 'Open “Words and whisper” of this call: an AI agent speaks', run: toggle, say }
  useRowKey('listen', callId, { why: null, run: toggle, say })
  useRowKey('whisper', callId, elsewhere)
  useRowKey('barge', callId, elsewhere)
  return (
    <ActionButton
      size="xs"
      variant={mine ? 'filled' : 'default'}
      pressed={mine}
      why={null}
      label={`${mine ? 'Stop listening to' : 'Listen to'} ${person}`}
      onClick={toggle}
    >
      {mine ? 'Stop listening' : 'Listen'}
    </ActionButton>
  )
}

function TakeButton({ talk, person }: { talk: LiveTalk; person: string }) {
  const { store } = useDesk()
  const phone = usePhone()
  const [busy, setBusy] = useState(false)
  const why = talk.asked
    ? 'A colleague is being asked already'
    : phone.line !== 'open'
      ? 'Your line is not open'
      : busy
        ? 'Asking'
        : null
  const take = async () => {
    setBusy(true)
    await ask('POST /api/calls/:callId/take-over', { params: { callId: talk.callId } }).then(
      () => store.notify('info', 'Your desk rings: accept there, and the caller joins your line.'),
      error => store.notify('problem', error instanceof Error ? error.message : 'Not done.'),
    )
    setBusy(false)
  }
  useRowKey('take-over', talk.callId, { why, run: () => void take(), say: words => store.notify('info', words) })
  return (
    <ActionButton
      size="xs"
      variant="default"
      why={why}
      label={`Take over the call with ${person}`}
      onClick={() => void take()}
    >
      Take over
    </ActionButton>
  )
}

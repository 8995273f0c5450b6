/** Everybody in one conference, as it is now. A supervisor mutes, holds, records and takes out; an agent reads. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { ActionButton } from '../../look/action-button.tsx'
import { Elapsed } from '../../look/elapsed.tsx'
import { PersonName } from '../../look/person-name.tsx'
import { SureButton } from '../team/sure-button.tsx'
import { useChange } from '../team/use-change.ts'
import { type ConferenceCall, hold, liveKey, mute, record, takeOut } from './conference-api.ts'
import classes from './conferences.module.css'
import { personWords, stateWords, whyNotIn } from './words.ts'

/** The carrier has done what was asked after about so long; until the next reading the list would show the old state. */
const DONE_MS = 500

interface ParticipantsProps {
  calls: readonly ConferenceCall[]
  edits: boolean
}

export function Participants({ calls, edits }: ParticipantsProps) {
  return (
    <ul aria-label="In the conference">
      {calls.map((call, at) => (
        <ParticipantRow key={call.id} call={call} person={personWords(call, at)} edits={edits} />
      ))}
    </ul>
  )
}

function ParticipantRow({ call, person, edits }: { call: ConferenceCall; person: string; edits: boolean }) {
  const { status, muted, held, number, tm_join: joined } = call
  const words = stateWords(call).join(', ')
  const state = status === 'joined' ? (held ? 'held' : muted ? 'muted' : 'joined') : status
  return (
    <li className={classes.row} data-state={state} aria-label={person}>
      <div className={classes.person}>
        <strong>
          <PersonName name={person} />
        </strong>
        {number === '' || number === person ? null : <span className="tl-muted tl-number">{number}</span>}
      </div>
      <div className={classes.person}>
        <span>
          {joined === null ? <span className="tl-muted">not in yet</span> : <Elapsed sinceMs={Date.parse(joined)} />}
        </span>
        {words === '' ? null : <span className="tl-small">{words}</span>}
      </div>
      {edits ? <Actions call={call} person={person} /> : null}
    </li>
  )
}

function Actions({ call, person }: { call: ConferenceCall; person: string }) {
  const { id, reference_id: callId, muted, held, recording } = call
  const { busy, run } = useDeeds(call.conference_id)
  const why = whyNotIn(call) ?? (busy ? 'Asking' : null)
  const deed = (request: () => Promise<unknown>, done: string) => () => void run(request, done)
  return (
    <div className={classes.actions}>
      <ActionButton
        size="xs"
        variant={muted ? 'filled' : 'default'}
        pressed={muted}
        why={why}
        label={`${muted ? 'Unmute' : 'Mute'} ${person}`}
        onClick={deed(() => mute(id, !muted), muted ? `${person} is heard again.` : `${person} is not heard.`)}
      >
        {muted ? 'Unmute' : 'Mute'}
      </ActionButton>
      <ActionButton
        size="xs"
        variant={held ? 'filled' : 'default'}
        pressed={held}
        why={why}
        label={`${held ? 'Take off hold' : 'Hold'}: ${person}`}
        onClick={deed(() => hold(id, !held), held ? `${person} is back in the conference.` : `${person} hears music.`)}
      >
        {held ? 'Take off hold' : 'Hold'}
      </ActionButton>
      <ActionButton
        size="xs"
        variant={recording ? 'filled' : 'default'}
        pressed={recording}
        why={why}
        label={`${recording ? 'Stop recording what' : 'Record what'} ${person} says and hears`}
        onClick={deed(
          () => record(callId, !recording),
          recording ? 'The recording ends.' : `${person}’s call is recorded.`,
        )}
      >
        {recording ? 'Stop recording' : 'Record'}
      </ActionButton>
      <SureButton
        size="xs"
        label={`Take out ${person}`}
        question="Really take out?"
        disabled={busy}
        onSure={deed(() => takeOut(id), `${person} leaves the conference.`)}
      >
        Take out
      </SureButton>
    </div>
  )
}

/** A change, after which the list is read at once and again when the carrier has done it. */
export function useDeeds(conferenceId: string) {
  const queries = useQueryClient()
  const change = useChange('conference-calls', 'conference')
  const { busy } = change
  useEffect(() => {
    if (busy) return
    const again = setTimeout(() => void queries.invalidateQueries({ queryKey: liveKey(conferenceId) }), DONE_MS)
    return () => clearTimeout(again)
  }, [busy, conferenceId, queries])
  return change
}

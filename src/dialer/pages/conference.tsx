/** The page of one conference: who is in it now, and for a supervisor everything that one may do about it. */
import { Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useView } from '../desk/hooks.ts'
import { useLive } from '../desk/use-live.ts'
import { ActionButton } from '../look/action-button.tsx'
import { Elapsed } from '../look/elapsed.tsx'
import { LiveAge } from '../look/live-age.tsx'
import { PersonName } from '../look/person-name.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import {
  type Conference,
  type ConferenceCall,
  deleteConference,
  endConference,
  getConference,
  getParticipants,
  keysOf,
  liveKey,
  lockConference,
  stopRecording,
} from './conferences/conference-api.ts'
import { Participants, useDeeds } from './conferences/participants.tsx'
import { RecordingSettings } from './conferences/recording-settings.tsx'
import { beginsWords, crowdWords, sinceOf } from './conferences/words.ts'
import { useConferenceRecordings } from './recordings/recording-api.ts'
import { RecordingsPanel } from './recordings/recordings-panel.tsx'
import classes from './table.module.css'
import { SureButton } from './team/sure-button.tsx'
import { useChange } from './team/use-change.ts'

const route = getRouteApi('/desk/frame/conferences/$conferenceId')
/** Which numbers lead here is known to the numbers alone, and they tell nobody. */
const SETTINGS_MS = 5_000

export function ConferenceScreen() {
  const { conferenceId } = route.useParams()
  const { agent } = useView()
  const edits = agent.role !== 'agent'
  const live = useLive(keysOf)
  const conference = useQuery({
    queryKey: ['conference', conferenceId],
    queryFn: () => getConference(conferenceId),
    ...live,
    refetchInterval: Math.min(live.refetchInterval, SETTINGS_MS),
  })
  const calls = useQuery({ queryKey: liveKey(conferenceId), queryFn: () => getParticipants(conferenceId), ...live })
  const { data } = conference
  const items = calls.data?.items ?? []
  return (
    <div className="tl-stack">
      <Link to="/conferences">← All conferences</Link>
      {conference.isLoading ? <Loader size="sm" role="status" aria-label="Loading the conference" /> : null}
      {conference.isError ? (
        <ProblemBox title={conference.error.message} onRetry={() => void conference.refetch()} />
      ) : null}
      <LiveAge of={liveKey(conferenceId)} />
      {data === undefined ? null : (
        <>
          <div className={classes.head}>
            <h1>
              <PersonName name={data.name} />
            </h1>
            <Now calls={items} />
            {data.locked ? <span className={classes.follow}>Locked</span> : null}
            {data.recording_id === null ? null : <span className={classes.follow}>Recorded</span>}
          </div>
          {edits ? <Lead conference={data} someone={items.length > 0} /> : null}
          <section className="tl-panel tl-stack" aria-labelledby="who-title">
            <h2 id="who-title">Who is in</h2>
            {calls.isError ? <ProblemBox title={calls.error.message} onRetry={() => void calls.refetch()} /> : null}
            {calls.isSuccess && items.length === 0 ? (
              <p className="tl-muted">
                Nobody is in. {beginsWords(data)} {edits ? <Link to="/numbers">Numbers</Link> : null}
              </p>
            ) : null}
            <Participants calls={items} edits={edits} />
          </section>
          {edits ? <Recorded conference={data} someone={items.length > 0} /> : null}
          <Settings conference={data} edits={edits} />
        </>
      )}
    </div>
  )
}

function Now({ calls }: { calls: readonly ConferenceCall[] }) {
  const since = sinceOf(calls)
  return (
    <p className="tl-muted">
      {crowdWords(calls)}
      {since === null ? null : (
        <>
          {' · '}
          <Elapsed sinceMs={since} />
        </>
      )}
    </p>
  )
}

/** Lock, end, delete. What cannot be taken back asks once. */
function Lead({ conference, someone }: { conference: Conference; someone: boolean }) {
  const navigate = route.useNavigate()
  const { id, name, locked, recording_id } = conference
  const deeds = useDeeds(id)
  const removal = useChange('conferences', 'numbers')
  const remove = async () => {
    if (await removal.run(() => deleteConference(id), `${name} is deleted.`)) void navigate({ to: '/conferences' })
  }
  const lockedWords = locked ? `${name} is open again.` : `Nobody but a moderator is let into ${name} now.`
  return (
    <div className="tl-row">
      <ActionButton
        variant={locked ? 'filled' : 'default'}
        pressed={locked}
        why={deeds.busy ? 'Asking' : null}
        onClick={() => void deeds.run(() => lockConference(id, !locked), lockedWords)}
      >
        {locked ? 'Unlock' : 'Lock'}
      </ActionButton>
      {recording_id === null ? null : (
        <ActionButton
          variant="default"
          why={deeds.busy ? 'Asking' : null}
          onClick={() => void deeds.run(() => stopRecording(id), 'The recording ends; what was recorded is kept.')}
        >
          End the recording
        </ActionButton>
      )}
      {someone ? (
        <SureButton
          label={`End for everybody: ${name}`}
          question="Really end for everybody?"
          disabled={deeds.busy}
          onSure={() => void deeds.run(() => endConference(id), 'Everybody leaves; the conference stays.')}
        >
          End for everybody
        </SureButton>
      ) : null}
      <SureButton
        label={`Delete ${name}`}
        question="Really delete?"
        disabled={removal.busy}
        onSure={() => void remove()}
      >
        Delete
      </SureButton>
    </div>
  )
}

function savedOf({ record, record_notice, on_end_flow_id }: Conference): string {
  return [record, on_end_flow_id, record_notice].join(' ')
}

const WAITS_FOR = {
  nobody: 'They talk at once',
  second: 'The first hears music until a second comes',
  moderator: 'They hear music until a moderator comes',
}

/** For those who lead the team: a conference is nobody's, as a call is an agent's. */
function Recorded({ conference, someone }: { conference: Conference; someone: boolean }) {
  const recordings = useConferenceRecordings(conference.id, true, someone && conference.record)
  return <RecordingsPanel recordings={recordings.data ?? []} playing={null} />
}

function Settings({ conference, edits }: { conference: Conference; edits: boolean }) {
  const { has_pin: pin, waits_for: waitsFor, max_participants: most, numbers } = conference
  const facts: [string, string][] = [
    ['Numbers', numbers.length === 0 ? 'none' : numbers.join(', ')],
    ['PIN', pin ? 'is asked for' : 'none'],
    ['At first', WAITS_FOR[waitsFor]],
    ['Room for', `${most}`],
    ['Who comes in', conference.muted_on_entry ? 'is muted' : 'is heard'],
    ['When the last moderator leaves', conference.ends_with_moderator ? 'everybody leaves' : 'the others go on'],
    ['Recorded', conference.record ? 'everybody, in one file' : 'no'],
  ]
  return (
    <section className="tl-panel tl-stack" aria-labelledby="settings-title">
      <h2 id="settings-title">Settings</h2>
      <dl className={classes.facts}>
        {facts.map(([words, value]) => (
          <div key={words}>
            <dt>{words}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {edits ? <RecordingSettings key={savedOf(conference)} conference={conference} /> : null}
    </section>
  )
}

/** The page of one call: its data, and the timeline of its actors, oldest entry first. */

import { Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { lazy, Suspense, useRef, useState } from 'react'
import type { CallDetail } from '../../wire/api.ts'
import { getCall } from '../api.ts'
import { useView } from '../desk/hooks.ts'
import { clockText, stampText } from '../desk/time.ts'
import { callResultWords, outcomeWords, shortActor } from '../desk/words.ts'
import { PersonName } from '../look/person-name.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import { Inspection } from './call/inspection.tsx'
import { CallDoNotCall } from './call-do-not-call.tsx'
import { CrmFiling } from './crm-filing.tsx'
import { useRecordings } from './recordings/recording-api.ts'
import { RecordingsPanel } from './recordings/recordings-panel.tsx'
import classes from './table.module.css'

// Loaded when it is needed, because most calls have no AI agent.
const Ladder = lazy(() => import('./call/ladder.tsx'))
const CallConversation = lazy(() => import('./ai/call-conversation.tsx'))

/** The call is read again this often, because its facts reach the log about a second late. */
const LOOK_MS = 2_000
/** A message that a caller left is in the inbox by then. */
const MESSAGE_COMES_MS = 60_000

const route = getRouteApi('/desk/frame/calls/$callId')

export function CallDetailScreen() {
  const { callId } = route.useParams()
  const leads = useView().agent.role !== 'agent'
  const call = useQuery({
    queryKey: ['call', callId],
    queryFn: () => getCall(callId),
    staleTime: 0,
    refetchInterval: query => (isSettled(query.state.data) ? false : LOOK_MS),
  })
  return (
    <div className="tl-stack">
      <Link to="/calls">← All calls</Link>
      {call.isPending ? <Loader size="sm" role="status" aria-label="Loading the call" /> : null}
      {call.isError ? <ProblemBox title={call.error.message} onRetry={() => void call.refetch()} /> : null}
      {call.data === undefined ? null : <Detail detail={call.data} />}
      {call.data?.crm ? <CrmFiling key={callId} callId={callId} filing={call.data.crm} /> : null}
      {call.isPending ? null : <Heard key={`heard ${callId}`} callId={callId} call={call.data?.call ?? null} />}
      {call.data?.call.kind === 'sip' && leads ? (
        <Suspense fallback={null}>
          <Ladder callId={callId} over={call.data.call.status === 'hangup'} />
        </Suspense>
      ) : null}
      {call.data === undefined ? null : <Timeline entries={call.data.timeline} />}
      {call.data === undefined || call.data.call.kind === 'sip' || !leads ? null : (
        <Inspection key={callId} callId={callId} />
      )}
    </div>
  )
}

/** What was recorded and what was said: a click on a line plays the newest recording from there. */
function Heard({ callId, call }: { callId: string; call: CallDetail['call'] | null }) {
  const over = call?.status === 'hangup'
  const isMessage = call?.result === 'voicemail'
  // The log may know of a message before the inbox does.
  const isRecent = call?.endedMs != null && Date.now() - call.endedMs < MESSAGE_COMES_MS
  const recordings = useRecordings(callId, over, isMessage && isRecent).data ?? []
  const newest = recordings.findLast(one => one.status === 'available')
  const player = useRef<HTMLAudioElement>(null)
  const [playedMs, setPlayedMs] = useState<number | null>(null)
  const playing = newest === undefined ? null : { player, recordingId: newest.id, onTime: setPlayedMs }
  return (
    <>
      <RecordingsPanel recordings={recordings} playing={playing} />
      <Suspense fallback={null}>
        <CallConversation
          callId={callId}
          over={over}
          sound={playing === null ? null : { player, playedMs }}
          listed={recordings.length > 0 || isMessage}
        />
      </Suspense>
    </>
  )
}

/** True if nothing will change: the call is over, and it is filed in the CRM or has no CRM context. */
function isSettled(detail: CallDetail | undefined): boolean {
  return detail?.call.status === 'hangup' && (!detail.crm || detail.crm.state === 'created')
}

function Detail({ detail: { call } }: { detail: CallDetail }) {
  const rows: [string, ReactNode][] = [
    ['Number', call.number === '' ? 'withheld' : call.number],
    ['From', call.from],
    ['Direction', call.direction],
    ['Started', stampText(call.createdMs, true)],
    ['Answered', call.answeredMs === null ? 'no' : stampText(call.answeredMs, true)],
    ['Ended', call.endedMs === null ? 'not yet' : stampText(call.endedMs, true)],
    ['Talked', clockText(call.talkedMs)],
    ['Answered by', call.answeredBy ?? 'unknown'],
    ['Result', callResultWords(call.result, call.hangupReason, call.status)],
    ['Outcome', call.outcome === null ? 'none' : outcomeWords(call.outcome)],
    ['Agent', call.agentName === null ? 'none' : <PersonName key="agent" name={call.agentName} />],
    ['Sound', call.quality === null ? 'undisturbed' : `at worst ${call.quality}`],
    ['Carrier says', call.providerStatus ?? 'nothing'],
  ]
  return (
    <section className="tl-panel tl-stack" aria-labelledby="call-title">
      <div className={classes.head}>
        <h1 id="call-title">
          <PersonName name={call.name === '' ? call.number : call.name} />
        </h1>
        {call.needsFollowUp ? <span className={classes.follow}>follow up</span> : null}
        {call.number === '' || call.kind === 'sip' ? null : (
          <>
            <Link to="/campaign" search={{ phone: call.number, contactId: null, autoStart: false }}>
              Call again
            </Link>
            <CallDoNotCall callId={call.callId} number={call.number} />
          </>
        )}
      </div>
      <dl className={classes.facts}>
        {rows.map(([words, value]) => (
          <div key={words}>
            <dt>{words}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {call.note === '' ? null : (
        <p>
          <span className="tl-muted">Note:</span> {call.note}
        </p>
      )}
    </section>
  )
}

function Timeline({ entries }: { entries: CallDetail['timeline'] }) {
  return (
    <section className="tl-panel tl-stack" aria-labelledby="timeline-title">
      <h2 id="timeline-title">Timeline</h2>
      <ol className={classes.timeline}>
        {entries.map((entry, index) => (
          <li key={`${entry.at}-${entry.actor}-${entry.type}-${index}`}>
            <span className="tl-number tl-muted" title={stampText(entry.at, true)}>
              +{clockText(entry.at - (entries[0]?.at ?? entry.at))}
            </span>
            <span>
              {entry.words}{' '}
              <span className="tl-muted tl-small" title={entry.actor}>
                {shortActor(entry.actor)}
              </span>
            </span>
            {Object.keys(entry.data).length === 0 ? null : (
              <details>
                <summary className="tl-muted tl-small">Details</summary>
                <pre>{JSON.stringify(entry.data, null, 1)}</pre>
              </details>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}

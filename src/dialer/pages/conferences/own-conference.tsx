/** On the desk: the conference that the agent has called, with everybody who is in it. A supervisor leads it from here as from its page. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useView } from '../../desk/hooks.ts'
import { useLive } from '../../desk/use-live.ts'
import { PersonName } from '../../look/person-name.tsx'
import { ProblemBox } from '../../look/problem-box.tsx'
import { getConference, getOwnConference, getParticipants, keysOf, liveKey } from './conference-api.ts'
import { Participants } from './participants.tsx'
import { crowdWords } from './words.ts'

/** Nothing, unless the call leads into a conference. */
export default function OwnConference({ callId }: { callId: string }) {
  const own = useQuery({ queryKey: ['own-conference', callId], queryFn: getOwnConference })
  const conferenceId = own.data?.conference_id ?? null
  return conferenceId === null ? null : <Panel conferenceId={conferenceId} />
}

function Panel({ conferenceId }: { conferenceId: string }) {
  const { agent } = useView()
  const live = useLive(keysOf)
  const conference = useQuery({ queryKey: ['conference', conferenceId], queryFn: () => getConference(conferenceId) })
  const calls = useQuery({
    queryKey: liveKey(conferenceId),
    queryFn: () => getParticipants(conferenceId),
    ...live,
  })
  const items = calls.data?.items ?? []
  return (
    <section className="tl-panel tl-stack" aria-labelledby="own-conference">
      <div className="tl-row">
        <h2 id="own-conference">
          Conference <PersonName name={conference.data?.name ?? ''} />
        </h2>
        <span className="tl-muted">{crowdWords(items)}</span>
        <Link to="/conferences/$conferenceId" params={{ conferenceId }}>
          Its page
        </Link>
      </div>
      {calls.isError ? <ProblemBox title={calls.error.message} onRetry={() => void calls.refetch()} /> : null}
      <Participants calls={items} edits={agent.role !== 'agent'} />
    </section>
  )
}

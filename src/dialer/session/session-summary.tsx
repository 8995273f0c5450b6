/** The summary of a session that is over. */
import type { SessionView } from '../../wire/desk.ts'
import { useView } from '../desk/hooks.ts'
import { clockText } from '../desk/time.ts'
import { abandonedShare, restWords } from '../desk/words.ts'
import { PersonName } from '../look/person-name.tsx'
import classes from './session-summary.module.css'

export function SessionSummary({ session }: { session: SessionView }) {
  const { outcomes } = useView()
  const { counts } = session
  const rows: [string, string | number][] = [
    ['Dials', counts.dials],
    ['Answered', counts.answered],
    ['Conversations', counts.conversations],
    ['Talk time', clockText(counts.talkedMs)],
    ['Voicemail', counts.machines],
    ['Busy', counts.busy],
    ['No answer', counts.noAnswer],
    ['Failed', counts.failed],
    ['Released', counts.released],
    ['Abandoned', `${counts.abandoned} (${abandonedShare(counts.abandoned, counts.answered)})`],
    ['Left on the list', session.contactsLeft],
  ]
  const label = (id: string) => outcomes.find(({ outcomeId }) => outcomeId === id)?.label ?? id
  return (
    <section className="tl-panel tl-stack" aria-label="Session summary">
      <h2>
        {session.state === 'finished' ? 'The list is finished' : 'The session is over'}:{' '}
        <PersonName name={session.name} />
      </h2>
      {session.restReason === 'campaign-full' ? <p role="alert">{restWords(session)}</p> : null}
      <dl className={classes.numbers}>
        {rows.map(([words, value]) => (
          <div key={words}>
            <dt>{words}</dt>
            <dd className="tl-number">{value}</dd>
          </div>
        ))}
      </dl>
      {Object.keys(counts.outcomes).length === 0 ? null : (
        <ul className="tl-row" aria-label="Outcomes">
          {Object.entries(counts.outcomes).map(([outcomeId, count]) => (
            <li key={outcomeId} className={classes.outcome}>
              {label(outcomeId)} <strong className="tl-number">{count}</strong>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** The messages of a call between extensions as a ladder: a column for each who takes part, an arrow for each message, and the cause in words. */
import { Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { SipLadder } from '../../../wire/extension.ts'
import { clockText } from '../../desk/time.ts'
import { ProblemBox } from '../../look/problem-box.tsx'
import { getLadder } from '../extensions/extension-api.ts'
import classes from './ladder.module.css'
import { labelOf, partiesOf, partyWords } from './ladder-words.ts'

const LOOK_MS = 2_000

export default function Ladder({ callId, over }: { callId: string; over: boolean }) {
  const ladder = useQuery({
    queryKey: ['ladder', callId, over],
    queryFn: () => getLadder(callId),
    staleTime: 0,
    refetchInterval: ({ state: { data, status } }) =>
      over && (data?.settled === true || status === 'error') ? false : LOOK_MS,
  })
  return (
    <section className="tl-panel tl-stack" aria-labelledby="ladder-title">
      <h2 id="ladder-title">Between the phones</h2>
      {ladder.isPending ? <Loader size="sm" role="status" aria-label="Loading the messages" /> : null}
      {ladder.isError ? <ProblemBox title={ladder.error.message} onRetry={() => void ladder.refetch()} /> : null}
      {ladder.data === undefined ? null : <Drawn ladder={ladder.data} />}
    </section>
  )
}

function Drawn({ ladder }: { ladder: SipLadder }) {
  const { messages, omitted, omitted_after, cause } = ladder
  const parties = partiesOf(messages)
  const columns = { gridTemplateColumns: `64px repeat(${parties.length}, minmax(56px, 1fr))` }
  const begin = messages[0]?.at_ms ?? 0
  return (
    <>
      <p>{cause}</p>
      <div className={classes.frame}>
        <div className={classes.row} style={columns} aria-hidden>
          <span />
          {parties.map(party => (
            <b key={party} className={classes.party}>
              {partyWords(party)}
            </b>
          ))}
        </div>
        <ol className={classes.rungs} aria-label="Messages of this call">
          {messages.map((message, at) => (
            // Messages are only added at the end.
            <li key={at}>
              <Rung message={message} parties={parties} begin={begin} columns={columns} />
              {omitted > 0 && at === omitted_after ? (
                <p className="tl-muted tl-small">{omitted} messages are left out here.</p>
              ) : null}
            </li>
          ))}
        </ol>
      </div>
    </>
  )
}

interface RungProps {
  message: SipLadder['messages'][number]
  parties: string[]
  begin: number
  columns: { gridTemplateColumns: string }
}

function Rung({ message, parties, begin, columns }: RungProps) {
  const { from, to, line, at_ms } = message
  const [start, end] = [parties.indexOf(from), parties.indexOf(to)]
  const right = start < end
  const gridColumn = `${Math.min(start, end) + 2} / ${Math.max(start, end) + 3}`
  return (
    <div className={classes.row} style={columns} title={line}>
      <span className="tl-number tl-muted tl-small">+{clockText(at_ms - begin)}</span>
      <span className={classes.hidden}>{`${partyWords(from)} to ${partyWords(to)}: `}</span>
      <span
        className={classes.arrow}
        data-right={right}
        style={{ gridColumn, marginInline: `${50 / (Math.abs(end - start) + 1)}%` }}
      >
        {labelOf(line)}
      </span>
    </div>
  )
}

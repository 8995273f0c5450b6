/** The calls of a mask, the newest first, those that are on at the top. It shows who called by side, never by number. */
import { Link } from '@tanstack/react-router'
import type { ShownInteraction } from '../../../wire/mask.ts'
import { stampText } from '../../desk/time.ts'
import { ProblemBox } from '../../look/problem-box.tsx'
import { ShowMore, usePages } from '../paged-list.tsx'
import classes from '../table.module.css'
import { getCalls } from './mask-api.ts'
import { callWords } from './mask-words.ts'

const READ_EVERY_MS = 3_000
const FROM = { a: 'the first called', b: 'the second called' } as const

export function MaskCalls({ maskId, inLog }: { maskId: string; inLog: boolean }) {
  const { pages, items } = usePages(['mask-calls', maskId], cursor => getCalls(maskId, cursor), READ_EVERY_MS)
  return (
    <section className="tl-panel tl-stack" aria-labelledby="mask-calls-title">
      <h2 id="mask-calls-title">Calls</h2>
      {pages.isError ? <ProblemBox title={pages.error.message} onRetry={() => void pages.refetch()} /> : null}
      {pages.isSuccess && items.length === 0 ? <p className="tl-muted">Nobody has called this number yet.</p> : null}
      {items.length === 0 ? null : (
        <div className={classes.scroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">Who</th>
                <th scope="col">How it went</th>
              </tr>
            </thead>
            <tbody>
              {items.map(item => (
                <CallRow key={item.id} call={item} inLog={inLog} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <ShowMore pages={pages}>Show more</ShowMore>
    </section>
  )
}

function CallRow({ call, inLog }: { call: ShownInteraction; inLog: boolean }) {
  const { call_id: callId, from, tm_create } = call
  const when = stampText(Date.parse(tm_create), true)
  return (
    <tr>
      <td>
        {inLog ? (
          <Link to="/calls/$callId" params={{ callId }}>
            {when}
          </Link>
        ) : (
          when
        )}
      </td>
      <td>{from === null ? <span className="tl-muted">nobody of a session</span> : FROM[from]}</td>
      <td>{callWords(call)}</td>
    </tr>
  )
}

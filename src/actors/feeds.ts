/** The feed from every actor to its workspace's log. */
import { type AboutTable, aboutOf, type SubjectKind } from '../core/about.ts'
import { mayBePublic } from '../core/events/events.ts'
import { logId, workspaceOf } from '../core/ids.ts'
import type { Timed } from '../core/machine.ts'
import { hideNumbers } from '../core/mask/hidden.ts'
import { monthOf, monthsAfter } from '../core/month.ts'
import type { Neighbours } from './neighbours.ts'
import type { Feed } from './shell/shell.ts'

/** The log is not a live screen, so facts wait this long and travel together, unless somebody waits for events of such facts. */
export const LOG_DELAY_MS = 1_000

/** The part of a `RecordedMachine` that the log needs. */
interface Recorded<Fact extends Timed> {
  readonly name: SubjectKind
  readonly about: AboutTable<Fact>
}

/**
 * Facts go to the month in which they are sent, each with those whom it is about. `masked`: the number behind which the people of this call
 * are; theirs leave the call by no feed. Null: it is behind none.
 */
export function logFeed<Fact extends Timed>(
  near: Neighbours,
  machine: Recorded<Fact>,
  source: string,
  masked: () => string | null = () => null,
): Feed<Fact> {
  return {
    name: 'log',
    delayMs: LOG_DELAY_MS,
    hurries: waiting =>
      near.listening?.to(workspaceOf(source)) === true && waiting().some(({ fact }) => mayBePublic(fact.type)),
    async deliver(facts) {
      const shown = masked()
      const told = facts.map(({ seq, fact }) => ({ seq, about: aboutOf(machine, fact, source), fact }))
      const page = JSON.stringify(shown === null ? told : told.map(one => ({ ...one, fact: behind(shown, one.fact) })))
      const month = monthOf(near.now())
      // At the end of a month the log's clock may be ahead of ours; the page is for the next month then.
      for (const target of [month, monthsAfter(month, 1)]) {
        const heard = await near.actor('log', logId(workspaceOf(source), target)).hear(source, page)
        if (heard !== false) return near.listening?.note(workspaceOf(source), heard === 'listened')
      }
      throw new Error('no month of the log takes facts')
    },
  }
}

/** Steps that a mask has answered with name the other side, and so does everything personal; the rest of a fact is ids and words of ours. */
function behind<Fact extends Timed>(shown: string, fact: Fact): Fact {
  const hidden = Object.entries(fact).map(([name, value]) =>
    name === 'personal' || name === 'actions' ? [name, hideNumbers(value, shown)] : [name, value],
  )
  return Object.fromEntries(hidden) as Fact
}

/** The feed from every actor to its workspace's log. */
import { type AboutTable, aboutOf, type SubjectKind } from '../core/about.ts'
import { mayBePublic } from '../core/events/events.ts'
import { logId, workspaceOf } from '../core/ids.ts'
import type { Timed } from '../core/machine.ts'
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

/** Facts go to the month in which they are sent, each with those whom it is about. */
export function logFeed<Fact extends Timed>(near: Neighbours, machine: Recorded<Fact>, source: string): Feed<Fact> {
  return {
    name: 'log',
    delayMs: LOG_DELAY_MS,
    hurries: waiting =>
      near.listening?.to(workspaceOf(source)) === true && waiting().some(({ fact }) => mayBePublic(fact.type)),
    async deliver(facts) {
      const page = JSON.stringify(facts.map(({ seq, fact }) => ({ seq, about: aboutOf(machine, fact, source), fact })))
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

/** Figures of a queue in words. */

import type { ReactNode } from 'react'
import type { Queue, QueueCall } from '../../../wire/queue.ts'
import { clockText } from '../../desk/time.ts'
import { Elapsed } from '../../look/elapsed.tsx'
import classes from '../table.module.css'

/** Since when the one who waits longest has waited; null: nobody waits. */
export function longestWaitNow(waiting: readonly QueueCall[]): number | null {
  return waiting.length === 0 ? null : Math.min(...waiting.map(one => Date.parse(one.tm_create)))
}

export function WaitSince({ sinceMs }: { sinceMs: number | null }) {
  return sinceMs === null ? <span className="tl-muted">nobody waits</span> : <Elapsed sinceMs={sinceMs} />
}

export function levelWords(level: number | null): string {
  return level === null ? 'no calls yet' : `${Math.round(level * 100)} %`
}

const AWAY: Record<string, string> = {
  'phone-not-ready': 'phone is off',
  'line-not-open': 'line is not open',
  'in-session': 'dials a campaign',
  busy: 'on a call',
}

/** Why an agent is not free; null: their desk has not said anything yet. */
export function whyAwayWords(reason: string | null): string {
  return reason === null ? 'not seen yet' : (AWAY[reason] ?? reason.replaceAll('-', ' '))
}

export function QueueFigures({ queue, waiting }: { queue: Queue; waiting: readonly QueueCall[] }) {
  const facts: [string, ReactNode][] = [
    ['Waiting', waiting.length],
    ['Longest wait now', <WaitSince key="wait" sinceMs={longestWaitNow(waiting)} />],
    ['Free agents', `${queue.members.filter(one => one.free).length} of ${queue.members.length}`],
    ['Talking', queue.service_queuecall_ids.length],
    ['Service level', levelWords(queue.service_level)],
    ['Abandoned', queue.abandon_rate === null ? 'no calls yet' : `${Math.round(queue.abandon_rate * 100)} %`],
    ['Average wait', queue.average_wait === null ? 'no calls yet' : clockText(queue.average_wait)],
    ['Longest wait ever', clockText(queue.longest_wait)],
  ]
  return (
    <section className="tl-panel tl-stack" aria-labelledby="now-title">
      <h2 id="now-title">Now</h2>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

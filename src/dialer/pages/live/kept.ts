/** What could not be read now stands as it was read last, with its age. */
import type { Live, LiveUnread } from '../../../wire/supervision.ts'

export interface ShownLive extends Live {
  /** ids of rows that are older than this answer */
  stale: readonly string[]
  /** what could not be read, and never was before */
  missing: readonly LiveUnread[]
}

/** `before`: what was shown until now. */
export function withKept(before: ShownLive | undefined, fresh: Live): ShownLive {
  const stale: string[] = []
  const missing: LiveUnread[] = []
  const keep = <Row>(
    of: LiveUnread['of'],
    idOf: (row: Row) => string,
    now: readonly Row[],
    old: readonly Row[] = [],
  ) => {
    const rows = [...now]
    for (const one of fresh.unread.filter(unread => unread.of === of)) {
      const known = old.find(row => idOf(row) === one.id)
      if (known === undefined) missing.push(one)
      else {
        rows.push(known)
        stale.push(one.id)
      }
    }
    return rows
  }
  return {
    ...fresh,
    agents: keep('agent', row => row.agentId, fresh.agents, before?.agents),
    talks: keep('talk', row => row.callId, fresh.talks, before?.talks),
    queues: keep('queue', row => row.queueId, fresh.queues, before?.queues),
    campaigns: keep('campaign', row => row.campaignId, fresh.campaigns, before?.campaigns),
    stale,
    missing,
  }
}

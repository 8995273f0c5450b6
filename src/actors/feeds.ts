/** The feed from every actor to its workspace's log. */
import type { Timed } from '../core/machine.ts'
import type { Neighbours } from './neighbours.ts'
import type { Feed, StoredFact } from './shell/shell.ts'

/** The log is not a live screen, so facts wait this long and travel together. */
export const LOG_DELAY_MS = 1_000

export function logFeed<Fact extends Timed>(near: Neighbours, workspaceId: string, source: string): Feed<Fact> {
  return {
    name: 'log',
    delayMs: LOG_DELAY_MS,
    async deliver(facts: StoredFact<Fact>[]) {
      await near.actor('log', workspaceId).hear(source, JSON.stringify(facts))
    },
  }
}

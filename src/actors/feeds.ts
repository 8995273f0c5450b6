/** The feed from every actor to its workspace's log. */
import type { Timed } from '../core/machine.ts'
import type { Env } from './env.ts'
import type { Feed, StoredFact } from './shell/shell.ts'
import { stubFor } from './stubs.ts'

/** The log is not a live screen, so facts wait this long and travel together. */
const LOG_DELAY_MS = 1_000

export function logFeed<Fact extends Timed>(env: Env, workspaceId: string, source: string): Feed<Fact> {
  return {
    name: 'log',
    delayMs: LOG_DELAY_MS,
    async deliver(facts: StoredFact<Fact>[]) {
      await stubFor(env, 'log', workspaceId).hear(source, JSON.stringify(facts))
    },
  }
}

/** Who reads an actor's facts by cursor, and in what call they arrive. */
import type { Timed } from '../core/machine.ts'
import type { Env } from './env.ts'
import type { Feed, StoredFact } from './shell/shell.ts'
import { stubFor } from './stubs.ts'

/** The log is history, not a screen: its facts travel together. */
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

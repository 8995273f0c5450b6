/** Tells the ledger of a workspace that its log has something to charge. A word that is lost is made good by the next one. */
import { workspaceOf } from '../../core/ids.ts'
import type { Env } from '../env.ts'
import { stubFor } from '../stubs.ts'

/** Nobody waits for a bill, and a reading that takes many calls at once costs each of them less. */
const GATHER_MS = 3_000
const TELLING = new Set([
  ...['call-answered', 'call-hungup', 'call-onward-ended', 'talk-stream-closed'],
  ...['recording-reported', 'recording-transcript-moved'],
  ...['conference-recording-reported', 'conference-transcript-moved'],
])

export function usesUp({ fact }: { fact: { type: string } }): boolean {
  return TELLING.has(fact.type)
}

export class Bell {
  readonly #ctx: DurableObjectState
  readonly #env: Env
  #rung = false

  constructor(ctx: DurableObjectState, env: Env) {
    this.#ctx = ctx
    this.#env = env
  }

  ring(): void {
    if (this.#rung) return
    this.#rung = true
    this.#ctx.waitUntil(this.#tell())
  }

  async #tell(): Promise<void> {
    await new Promise(resolve => setTimeout(resolve, GATHER_MS))
    this.#rung = false
    try {
      await stubFor(this.#env, 'billing', workspaceOf(this.#ctx.id.name ?? '')).poke()
    } catch {
      // The ledger reads on from its place, whoever wakes it.
    }
  }
}

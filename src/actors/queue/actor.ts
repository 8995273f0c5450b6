/** One queue: its settings, its agents, who waits and who talks. */
import { DurableObject } from 'cloudflare:workers'
import { queue } from '../../core/queue/queue.ts'
import type { QueueEffect, QueueFact, QueueInput, QueueState } from '../../core/queue/state.ts'
import type { QueueContract } from '../contracts.ts'
import type { Env } from '../env.ts'
import { logFeed } from '../feeds.ts'
import { neighboursOf } from '../neighbours.ts'
import { platformOf } from '../shell/platform.ts'
import { Shell } from '../shell/shell.ts'
import { type Viewers, viewersOf } from '../shell/viewers.ts'
import { carryOut, laneOf } from './performer.ts'

export class QueueActor extends DurableObject<Env> implements QueueContract {
  readonly #shell: Shell<QueueState, QueueInput, QueueFact, QueueEffect>
  readonly #viewers: Viewers

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const near = neighboursOf(env)
    const queueId = ctx.id.name ?? ''
    const platform = platformOf(ctx)
    this.#viewers = viewersOf(near, platform, queueId)
    this.#shell = new Shell(platform, {
      machine: queue,
      laneOf,
      performer: carryOut(near, queueId, () => this.#shell.state),
      committed: () => this.#viewers.changed(),
      feedOf: name => (name === 'log' ? logFeed(near, queue, queueId) : null),
    })
  }

  /** False: there is no such queue. */
  async deliver(input: QueueInput, inputId: string | null): Promise<boolean> {
    if (this.#shell.journal.seq === 0) {
      if (input.type !== 'queue.configured') return false
      this.#shell.outbox.addFeed('log')
    }
    return !this.#shell.commit(input, inputId)?.refused
  }

  async read(viewer?: string): Promise<QueueState> {
    this.#viewers.keep(viewer)
    return this.#shell.state
  }

  async inspect() {
    return this.#shell.inspect()
  }

  override async alarm(): Promise<void> {
    await this.#shell.wake(at => ({ type: 'clock.struck', at }))
  }
}

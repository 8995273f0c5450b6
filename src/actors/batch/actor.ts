/** One dialling round: the referee of the race. The answer webhook comes straight here and gets its verdict in one commit. */
import { DurableObject } from 'cloudflare:workers'
import { batch, destinationOf } from '../../core/batch/batch.ts'
import type { BatchEffect, BatchFact, BatchInput, BatchState, Verdict } from '../../core/batch/state.ts'
import { agentOfSeat, asGroupcall, workspaceOf } from '../../core/ids.ts'
import { HANG_UP } from '../../core/instruction/instruction.ts'
import type { BatchContract, Claim, OpenBatch } from '../contracts.ts'
import type { Env } from '../env.ts'
import { neighboursOf } from '../neighbours.ts'
import { safeHarbourOf } from '../seller.ts'
import { platformOf } from '../shell/platform.ts'
import { Shell } from '../shell/shell.ts'
import { BATCH_SCHEMA, carryOut, feedOf, forgetLegs, readFlow, saveLegs } from './performer.ts'

/** Answers of the same instant are one race, so the drain waits this long and sends their effects together. Verdicts do not wait. */
const LINGER_MS = 5

export class BatchActor extends DurableObject<Env> implements BatchContract {
  readonly #batchId: string
  readonly #shell: Shell<BatchState, BatchInput, BatchFact, BatchEffect>

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const near = neighboursOf(env)
    const platform = platformOf(ctx)
    this.#batchId = ctx.id.name ?? ''
    this.#shell = new Shell(platform, {
      machine: batch,
      schema: BATCH_SCHEMA,
      laneOf: effect => (effect.type === 'tell-desk' ? effect.deskId : effect.legId),
      project: forgetLegs,
      performer: carryOut(near, this.#batchId, platform.store.sql),
      feedOf: name => feedOf(near, this.#batchId, name),
      lingerMs: LINGER_MS,
    })
  }

  /** Idempotent: a batch opens once. */
  async open(round: OpenBatch): Promise<void> {
    const at = this.#shell.now()
    const { journal, outbox } = this.#shell
    if (journal.state.phase !== 'empty') return
    const legIds = round.legs.map(leg => leg.callId)
    journal.transact(() => {
      saveLegs(journal.sql, round)
      // The seat of an AI agent or of a group call has no screen, so nobody reads along.
      for (const { deskId } of round.seats)
        if (agentOfSeat(deskId) === null && asGroupcall(deskId) === null) outbox.addFeed(`desk:${deskId}`)
      if (round.campaignId !== null) outbox.addFeed(`campaign:${round.campaignId}`)
      outbox.addFeed('log')
      return journal.apply({ type: 'batch.opened', at, policy: round.policy, legIds, seats: round.seats })
    })
  }

  async join(joining: OpenBatch, inputId: string): Promise<void> {
    const { journal, outbox } = this.#shell
    const { policy, seats, legs, campaignId } = joining
    const at = this.#shell.now()
    const legIds = legs.map(leg => leg.callId)
    journal.transact(() => {
      if (journal.state.phase === 'empty') {
        if (campaignId !== null) outbox.addFeed(`campaign:${campaignId}`)
        outbox.addFeed('log')
      }
      saveLegs(journal.sql, joining)
      return journal.applyOnce({ type: 'pool.joined', at, policy, legIds, seats }, inputId)
    })
  }

  /** The race is decided and stored before anything is awaited, so every repeat of the webhook gets the same answer. */
  async claim(legId: string, providerId: string, verdict: Verdict | null): Promise<Claim> {
    this.#shell.commit({ type: 'leg.answered', at: this.#shell.now(), legId, providerId, verdict })
    const to = destinationOf(this.#shell.state, legId, providerId)
    switch (to.kind) {
      case 'room':
        return { instructions: [{ kind: 'join-room', room: to.room, callId: legId, role: 'customer' }] }
      case 'agent':
        return { agent: to.order }
      case 'flow':
        return { flow: readFlow(this.#shell.journal.sql) }
      case 'message':
        return { instructions: await safeHarbourOf(neighboursOf(this.env), workspaceOf(this.#batchId)) }
      case 'hang-up':
        return { instructions: HANG_UP }
    }
  }

  async deliver(input: BatchInput, inputId: string | null): Promise<boolean> {
    // A desk may speak of its seat before the campaign has opened the round; nobody else may.
    if (this.#shell.state.phase === 'empty' && !input.type.startsWith('seat.')) return false
    this.#shell.commit(input, inputId)
    return true
  }

  async read(): Promise<BatchState> {
    return this.#shell.state
  }

  async inspect() {
    return this.#shell.inspect()
  }

  override async alarm(): Promise<void> {
    await this.#shell.wake(at => ({ type: 'clock.struck', at }))
  }
}

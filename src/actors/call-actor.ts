/** One provider leg. What the carrier says of it, in order; what we want of it, at most or at least once. */
import { DurableObject } from 'cloudflare:workers'
import { call } from '../core/call/call.ts'
import type {
  CallEffect,
  CallFact,
  CallInput,
  CallLinks,
  CallParty,
  CallState,
  PlaceOptions,
} from '../core/call/state.ts'
import { carryOut } from './call-performer.ts'
import type { Env } from './env.ts'
import { logFeed } from './feeds.ts'
import { workspaceOf } from './ids.ts'
import { Shell } from './shell/shell.ts'

export class CallActor extends DurableObject<Env> {
  readonly #callId: string
  readonly #shell: Shell<CallState, CallInput, CallFact, CallEffect>

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#callId = ctx.id.name ?? ''
    const perform = carryOut(env, this.#callId, () => this.#shell.state)
    this.#shell = new Shell(ctx, {
      machine: call,
      laneOf: effect => (effect.type.startsWith('tell-') ? effect.type : 'carrier'),
      performer: perform,
      feedOf: name => (name === 'log' ? logFeed(env, workspaceOf(this.#callId), this.#callId) : null),
    })
  }

  /** The batch (or a route) wants this person called. Idempotent: a call is created once. */
  async request(links: CallLinks, party: CallParty, options: PlaceOptions): Promise<void> {
    this.#shell.outbox.addFeed('log')
    this.#shell.commit({ type: 'call.requested', at: Date.now(), links, party, options })
  }

  /** The carrier brought it. */
  async receive(links: CallLinks, party: CallParty, providerId: string): Promise<void> {
    this.#shell.outbox.addFeed('log')
    this.#shell.commit({ type: 'call.received', at: Date.now(), links, party, providerId })
  }

  /** `inputId` makes a repeated delivery a no-op. False: no such call. */
  async deliver(input: CallInput, inputId: string | null): Promise<boolean> {
    if (this.#shell.state.phase === 'empty') return false
    this.#shell.commit(input, inputId)
    return true
  }

  /** Several words of one sender, in order. */
  async deliverAll(words: { input: CallInput; inputId: string | null }[]): Promise<boolean> {
    if (this.#shell.state.phase === 'empty') return false
    this.#shell.ledger.commitAll(words)
    return true
  }

  async read(): Promise<CallState> {
    return this.#shell.state
  }

  override async alarm(): Promise<void> {
    await this.#shell.wake(at => ({ type: 'clock.struck', at }))
  }
}

/** One leg at the carrier: its reports are put in order, and its requests to the carrier go out by the outbox. */

import { DurableObject } from 'cloudflare:workers'
import { call } from '../../core/call/call.ts'
import { shownRecording } from '../../core/call/control/control.ts'
import type { NoControl } from '../../core/call/control/state.ts'
import type { KnownCall } from '../../core/call/flow/pages.ts'
import {
  type CallEffect,
  type CallFact,
  type CallInput,
  type CallState,
  type DialEnd,
  laneOf,
} from '../../core/call/state.ts'
import type { TalkOrder } from '../../core/call/talk/talk.ts'
import type { Instructions } from '../../core/instruction/instruction.ts'
import type { FlowToRun } from '../books.ts'
import type { CallContract, CallDocument, ControlOrder, FinishedStep, Incoming, Placed, Route } from '../contracts.ts'
import type { Env } from '../env.ts'
import { logFeed } from '../feeds.ts'
import { neighboursOf } from '../neighbours.ts'
import { Arrivals } from '../shell/arrivals.ts'
import { platformOf } from '../shell/platform.ts'
import { Shell } from '../shell/shell.ts'
import { type Viewers, viewersOf } from '../shell/viewers.ts'
import { orderOf, whyNot } from './control-order.ts'
import { entriesOf, placedOf, readDocument } from './documents.ts'
import { maskedBy, shownCall } from './flow-mask.ts'
import { carryOut } from './performer.ts'
import { Replies } from './replies.ts'
import { CallSockets } from './sockets.ts'
import { Conversation } from './voice/conversation.ts'

export class CallActor extends DurableObject<Env> implements CallContract {
  readonly #callId: string
  readonly #conversation: Conversation
  readonly #door: CallSockets
  readonly #replies: Replies
  readonly #arrivals = new Arrivals()
  readonly #viewers: Viewers
  readonly #shell: Shell<CallState, CallInput, CallFact, CallEffect>

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const near = neighboursOf(env)
    const platform = platformOf(ctx)
    this.#callId = ctx.id.name ?? ''
    this.#viewers = viewersOf(near, platform, this.#callId, () => shownRecording(this.#shell.state))
    this.#conversation = new Conversation({
      env,
      callId: this.#callId,
      state: () => this.#shell.state,
      commit: input => this.#shell.commit(input),
      entries: () => entriesOf(this.#shell.journal, this.#callId),
    })
    const log = () => readDocument('log', this.#callId, this.#shell, this.#conversation)
    const perform = carryOut(near, this.#callId, () => this.#shell.state, log)
    this.#shell = new Shell(platform, {
      machine: call,
      laneOf,
      performer: perform,
      committed: facts => {
        this.#conversation.committed(facts)
        this.#arrivals.look()
        this.#viewers.changed()
      },
      feedOf: name => (name === 'log' ? logFeed(near, call, this.#callId, () => maskedBy(this.#shell.state)) : null),
    })
    this.#replies = new Replies(env, this.#callId, this.#shell, this.#arrivals)
    this.#door = new CallSockets(env, this.#callId, this.#shell, this.#conversation)
  }

  /** The carrier's sound, or a screen that follows the conversation; the Worker has let it in. */
  override async fetch(request: Request): Promise<Response> {
    return this.#door.open(request)
  }

  async ring(incoming: Incoming, route: Route): Promise<Instructions> {
    this.#shell.outbox.addFeed('log')
    return this.#replies.ring(incoming, route)
  }
  async answer(providerId: string): Promise<Instructions> {
    return this.#replies.answer(providerId)
  }
  async stepDone(step: FinishedStep): Promise<Instructions> {
    return this.#replies.says(step)
  }
  async converse(order: TalkOrder, providerId: string): Promise<Instructions> {
    this.#shell.commit({ type: 'talk.ordered', at: this.#shell.now(), order })
    return this.#replies.answer(providerId)
  }
  async runFlow(flow: FlowToRun, providerId: string): Promise<Instructions> {
    return this.#replies.runFlow(flow, providerId)
  }
  async dialEnded(providerId: string, end: DialEnd): Promise<Instructions> {
    return this.#replies.dialEnded(providerId, end)
  }

  /** The conversation in one of its forms; null when the call has no such document. */
  async document(what: CallDocument): Promise<string | null> {
    return readDocument(what, this.#callId, this.#shell, this.#conversation)
  }

  /** The carrier's answer to the create, or the state of the call after `withinMs`. */
  async placed(withinMs: number): Promise<Placed> {
    await this.#arrivals.until(() => placedOf(this.#shell.state) !== null, withinMs)
    return placedOf(this.#shell.state) ?? { providerId: null, status: 'dialing' }
  }

  /** Goes to the model, not to the caller. False: there is no conversation now. */
  async whisper(text: string, by: string): Promise<boolean> {
    return this.#conversation.whisper(text, by)
  }

  /** The caller's words, typed. False: no trial of an AI agent runs here now. */
  async say(text: string): Promise<boolean> {
    return this.#conversation.say(text)
  }

  /** The batch (or a route) wants this person called. Idempotent: a call is created once. */
  async request(
    ...[links, party, options, talk = null, flow = null, consult = null]: Parameters<CallContract['request']>
  ): Promise<boolean> {
    this.#shell.outbox.addFeed('log')
    return this.#replies.request({ links, party, options, talk }, flow, consult)
  }

  /** `inputId` makes a repeated delivery a no-op. False: there is no such call. */
  async deliver(input: CallInput, inputId: string | null): Promise<boolean> {
    if (this.#shell.state.call.phase === 'empty') return false
    return !this.#shell.commit(input, inputId)?.refused
  }

  /** Commits several inputs of one sender, in order. */
  async deliverAll(words: { input: CallInput; inputId: string | null }[]): Promise<boolean> {
    if (this.#shell.state.call.phase === 'empty') return false
    this.#shell.journal.commitAll(words)
    return true
  }

  async control(order: ControlOrder): Promise<NoControl | null> {
    const { state } = this.#shell
    const why = whyNot(state, order)
    // What has begun can be ended whatever became of the call meanwhile: there is nothing left to end then.
    if (why !== null && !(order.do === 'pause' && !order.on)) return why
    this.#shell.commit(orderOf(order, this.#shell.now()))
    return null
  }

  async read(viewer?: string): Promise<KnownCall> {
    this.#viewers.keep(viewer)
    return shownCall(this.#shell.state)
  }

  async inspect() {
    return this.#shell.inspect()
  }

  override async alarm(): Promise<void> {
    await this.#shell.wake(at => ({ type: 'clock.struck', at }))
  }
}

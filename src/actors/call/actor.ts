/** One leg at the carrier: its reports are put in order, and its requests to the carrier go out by the outbox. */
import { DurableObject } from 'cloudflare:workers'
import { call } from '../../core/call/call.ts'
import { instructionsFor, type Spoken } from '../../core/call/instruction.ts'
import {
  type CallEffect,
  type CallFact,
  type CallInput,
  type CallLinks,
  type CallParty,
  type CallState,
  type DialEnd,
  laneOf,
  type PlaceOptions,
} from '../../core/call/state.ts'
import type { TalkOrder } from '../../core/call/talk/talk.ts'
import { workspaceOf } from '../../core/ids.ts'
import type { Instructions } from '../../core/instruction/instruction.ts'
import type { CallContract, CallDocument, Incoming, Placed, Route } from '../contracts.ts'
import type { Env } from '../env.ts'
import { logFeed } from '../feeds.ts'
import { neighboursOf } from '../neighbours.ts'
import { safeHarbourOf, voicemailOf } from '../seller.ts'
import { Arrivals } from '../shell/arrivals.ts'
import { platformOf } from '../shell/platform.ts'
import { Shell } from '../shell/shell.ts'
import { entriesOf, placedOf, readDocument } from './documents.ts'
import { received } from './incoming.ts'
import { carryOut } from './performer.ts'
import { CallSockets } from './sockets.ts'
import { apologyOf } from './voice/agent-of-call.ts'
import { Conversation } from './voice/conversation.ts'

export class CallActor extends DurableObject<Env> implements CallContract {
  readonly #callId: string
  readonly #conversation: Conversation
  readonly #door: CallSockets
  readonly #arrivals = new Arrivals()
  readonly #shell: Shell<CallState, CallInput, CallFact, CallEffect>

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const near = neighboursOf(env)
    this.#callId = ctx.id.name ?? ''
    this.#conversation = new Conversation({
      env,
      callId: this.#callId,
      state: () => this.#shell.state,
      commit: input => this.#shell.commit(input),
      entries: () => entriesOf(this.#shell.journal, this.#callId),
    })
    const log = () => readDocument('log', this.#callId, this.#shell, this.#conversation)
    const perform = carryOut(near, this.#callId, () => this.#shell.state, log)
    this.#shell = new Shell(platformOf(ctx), {
      machine: call,
      laneOf,
      performer: perform,
      committed: facts => {
        this.#conversation.committed(facts)
        this.#arrivals.look()
      },
      feedOf: name => (name === 'log' ? logFeed(near, call, this.#callId) : null),
    })
    this.#door = new CallSockets(env, this.#callId, this.#shell, this.#conversation)
  }

  /** The carrier's sound, or a screen that follows the conversation; the Worker has let it in. */
  override async fetch(request: Request): Promise<Response> {
    return this.#door.open(request)
  }

  async ring(incoming: Incoming, route: Route): Promise<Instructions> {
    this.#shell.outbox.addFeed('log')
    this.#shell.commit(received(neighboursOf(this.env), this.#callId, incoming, route))
    // A talk begins with the webhook itself; a person's call is answered when a phone is taken up.
    if (route.to === 'agent')
      this.#shell.commit({ type: 'call.answer-seen', at: this.#shell.now(), providerId: incoming.providerId })
    return this.#instructions()
  }

  async answer(providerId: string): Promise<Instructions> {
    this.#shell.commit({ type: 'call.answer-seen', at: this.#shell.now(), providerId })
    return this.#instructions()
  }

  async converse(order: TalkOrder, providerId: string): Promise<Instructions> {
    this.#shell.commit({ type: 'talk.ordered', at: this.#shell.now(), order })
    return this.answer(providerId)
  }

  async dialEnded(providerId: string, end: DialEnd): Promise<Instructions> {
    const at = this.#shell.now()
    if (this.#shell.state.talk !== null)
      this.#shell.commit({ type: 'talk.dial-ended', at, reached: end.status === 'completed' })
    else this.#shell.commit({ type: 'call.dial-ended', at, providerId, end })
    return this.#instructions()
  }

  /** Projects the stored state. Sentences that are not in the state are fetched only when this answer says them. */
  async #instructions(): Promise<Instructions> {
    const { state } = this.#shell
    const spoken: Spoken = { safeHarbour: [], voicemail: [], apology: '' }
    const said = instructionsFor(state, this.#callId, spoken)
    if (said === spoken.safeHarbour) return safeHarbourOf(neighboursOf(this.env), workspaceOf(this.#callId))
    if (said === spoken.voicemail) return voicemailOf(neighboursOf(this.env), workspaceOf(this.#callId))
    const [first] = said
    if (first?.kind !== 'say' || state.talk === null) return said
    const apology = await apologyOf(neighboursOf(this.env), this.#callId, state.talk)
    return instructionsFor(state, this.#callId, { ...spoken, apology })
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
    links: CallLinks,
    party: CallParty,
    options: PlaceOptions,
    talk: TalkOrder | null = null,
  ): Promise<boolean> {
    this.#shell.outbox.addFeed('log')
    const requested = { type: 'call.requested' as const, at: this.#shell.now(), links, party, options, talk }
    return !this.#shell.commit(requested)?.refused
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

  async read(): Promise<CallState> {
    return this.#shell.state
  }

  override async alarm(): Promise<void> {
    await this.#shell.wake(at => ({ type: 'clock.struck', at }))
  }
}

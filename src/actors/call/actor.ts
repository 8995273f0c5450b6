/** One provider leg. What the carrier says of it, in order; what we want of it, at most or at least once. */
import { DurableObject } from 'cloudflare:workers'
import { call } from '../../core/call/call.ts'
import { type CallInstruction, instructionFor } from '../../core/call/instruction.ts'
import type {
  CallEffect,
  CallFact,
  CallInput,
  CallLinks,
  CallParty,
  CallState,
  PlaceOptions,
} from '../../core/call/state.ts'
import type { TalkOrder } from '../../core/call/talk.ts'
import type { CallContract, CallDocument, Placed } from '../contracts.ts'
import type { Env } from '../env.ts'
import { logFeed } from '../feeds.ts'
import { workspaceOf } from '../ids.ts'
import { Arrivals } from '../shell/arrivals.ts'
import { Shell } from '../shell/shell.ts'
import { entriesOf, placedOf, readDocument } from './documents.ts'
import { carryOut } from './performer.ts'
import { CallSockets } from './sockets.ts'
import { Conversation } from './voice/conversation.ts'

export class CallActor extends DurableObject<Env> implements CallContract {
  readonly #callId: string
  readonly #conversation: Conversation
  readonly #door: CallSockets
  readonly #arrivals = new Arrivals()
  readonly #shell: Shell<CallState, CallInput, CallFact, CallEffect>

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#callId = ctx.id.name ?? ''
    this.#conversation = new Conversation({
      env,
      callId: this.#callId,
      state: () => this.#shell.state,
      commit: input => this.#shell.commit(input),
      entries: () => entriesOf(this.#shell.journal),
    })
    const log = () => readDocument('log', this.#callId, this.#shell, this.#conversation)
    const perform = carryOut(env, this.#callId, () => this.#shell.state, log)
    this.#shell = new Shell(ctx, {
      machine: call,
      laneOf: effect => (effect.type.startsWith('tell-') ? effect.type : 'carrier'),
      performer: perform,
      committed: facts => {
        this.#conversation.committed(facts)
        this.#arrivals.look()
      },
      feedOf: name => (name === 'log' ? logFeed(env, workspaceOf(this.#callId), this.#callId) : null),
    })
    this.#door = new CallSockets(env, this.#callId, this.#shell, this.#conversation)
  }

  /** The carrier's sound, or a screen that follows the conversation; the Worker has let it in. */
  override async fetch(request: Request): Promise<Response> {
    return this.#door.open(request)
  }

  /** What the carrier is to do now. The same however often it asks. */
  async answer(providerId: string): Promise<CallInstruction> {
    this.#shell.commit({ type: 'answer.seen', at: Date.now(), providerId })
    return instructionFor(this.#shell.state)
  }

  /** What was said, in one of its forms; null: there is no such thing. */
  async document(what: CallDocument): Promise<string | null> {
    return readDocument(what, this.#callId, this.#shell, this.#conversation)
  }

  /** The carrier's word about the create, or what there is after so long. */
  async placed(withinMs: number): Promise<Placed> {
    await this.#arrivals.until(() => placedOf(this.#shell.state) !== null, withinMs)
    return placedOf(this.#shell.state) ?? { callSid: null, status: 'dialing' }
  }

  /** To the model, not to the caller. False: nobody converses here now. */
  async whisper(text: string, by: string): Promise<boolean> {
    return this.#conversation.whisper(text, by)
  }

  /** The caller's words, typed. False: nobody tries an agent here now. */
  async say(text: string): Promise<boolean> {
    return this.#conversation.say(text)
  }

  /** The batch (or a route) wants this person called. Idempotent: a call is created once. */
  async request(
    links: CallLinks,
    party: CallParty,
    options: PlaceOptions,
    talk: TalkOrder | null = null,
  ): Promise<void> {
    this.#shell.outbox.addFeed('log')
    this.#shell.commit({ type: 'call.requested', at: Date.now(), links, party, options, talk })
  }

  /** The carrier brought it. */
  async receive(links: CallLinks, party: CallParty, providerId: string, talk: TalkOrder | null = null): Promise<void> {
    this.#shell.outbox.addFeed('log')
    this.#shell.commit({ type: 'call.received', at: Date.now(), links, party, providerId, talk })
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

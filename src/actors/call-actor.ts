/** One provider leg. What the carrier says of it, in order; what we want of it, at most or at least once. */
import { DurableObject } from 'cloudflare:workers'
import { call } from '../core/call/call.ts'
import { type CallInstruction, instructionFor } from '../core/call/instruction.ts'
import type {
  CallEffect,
  CallFact,
  CallInput,
  CallLinks,
  CallParty,
  CallState,
  PlaceOptions,
} from '../core/call/state.ts'
import type { TalkOrder } from '../core/call/talk.ts'
import { accountOf } from '../providers/registry.ts'
import type { ConversationEntry, Conversation as ConversationView } from '../wire/conversation.ts'
import { carryOut } from './call-performer.ts'
import type { Env } from './env.ts'
import { logFeed } from './feeds.ts'
import { workspaceOf } from './ids.ts'
import { Arrivals } from './shell/arrivals.ts'
import { Shell } from './shell/shell.ts'
import { mediaToken } from './urls.ts'
import { Conversation } from './voice/conversation.ts'
import { entriesOf, lastSummary, logText, readyRecording, viewOf } from './voice/entries.ts'

export class CallActor extends DurableObject<Env> {
  readonly #callId: string
  readonly #conversation: Conversation
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
      entries: () => this.#entries(),
    })
    const perform = carryOut(env, this.#callId, () => this.#shell.state)
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
  }

  /** The carrier's sound (`/media/:token`), or a screen that follows the conversation (`/watch`); the Worker has let it in. */
  override async fetch(request: Request): Promise<Response> {
    if (request.headers.get('Upgrade') !== 'websocket') return new Response('expected a WebSocket', { status: 426 })
    const [, way = '', token = ''] = new URL(request.url).pathname.split('/')
    if (way === 'watch')
      return (
        this.#conversation.watchers.accept({ type: 'conversation', conversation: this.#view() }) ??
        new Response('too many are watching', { status: 503 })
      )
    return this.#connect(token)
  }

  /** The token opens line number `stream` once: it is spent before the socket is there. */
  async #connect(token: string): Promise<Response> {
    const stream = this.#stream
    const account = await accountOf(this.env, workspaceOf(this.#callId))
    const wanted = account && stream !== null ? await mediaToken(account.authToken, this.#callId, stream) : null
    if (stream === null || wanted === null || token !== wanted) return this.#refuseStream()
    this.#shell.commit({ type: 'talk.line-opened', at: Date.now(), stream })
    if (this.#stream !== stream + 1) return this.#refuseStream()
    return this.#conversation.connect(stream)
  }

  #refuseStream(): Response {
    if (this.#stream !== null)
      this.#shell.commit({ type: 'talk.noted', at: Date.now(), word: 'stream-refused', data: {} })
    return new Response('this line is not expected', { status: 403 })
  }

  /** The line that may connect next; null: no AI agent has this call. */
  get #stream(): number | null {
    const { state } = this.#shell
    return state.phase === 'live' && state.talk?.next.to === 'agent' ? state.talk.stream : null
  }

  /** What the carrier is to do now. The same however often it asks. */
  async answer(providerId: string): Promise<CallInstruction> {
    this.#shell.commit({ type: 'answer.seen', at: Date.now(), providerId })
    return instructionFor(this.#shell.state)
  }

  /** As JSON: what tools and providers noted has no fixed shape, which typed RPC cannot carry. Null: no such call. */
  async conversation(): Promise<string | null> {
    return this.#shell.state.phase === 'empty' ? null : JSON.stringify(this.#view())
  }

  /** The seed's text form; null: no such call. */
  async logText(): Promise<string | null> {
    const { state } = this.#shell
    return state.phase === 'empty' ? null : logText(state.providerId ?? this.#callId, this.#entries())
  }

  /** The carrier's word about the create, or what there is after so long. */
  async placed(withinMs: number): Promise<{ callSid: string | null; status: string }> {
    await this.#arrivals.until(() => placedOf(this.#shell.state) !== null, withinMs)
    return placedOf(this.#shell.state) ?? { callSid: null, status: 'dialing' }
  }

  #view(): ConversationView {
    return viewOf(this.#callId, this.#shell.state, this.#conversation, this.#entries())
  }

  /** The carrier's id of the recording that is ready to be heard. */
  async lastRecording(): Promise<string | null> {
    return readyRecording(this.#shell.ledger)
  }

  /** What the colleague hears who takes this call over. */
  async transferSummary(): Promise<string> {
    return lastSummary(this.#shell.ledger)
  }

  /** To the model, not to the caller. False: nobody converses here now. */
  async whisper(text: string, by: string): Promise<boolean> {
    return this.#conversation.whisper(text, by)
  }

  /** The caller's words, typed. False: nobody tries an agent here now. */
  async say(text: string): Promise<boolean> {
    return this.#conversation.say(text)
  }

  #entries(): ConversationEntry[] {
    return entriesOf(this.#shell.ledger)
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

/** Null: the carrier has not said anything about the create yet. */
function placedOf(state: CallState): { callSid: string | null; status: string } | null {
  if (state.phase === 'over') return { callSid: state.providerId, status: 'hangup' }
  return state.phase === 'live' && state.providerId !== null
    ? { callSid: state.providerId, status: state.status }
    : null
}

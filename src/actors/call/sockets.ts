/**
 * Sockets of a call: `/media/:token` is the carrier's sound, `/watch` a screen that follows the conversation, `/listen` a page that plays the
 * sound of an AI agent's conversation, `/media` a program that gets the sound of any call.
 */

import { isAgents } from '../../core/call/instruction.ts'
import type { CallEffect, CallFact, CallInput, CallState } from '../../core/call/state.ts'
import { workspaceOf } from '../../core/ids.ts'
import { carrierOf, telephonyOf } from '../../providers/registry.ts'
import type { Env } from '../env.ts'
import type { Shell } from '../shell/shell.ts'
import { type SocketSignIn, signInOf } from '../sign-in.ts'
import { conversationOf } from './documents.ts'
import type { Conversation } from './voice/conversation.ts'
import { MediaForm } from './voice/media-form.ts'

type CallShell = Shell<CallState, CallInput, CallFact, CallEffect>

export class CallSockets {
  readonly #env: Env
  readonly #callId: string
  readonly #shell: CallShell
  readonly #conversation: Conversation

  constructor(env: Env, callId: string, shell: CallShell, conversation: Conversation) {
    this.#env = env
    this.#callId = callId
    this.#shell = shell
    this.#conversation = conversation
  }

  async open(request: Request): Promise<Response> {
    if (request.headers.get('Upgrade') !== 'websocket') return new Response('expected a WebSocket', { status: 426 })
    const url = new URL(request.url)
    const [, way = '', token = ''] = url.pathname.split('/')
    const by = url.searchParams.get('by') ?? ''
    if (way === 'listen') return this.#listen(signInOf(request), by)
    if (way === 'media' && token === '') return this.#copy(signInOf(request), by)
    return way === 'watch' ? this.#watch(signInOf(request)) : this.#connect(token)
  }

  #watch(signIn: SocketSignIn | null): Response {
    const conversation = conversationOf(this.#callId, this.#shell, this.#conversation)
    const accepted = this.#conversation.watchers.accept({ type: 'conversation', conversation }, signIn)
    // A watcher who comes after the end is told that it is over.
    if (this.#shell.state.call.phase === 'over') this.#conversation.watchers.end()
    return accepted ?? new Response('too many are watching', { status: 429 })
  }

  /** The sound of both sides of an AI agent's conversation, while it passes. */
  #listen(signIn: SocketSignIn | null, by: string): Response {
    if (signIn === null || !this.#conversation.live)
      return new Response('no AI agent talks on this call now', { status: 409 })
    return this.#accept(signIn, by, null)
  }

  /** The sound of any call, for a program: that of an AI agent's conversation comes to us already, of every other call the carrier sends a copy. */
  #copy(signIn: SocketSignIn | null, by: string): Response {
    const state = this.#shell.state
    const { live, copy } = this.#conversation
    const refused = (words: string) => new Response(words, { status: 409 })
    if (signIn === null || state.call.phase !== 'live') return refused('This call is over.')
    const ours = isAgents(state) && state.talk?.driver !== 'relay'
    if (ours && !live) return refused('The sound of this call has not begun, or is over. Try again in a moment.')
    if (!ours && state.call.answeredAt === null) return refused('Nobody has answered this call yet.')
    const accepted = this.#accept(signIn, by, new MediaForm(this.#callId, Date.now()))
    if (accepted.status === 101 && !ours) copy.begin()
    return accepted
  }

  #accept(signIn: SocketSignIn, by: string, form: MediaForm | null): Response {
    return this.#conversation.listeners.accept(signIn, by, form) ?? new Response('too many listen', { status: 429 })
  }

  /** The token opens stream number `stream` once: it is spent before the socket is there. */
  async #connect(token: string): Promise<Response> {
    if (await this.#conversation.copy.expects(token)) return this.#conversation.copy.connect()
    const stream = this.#stream
    const telephony = await telephonyOf(this.#env, workspaceOf(this.#callId))
    const wanted = telephony && stream !== null ? await telephony.streamToken(this.#callId, stream) : null
    if (telephony === null || stream === null || token !== wanted) return this.#refuse()
    this.#shell.commit({ type: 'talk.stream-opened', at: this.#shell.now(), stream })
    // Another socket may have come in while the token was being computed.
    return this.#stream === stream + 1
      ? this.#conversation.connect(stream, carrierOf(telephony.account))
      : this.#refuse()
  }

  #refuse(): Response {
    if (this.#stream !== null)
      this.#shell.commit({ type: 'talk.noted', at: this.#shell.now(), word: 'stream-refused', data: {} })
    return new Response('this stream is not expected', { status: 403 })
  }

  /** The stream that may connect next; null: no AI agent has this call. */
  get #stream(): number | null {
    const { call, talk } = this.#shell.state
    return call.phase === 'live' && talk?.next.to === 'agent' ? talk.stream : null
  }
}

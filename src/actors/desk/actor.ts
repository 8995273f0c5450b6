/** One agent: sockets, presence, the open line, the seat, the screen. */
import { DurableObject } from 'cloudflare:workers'
import type { BatchFact } from '../../core/batch/state.ts'
import { refusalOf } from '../../core/desk/allowed.ts'
import { laneOf } from '../../core/desk/debts.ts'
import { desk, lineBelongs, viewOf } from '../../core/desk/desk.ts'
import type { DeskEffect, DeskFactOf, DeskInput, DeskState } from '../../core/desk/state.ts'
import type { DeskView, Reason } from '../../core/desk/view.ts'
import type { Instructions } from '../../core/instruction/instruction.ts'
import type { RoomFact } from '../../core/room/state.ts'
import { ACK_WINDOW_BYTES, type DeskMessage } from '../../wire/desk.ts'
import type { DeskContract, DeskLeave } from '../contracts.ts'
import type { Env } from '../env.ts'
import { logFeed } from '../feeds.ts'
import { type Neighbours, neighboursOf } from '../neighbours.ts'
import type { HandRound, PersonToDial } from '../people.ts'
import { platformOf } from '../shell/platform.ts'
import { Shell, type StoredFact } from '../shell/shell.ts'
import { Pace, Sockets } from '../shell/sockets.ts'
import { type Viewers, viewersOf } from '../shell/viewers.ts'
import { signInOf } from '../sign-in.ts'
import { type Answer, accepted, answerCommand, refused, sessionInput, unknownCampaign } from './commands.ts'
import { dialPeople } from './hand-round.ts'
import { answerPage, pageLeft } from './page.ts'
import { carryOut } from './performer.ts'
import { namesUnknownCampaign, permissionOf } from './permission.ts'
import { inboxNews, liveNews, screenOf, shownToOthers } from './screen.ts'
import { handTo, whyNotHere } from './taken-over.ts'

export class DeskActor extends DurableObject<Env> implements DeskContract {
  readonly #deskId: string
  readonly #near: Neighbours
  readonly #pace = new Pace()
  readonly #shell: Shell<DeskState, DeskInput, DeskFactOf, DeskEffect>
  readonly #sockets: Sockets
  readonly #viewers: Viewers

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const near = neighboursOf(env)
    this.#near = near
    this.#deskId = ctx.id.name ?? ''
    this.#sockets = new Sockets(ctx, ACK_WINDOW_BYTES)
    const platform = platformOf(ctx)
    this.#viewers = viewersOf(near, platform, this.#deskId, () => shownToOthers(this.#shell, this.#sockets.any))
    this.#shell = new Shell(platform, {
      machine: desk,
      laneOf,
      performer: carryOut(near, this.#deskId, () => this.#shell.state),
      committed: facts => {
        this.#sockets.broadcast(screenOf(this.#shell, facts), this.#shell.journal.seq)
        this.#viewers.changed()
      },
      feedOf: name => (name === 'log' ? logFeed(near, desk, this.#deskId) : null),
    })
  }

  /** Sets the agent of this desk from their session. Every request of the agent calls it; a change of name or role is a fact. */
  async open(agent: DeskView['agent']): Promise<void> {
    this.#shell.outbox.addFeed('log')
    this.#shell.commit({ type: 'desk.opened', at: this.#shell.now(), agent })
  }

  async deliver(input: DeskInput, inputId: string | null): Promise<boolean> {
    // An agent may belong to a queue before they have ever signed in.
    if (!this.#shell.state.agent && input.type !== 'queue.joined') return false
    return !this.#shell.commit(input, inputId)?.refused
  }

  async hearBatch(batchId: string, facts: StoredFact<BatchFact>[]): Promise<void> {
    const at = this.#shell.now()
    this.#shell.hear(batchId, facts, fresh => ({ type: 'batch.reported', at, batchId, facts: fresh }))
  }

  async hearRoom(room: string, facts: StoredFact<RoomFact>[]): Promise<void> {
    const at = this.#shell.now()
    this.#shell.hear(room, facts, fresh => ({ type: 'room.reported', at, room, facts: fresh }))
  }

  /** The agent's phone opens its line; null: nobody has signed in here. */
  async openLine(providerId: string): Promise<Instructions | null> {
    if (!this.#shell.state.agent) return null
    this.#shell.commit({ type: 'line.requested', at: this.#shell.now(), providerId })
    return lineBelongs(this.#shell.state)
  }

  /** The carrier asks where this line belongs now; null: it is no line of this desk any more. */
  async lineAsks(callId: string): Promise<Instructions | null> {
    return this.#shell.state.line.callId === callId ? lineBelongs(this.#shell.state) : null
  }

  async view(viewer?: string): Promise<DeskView | null> {
    this.#viewers.keep(viewer)
    return viewOf(this.#shell.state, this.#shell.now(), this.#sockets.any)
  }

  async queues(): Promise<string[]> {
    return [...(this.#shell.state.queues ?? [])]
  }
  /** Nothing is stored: a screen that opens later asks for the inbox by itself. */
  async inboxChanged(): Promise<void> {
    this.#sockets.broadcast(inboxNews(this.#shell.now()), this.#shell.journal.seq)
  }

  async liveChanged(of: string): Promise<boolean> {
    return this.#sockets.tellLooking(liveNews(this.#shell.now(), of))
  }

  /** The same commands over HTTP, for API clients (seed routes). */
  async command(text: string): Promise<DeskMessage> {
    if (!this.#pace.admits(this.#shell.now())) return refused('', 'too-fast')
    const answer = await this.#answer(text)
    return answer.type === 'hello' || answer.type === 'ack' || answer.type === 'look' ? accepted('') : answer
  }

  async dialPeople(people: PersonToDial[]): Promise<HandRound> {
    return dialPeople(this.#deskId, this.#shell, people, permissionOf(this.#near, this.#deskId))
  }

  async handTo(callId: string, deskId: string): Promise<Reason | null> {
    return handTo(this.#shell, callId, deskId)
  }
  async whyNotTaking(): Promise<string | null> {
    return whyNotHere(this.#shell)
  }

  async #answer(text: string): Promise<Answer> {
    if (await namesUnknownCampaign(this.#near, this.#deskId, text)) return unknownCampaign(text)
    return answerCommand(this.#deskId, this.#shell, text, permissionOf(this.#near, this.#deskId))
  }

  override async fetch(request: Request): Promise<Response> {
    if (request.headers.get('Upgrade') !== 'websocket') return new Response('expected a WebSocket', { status: 426 })
    const upgrade = this.#sockets.accept(signInOf(request))
    this.#viewers.changed()
    return upgrade
  }

  /** Sign-ins have ended. Live calls go on; whoever comes back signs in first. */
  async leave({ sessions, forGood }: DeskLeave): Promise<void> {
    for (const socket of this.#sockets.signOut(sessions)) this.#left(socket)
    const stop = sessionInput('stop', this.#shell.state)
    if (forGood && refusalOf(this.#shell.state, stop) === null) this.#shell.commit({ ...stop, at: this.#shell.now() })
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    if (typeof data !== 'string') return this.#sockets.close(socket, 1003, 'text only')
    if (!this.#sockets.admits(socket, this.#shell.now())) return
    answerPage(this.#shell, this.#sockets, socket, await this.#answer(data))
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    this.#left(socket)
  }
  override async webSocketError(socket: WebSocket): Promise<void> {
    this.#left(socket)
  }

  #left(socket: WebSocket): void {
    this.#viewers.changed()
    pageLeft(this.#shell, this.#sockets, socket)
  }
  async inspect() {
    return this.#shell.inspect()
  }
  override async alarm(): Promise<void> {
    await this.#shell.wake(at => ({ type: 'clock.struck', at }))
  }
}

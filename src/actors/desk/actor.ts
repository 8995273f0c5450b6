/** One agent: sockets, presence, the open line, the seat, the screen. */
import { DurableObject } from 'cloudflare:workers'
import type { BatchFact } from '../../core/batch/state.ts'
import { refusalOf } from '../../core/desk/allowed.ts'
import { desk, viewOf } from '../../core/desk/desk.ts'
import {
  type DeskEffect,
  type DeskFactOf,
  type DeskInput,
  type DeskState,
  laneOf,
  roomOf,
} from '../../core/desk/state.ts'
import type { DeskView } from '../../core/desk/view.ts'
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
import { BURST_MAX, GAP_MS, Sockets } from '../shell/sockets.ts'
import { signInOf } from '../sign-in.ts'
import { type Answer, answerCommand, refused, sessionInput, shownFact, unknownCampaign } from './commands.ts'
import { dialPeople } from './hand-round.ts'
import { carryOut } from './performer.ts'
import { namesUnknownCampaign, permissionOf } from './permission.ts'

/** A page that missed more facts than this gets the newest. */
const REPLAY_MAX = 100

export class DeskActor extends DurableObject<Env> implements DeskContract {
  readonly #deskId: string
  readonly #near: Neighbours
  /** the moment up to which commands over HTTP are used up */
  #busyUntilMs = 0
  readonly #shell: Shell<DeskState, DeskInput, DeskFactOf, DeskEffect>
  readonly #sockets: Sockets

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const near = neighboursOf(env)
    this.#near = near
    this.#deskId = ctx.id.name ?? ''
    this.#sockets = new Sockets(ctx, ACK_WINDOW_BYTES)
    this.#shell = new Shell(platformOf(ctx), {
      machine: desk,
      laneOf,
      performer: carryOut(near, this.#deskId, () => this.#shell.state),
      committed: facts => this.#sockets.broadcast(this.#message(facts), this.#shell.journal.seq),
      feedOf: name => (name === 'log' ? logFeed(near, desk, this.#deskId) : null),
    })
  }

  /** Sets the agent of this desk from their session. Every request of the agent calls it; a change of name or role is a fact. */
  async open(agent: DeskView['agent']): Promise<void> {
    this.#shell.outbox.addFeed('log')
    this.#shell.commit({ type: 'desk.opened', at: this.#shell.now(), agent })
  }

  async deliver(input: DeskInput, inputId: string | null): Promise<boolean> {
    if (!this.#shell.state.agent) return false
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
    const { state } = this.#shell
    return [{ kind: 'join-room', room: roomOf(state), callId: state.line.callId ?? '', role: 'agent' }]
  }

  async view(): Promise<DeskView | null> {
    return viewOf(this.#shell.state, this.#shell.now(), this.#sockets.count > 0)
  }

  /** The same commands over HTTP, for API clients (seed routes). */
  async command(text: string): Promise<DeskMessage> {
    const now = this.#shell.now()
    this.#busyUntilMs = Math.max(this.#busyUntilMs, now) + GAP_MS
    if (this.#busyUntilMs - now > BURST_MAX * GAP_MS) return refused('', 'too-fast')
    const answer = await this.#answer(text)
    return answer.type === 'hello' || answer.type === 'ack' ? { type: 'accepted', id: '' } : answer
  }

  async dialPeople(people: PersonToDial[]): Promise<HandRound> {
    return dialPeople(this.#deskId, this.#shell, people, permissionOf(this.#near, this.#deskId))
  }

  async #answer(text: string): Promise<Answer> {
    if (await namesUnknownCampaign(this.#near, this.#deskId, text)) return unknownCampaign(text)
    return answerCommand(this.#deskId, this.#shell, text, permissionOf(this.#near, this.#deskId))
  }

  override async fetch(request: Request): Promise<Response> {
    if (request.headers.get('Upgrade') !== 'websocket') return new Response('expected a WebSocket', { status: 426 })
    return this.#sockets.accept(signInOf(request))
  }

  /** Sign-ins have ended. Live calls go on; whoever comes back signs in first. */
  async leave({ sessions, forGood }: DeskLeave): Promise<void> {
    for (const socket of this.#sockets.signOut(sessions)) this.#left(socket)
    const stop = sessionInput('stop', this.#shell.state)
    if (forGood && refusalOf(this.#shell.state, stop) === null) this.#shell.commit({ ...stop, at: this.#shell.now() })
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    if (typeof data !== 'string') return this.#sockets.close(socket, 1003, 'text only')
    const { journal } = this.#shell
    if (!this.#sockets.admits(socket, this.#shell.now())) return
    const answer = await this.#answer(data)
    if (answer.type === 'hello') {
      this.#sockets.name(socket, answer.tabId)
      // The newest facts are the page's event list; a page that was reloaded asks from the beginning.
      const missed = journal.factsAfter(Math.max(answer.since, journal.seq - REPLAY_MAX), REPLAY_MAX)
      return this.#sockets.send(socket, this.#message(missed), journal.seq)
    }
    if (answer.type === 'ack') return this.#sockets.acknowledge(socket, answer.seq)
    this.#sockets.send(socket, JSON.stringify(answer), journal.seq)
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    this.#left(socket)
  }
  override async webSocketError(socket: WebSocket): Promise<void> {
    this.#left(socket)
  }

  /** The tab that owned the phone is gone: another may take it. */
  #left(socket: WebSocket): void {
    const { tabId } = this.#sockets.read(socket)
    if (tabId !== '' && tabId === this.#shell.state.phone.ownerTabId && !this.#sockets.hasTab(tabId))
      this.#shell.commit({ type: 'phone.lost', at: this.#shell.now(), tabId })
  }

  #message(facts: StoredFact<DeskFactOf>[]): string {
    const view = viewOf(this.#shell.state, this.#shell.now(), true)
    if (!view) return JSON.stringify(refused('hello', 'no-agent'))
    const shown = facts.map(shownFact)
    return JSON.stringify({ type: 'view', seq: this.#shell.journal.seq, view, facts: shown } satisfies DeskMessage)
  }

  override async alarm(): Promise<void> {
    await this.#shell.wake(at => ({ type: 'clock.struck', at }))
  }
}

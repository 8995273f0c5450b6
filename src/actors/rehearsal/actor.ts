/**
 * One run of one scenario (`src/wire/scenario.ts`). Sound lives in memory only; words are stored as they come, so that a run that
 * was lost with its object is reported as lost instead of running for ever.
 */
import { DurableObject } from 'cloudflare:workers'
import type { TalkFact } from '../../core/call/talk/talk.ts'
import { workspaceOf } from '../../core/ids.ts'
import type { Conversation } from '../../wire/conversation.ts'
import type { Rehearsal as View } from '../../wire/scenario.ts'
import { entryOf } from '../call/documents.ts'
import { Watchers } from '../call/voice/watchers.ts'
import type { RehearsalContract } from '../contracts.ts'
import type { Env } from '../env.ts'
import { signInOf, standingOf } from '../sign-in.ts'
import { stubFor } from '../stubs.ts'
import type { Rehearsal } from './rehearsal.ts'
import { type Outcome, type RehearsalOrder, RunRecord } from './run-record.ts'

/** Interval of the alarm while a run lasts: it keeps the object alive, and notices when the run was lost. */
const LOOK_MS = 10_000
/** Time for opening the providers, on top of the run's own limit. A run that is not over by then never will be. */
const GRACE_MS = 50_000
/** Wait before the workspace is told again how the run ended. */
const TELL_AGAIN_MS = 15_000
const LOST = 'The run was lost in the middle: its object was started again. Run it once more.'

export class RehearsalActor extends DurableObject<Env> implements RehearsalContract {
  readonly #record: RunRecord
  readonly #watchers: Watchers
  #held: Rehearsal | null = null
  #seq = 0
  #dueMs = Number.POSITIVE_INFINITY

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const workspaceId = workspaceOf(ctx.id.name ?? '')
    this.#watchers = new Watchers(signIns => standingOf(env.DB, workspaceId, signIns))
    this.#record = new RunRecord(ctx.storage.sql)
    if (this.#record.head?.state === 'running')
      this.#over({ state: 'broken', why: LOST, differences: [], costMicros: null })
  }

  /** `json`: a `RehearsalOrder`, as text because typed RPC cannot carry answers of tools without a fixed shape. Only the first call counts. */
  async begin(json: string): Promise<void> {
    if (this.#record.head !== null) return
    const order = JSON.parse(json) as RehearsalOrder
    this.#record.begin(order)
    this.#dueMs = Date.now() + order.scenario.atMostSeconds * 1000 + GRACE_MS
    await this.ctx.storage.setAlarm(Date.now() + LOOK_MS)
    // A webhook never needs it, so a start does not load it.
    const { Rehearsal } = await import('./rehearsal.ts')
    if (!this.#record.running) return
    const held = new Rehearsal({
      env: this.env,
      order,
      told: fact => this.#told(fact),
      interim: text => this.#watchers.tell({ type: 'interim', who: 'caller', text }),
      entries: () => this.#record.entries(),
      over: outcome => this.#over(outcome),
    })
    this.#held = held
    void held.begin()
  }

  /** The run as JSON; null: there is none. */
  async read(): Promise<string | null> {
    const { head } = this.#record
    return head === null ? null : JSON.stringify({ ...head, entries: this.#record.entries() } satisfies View)
  }

  /** Another run has replaced this one, or its scenario was deleted. */
  async forget(): Promise<void> {
    this.#held?.stop('It was stopped.')
    this.#record.forget()
    await this.ctx.storage.deleteAlarm()
    await this.ctx.storage.deleteAll()
  }

  /** A screen follows the run; the Worker has checked that it may. */
  override async fetch(request: Request): Promise<Response> {
    if (request.headers.get('Upgrade') !== 'websocket') return new Response('expected a WebSocket', { status: 426 })
    const { head } = this.#record
    if (head === null) return new Response('there is no such run', { status: 404 })
    const { agentId, version, runId: callId } = head
    const entries = this.#record.entries()
    const live = head.state === 'running'
    const conversation: Conversation = { callId, callSid: null, live, agentId, version, entries }
    const accepted = this.#watchers.accept({ type: 'conversation', conversation }, signInOf(request))
    if (!live) this.#watchers.end()
    return accepted ?? new Response('too many are watching', { status: 429 })
  }

  override async alarm(): Promise<void> {
    const { head } = this.#record
    if (head === null) return
    if (head.state === 'running' && Date.now() > this.#dueMs) this.#held?.stop('It did not end in its time.')
    else if (head.state === 'running') await this.ctx.storage.setAlarm(Date.now() + LOOK_MS)
    else if (!this.#record.reported) await this.#report()
  }

  #told(fact: TalkFact): void {
    if (this.#record.head === null) return
    this.#seq += 1
    const entry = entryOf({ seq: this.#seq, fact }, '')
    if (entry === null) return
    this.#record.add(entry)
    this.#watchers.tell({ type: 'entry', entry })
  }

  #over(outcome: Outcome): void {
    if (!this.#record.running) return
    this.#held = null
    this.#record.end(outcome, Date.now())
    this.#watchers.end()
    this.ctx.waitUntil(this.#report())
  }

  /** Tells the workspace. The alarm is set first, so that it is told again if this fails. */
  async #report(): Promise<void> {
    const { head } = this.#record
    if (head === null) return
    const { runId, state, endedMs } = head
    try {
      await this.ctx.storage.setAlarm(Date.now() + TELL_AGAIN_MS)
      await stubFor(this.env, 'workspace', workspaceOf(runId)).rehearsalEnded(runId, state, endedMs ?? Date.now())
      this.#record.markReported()
      await this.ctx.storage.deleteAlarm()
    } catch {
      // The alarm tries again.
    }
  }
}

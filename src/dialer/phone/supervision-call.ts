/** The call by which a supervisor is on an agent's conversation. It needs neither a session nor the agent's phone of this page. */
import type { Supervision, SupervisionMode } from '../../wire/supervision.ts'
import { ApiProblem } from '../api.ts'
import { Observed } from '../desk/observed.ts'
import { RefusedByServer, SideCall } from './side-call.ts'

/** Whom the supervisor listens to. */
export interface Listened {
  callId: string
  agentName: string
  personName: string
}
export interface SupervisionSnapshot {
  phase: 'idle' | 'starting' | 'on' | 'over'
  to: Listened | null
  /** as the server said last; null: it has not said anything yet */
  held: Supervision | null
  sinceMs: number | null
  /** why it failed or ended; null: there is none to show */
  trouble: string | null
}

/** The server, as this call uses it. */
export interface SupervisionServer {
  ask(callId: string, mode: SupervisionMode): Promise<Supervision>
  read(supervisionId: string): Promise<Supervision>
  change(supervisionId: string, mode: SupervisionMode): Promise<Supervision>
  stop(supervisionId: string): Promise<unknown>
}

const IDLE: SupervisionSnapshot = { phase: 'idle', to: null, held: null, sinceMs: null, trouble: null }
/** Who hears the supervisor is read this often: the carrier says it a moment after it was wanted. */
const READ_MS = 1_000

export class SupervisionCall extends Observed<SupervisionSnapshot> {
  readonly #server: SupervisionServer
  #reader: ReturnType<typeof setInterval> | null = null
  readonly #call = new SideCall('trunklineSupervisionAudio', 'The call to listen in was not answered.', {
    on: () => this.set({ phase: 'on', sinceMs: Date.now() }),
    over: trouble => this.#over(trouble),
  })

  constructor(server: SupervisionServer) {
    super(IDLE)
    this.#server = server
  }

  /** Begins, or changes what the supervisor does on the same call. It must follow a click. */
  async want(to: Listened, mode: SupervisionMode): Promise<void> {
    const { phase, held, to: now } = this.get()
    const live = phase === 'starting' || phase === 'on'
    if (live && now?.callId === to.callId) {
      if (held === null) return
      // What the last answer said is shown until the next one: nothing is painted that has not happened.
      return this.#keep(await this.#server.change(held.id, mode))
    }
    if (live) await this.stop()
    this.set({ ...IDLE, phase: 'starting', to })
    await this.#call.start(async () => {
      const made = await this.#server.ask(to.callId, mode).catch(error => {
        throw error instanceof ApiProblem ? new RefusedByServer(error.message) : error
      })
      this.#keep(made)
      this.#reader = setInterval(() => void this.#read(made.id), READ_MS)
      return { kind: 'supervision', supervisionId: made.id }
    })
  }

  /** The others talk on. */
  async stop(): Promise<void> {
    const { held } = this.get()
    this.#over(null)
    // A leg that has ended ends the supervision as well, so an answer that is lost changes nothing.
    if (held !== null) await this.#server.stop(held.id).catch(() => undefined)
  }

  /** Ends at sign-out. */
  close(): void {
    this.#call.letGo()
    this.#stopReading()
    this.set(IDLE)
  }

  async #read(id: string): Promise<void> {
    try {
      this.#keep(await this.#server.read(id))
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 404 && this.get().held?.id === id) this.#over(null)
    }
  }

  #keep(held: Supervision): void {
    const { phase, held: before } = this.get()
    if (phase === 'idle' || phase === 'over' || (before !== null && before.id !== held.id)) return
    if (JSON.stringify(before) !== JSON.stringify(held)) this.set({ held })
  }

  #over(trouble: string | null): void {
    this.#call.letGo()
    this.#stopReading()
    if (this.get().phase === 'idle') return
    this.set({ phase: 'over', held: null, trouble })
  }

  #stopReading(): void {
    if (this.#reader !== null) clearInterval(this.#reader)
    this.#reader = null
  }
}

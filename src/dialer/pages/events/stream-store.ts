/**
 * The live stream of the workspace's events, as the page shows it: the newest of those that fit the filter, and how the connection is. To pause is to leave the server with
 * the cursor in hand, so that to go on brings what happened meanwhile.
 */
import {
  type ConnectionState,
  EventConnection,
  type EventMessage,
  type Subscribe,
} from '../../../../packages/client/src/event-connection.ts'

/** So many events are kept, the newest ones. */
export const SHOWN_MAX = 200
/** The page is painted this often at most, however many events come. */
const PAINT_MS = 100

/** Empty: no matter which. */
export interface StreamFilter {
  name: string
  callId: string
}
export const EVERYTHING: StreamFilter = { name: '', callId: '' }

export interface ShownEvent {
  id: string
  type: string
  at: number
  callId: string | null
  /** the whole event, as a program gets it */
  json: string
}
export type StreamState = ConnectionState | 'paused' | 'signed-out'
export interface StreamSnapshot {
  state: StreamState
  /** the newest first */
  events: readonly ShownEvent[]
  filter: StreamFilter
  /** why the server does not send what was asked for; null: it does */
  problem: string | null
}
type Connection = Pick<EventConnection, 'cursor' | 'close' | 'done'>
export type Connect = (wanted: Subscribe) => Connection

const overSession: Connect = wanted => new EventConnection({ baseUrl: location.origin, headers: {} }, wanted)

export class StreamStore {
  readonly #connect: Connect
  readonly #listeners = new Set<() => void>()
  #connection: Connection | null = null
  #cursor: string | null = null
  #pending: ShownEvent[] = []
  #paint: ReturnType<typeof setTimeout> | null = null
  #snapshot: StreamSnapshot = { state: 'connecting', events: [], filter: EVERYTHING, problem: null }

  constructor(connect: Connect = overSession) {
    this.#connect = connect
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
  readonly snapshot = (): StreamSnapshot => this.#snapshot

  /** Connects behind the last event that was seen; the first time, from now on. */
  go(): void {
    this.#leave()
    const { filter } = this.#snapshot
    const connection = this.#connect({
      topics: [topicOf(filter)],
      cursor: this.#cursor,
      onEvent: message => this.#take(message),
      onState: state => {
        if (state !== 'closed') this.#set({ state })
      },
    })
    this.#connection = connection
    this.#set({ problem: null })
    connection.done.catch((error: Error & { status?: number }) => {
      if (connection !== this.#connection) return
      this.#connection = null
      if (error.status === 401) this.#set({ state: 'signed-out' })
      else this.#set({ state: 'closed', problem: error.message })
    })
  }

  /** What has come is shown, and nothing that comes later. */
  pause(): void {
    this.#leave()
    this.#flush()
    this.#set({ state: 'paused' })
  }

  /** Only what fits is shown from now on, also of what is here already. */
  show(filter: StreamFilter): void {
    this.#flush()
    this.#set({ filter, events: this.#snapshot.events.filter(one => fits(one, filter)) })
    if (this.#snapshot.state !== 'paused') this.go()
  }

  /** The page is left. */
  end(): void {
    this.#leave()
    if (this.#paint !== null) clearTimeout(this.#paint)
    this.#paint = null
  }

  #leave(): void {
    const connection = this.#connection
    this.#connection = null
    this.#cursor = connection?.cursor ?? this.#cursor
    connection?.close()
  }

  #take({ id, event }: EventMessage): void {
    const { type, timestamp, data } = event as { type: string; timestamp: string; data: { call_id?: string } }
    const shown = {
      id,
      type,
      at: Date.parse(timestamp),
      callId: data.call_id ?? null,
      json: JSON.stringify(event, null, 2),
    }
    if (!fits(shown, this.#snapshot.filter)) return
    this.#pending.push(shown)
    this.#paint ??= setTimeout(() => this.#flush(), PAINT_MS)
  }

  /** An event that came again after a break is shown once. */
  #flush(): void {
    if (this.#paint !== null) clearTimeout(this.#paint)
    this.#paint = null
    const known = new Set(this.#snapshot.events.map(({ id }) => id))
    const fresh = this.#pending.filter(({ id }) => !known.has(id) && known.add(id)).reverse()
    this.#pending = []
    if (fresh.length > 0) this.#set({ events: [...fresh, ...this.#snapshot.events].slice(0, SHOWN_MAX) })
  }

  #set(change: Partial<StreamSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change }
    for (const listener of this.#listeners) listener()
  }
}

/** A call has fewer events than a name, so the server is asked for those, and the page looks for the name among them. */
function topicOf({ name, callId }: StreamFilter): string {
  if (callId !== '') return `call:${callId}`
  return name === '' ? '*' : name
}

function fits({ type, callId }: ShownEvent, filter: StreamFilter): boolean {
  return (filter.callId === '' || callId === filter.callId) && (filter.name === '' || type === filter.name)
}

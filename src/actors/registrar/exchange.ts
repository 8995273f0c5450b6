/**
 * The pure core with its state as rows: requests that wait, calls, bindings and used nonces. What a step has changed is written before
 * anything of it is sent, so a domain that was put to sleep or has lost its memory goes on where it was.
 */
import { type Bindings, nextExpiry, socketGone, withoutExpired } from '../../core/sip/bindings.ts'
import type { NonceUse, NonceUses } from '../../core/sip/digest.ts'
import { step, wakeAt } from '../../core/sip/proxy.ts'
import {
  type Dialog,
  type Fact,
  type Fork,
  type Input,
  newProxy,
  type ProxyState,
  type Send,
} from '../../core/sip/state.ts'

type Table = 'forks' | 'dialogs' | 'bindings' | 'nonces'
const KEYS: Record<Table, string> = { forks: 'id', dialogs: 'token', bindings: 'extension', nonces: 'nonce' }

export interface Around {
  domain: string
  isExtension(user: string): boolean
  /** In the transaction of the step. */
  told(facts: readonly Fact[]): void
}

export class Exchange {
  readonly #storage: DurableObjectStorage
  readonly #around: Around
  #proxy: ProxyState
  #bindings: Bindings
  #uses: NonceUses

  constructor(storage: DurableObjectStorage, around: Around) {
    this.#storage = storage
    this.#around = around
    const forks = this.#rows<Fork>('forks')
    const keys = new Map([...forks.values()].map(fork => [fork.key, fork.id]))
    this.#proxy = { ...newProxy(around.domain), forks, keys, dialogs: this.#rows<Dialog>('dialogs') }
    this.#bindings = this.#rows('bindings')
    this.#uses = this.#rows<NonceUse>('nonces')
  }

  get bindings(): Bindings {
    return this.#bindings
  }
  get uses(): NonceUses {
    return this.#uses
  }
  dialog(token: string): Dialog | null {
    return this.#proxy.dialogs.get(token) ?? null
  }

  /** Sockets of phones that are registered or in a call. */
  sockets(): Set<string> {
    const found = new Set<string>()
    for (const phones of this.#bindings.values()) for (const { socket } of phones) found.add(socket)
    for (const { caller, callee } of this.#proxy.dialogs.values())
      for (const side of [caller, callee]) if (side?.socket) found.add(side.socket)
    for (const { socket } of this.#proxy.forks.values()) if (socket !== null) found.add(socket)
    return found
  }

  /** Sockets on which an extension has registered, or is in a call. */
  socketsOf(extension: string): Set<string> {
    const found = new Set((this.#bindings.get(extension) ?? []).map(one => one.socket))
    for (const { caller, callee } of this.#proxy.dialogs.values())
      for (const side of [caller, callee]) if (side?.extension === extension && side.socket) found.add(side.socket)
    return found
  }

  take(input: Input): Send[] {
    const directory = { bindings: this.#bindings, isExtension: this.#around.isExtension }
    const { proxy, sends, facts } = step(this.#proxy, directory, input)
    this.#storage.transactionSync(() => {
      this.#save('forks', this.#proxy.forks, proxy.forks)
      this.#save('dialogs', this.#proxy.dialogs, proxy.dialogs)
      this.#around.told(facts)
    })
    this.#proxy = proxy
    return sends
  }

  /** `uses` null: no nonce was used. */
  register(bindings: Bindings, uses: NonceUses | null): void {
    this.#storage.transactionSync(() => {
      this.#save('bindings', this.#bindings, bindings)
      if (uses !== null) this.#save('nonces', this.#uses, uses)
    })
    this.#bindings = bindings
    this.#uses = uses ?? this.#uses
  }

  socketGone(socket: string, atMs: number, unique: string): Send[] {
    this.register(socketGone(this.#bindings, socket), null)
    return this.take({ type: 'socket-gone', atMs, socket, unique })
  }

  timePassed(atMs: number, unique: string): Send[] {
    this.register(withoutExpired(this.#bindings, atMs), null)
    return this.take({ type: 'time', atMs, unique })
  }

  /** When something is due; null: nothing. */
  wakeAt(): number | null {
    const times = [wakeAt(this.#proxy), nextExpiry(this.#bindings)].filter(one => one !== null)
    return times.length === 0 ? null : Math.min(...times)
  }

  #rows<T>(table: Table): Map<string, T> {
    const rows = this.#storage.sql.exec(`SELECT ${KEYS[table]} AS key, body FROM ${table}`)
    return new Map(rows.toArray().map(row => [String(row.key), JSON.parse(String(row.body)) as T]))
  }

  /** What the maps hold is replaced and never changed, so whatever is the same object is the same row. */
  #save(table: Table, before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): void {
    if (before === after) return
    const { sql } = this.#storage
    for (const [key, value] of after)
      if (before.get(key) !== value)
        sql.exec(`INSERT OR REPLACE INTO ${table} (${KEYS[table]}, body) VALUES (?, ?)`, key, JSON.stringify(value))
    for (const key of before.keys()) if (!after.has(key)) sql.exec(`DELETE FROM ${table} WHERE ${KEYS[table]} = ?`, key)
  }
}

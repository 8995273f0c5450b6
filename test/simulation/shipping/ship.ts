/**
 * One shipping actor in the simulated world: its class, as workerd would run it, over a store in memory and in virtual
 * time. A crash throws the instance away; the next call makes another one from what is stored.
 */
import type { Contracts, Neighbours } from '../../../src/actors/neighbours.ts'
import type { Platform } from '../../../src/actors/shell/platform.ts'
import type { Growing } from '../../../src/core/machine.ts'
import { Bell } from '../bell.ts'
import type { Fate } from '../part.ts'
import type { World } from '../world.ts'
import { Dead, MemoryStore } from './memory-store.ts'

export type Kind = 'batch' | 'call' | 'campaign' | 'desk' | 'queue' | 'room'
type Instance<K extends Kind> = Contracts[K] & { alarm(): Promise<void> }
export type ActorClass<K extends Kind> = new (ctx: never, env: never) => Instance<K>
type Method<K extends Kind> = Extract<keyof Contracts[K], string>
type Args<K extends Kind, M extends Method<K>> = Contracts[K][M] extends (...args: infer A) => unknown ? A : never

export class Ship<K extends Kind> {
  readonly id: string
  readonly tenant: string
  readonly world: World
  readonly store = new MemoryStore()
  readonly #class: ActorClass<K>
  readonly #neighbours: (ship: Ship<Kind>, life: number) => Neighbours
  readonly #bell: Bell
  #instance: Instance<K> | null = null
  #booting = false
  #ringing = false
  #seq = 0
  #state: { seq: number; value: unknown } = { seq: -1, value: null }
  /** told of every commit that made facts */
  committed: (() => void) | null = null

  constructor(
    world: World,
    id: string,
    actorClass: ActorClass<K>,
    neighbours: (ship: Ship<Kind>, life: number) => Neighbours,
  ) {
    this.world = world
    this.id = id
    this.tenant = id.split('.', 1)[0] ?? ''
    this.#class = actorClass
    this.#neighbours = neighbours
    this.#bell = new Bell(world, () => this.#rung())
  }

  /** Changes with every crash. What still runs of an earlier life hears no answer. */
  get life(): number {
    return this.store.life
  }

  /** Calls the actor. Its commit is made before this returns; the answer comes in the promise. */
  call<M extends Method<K>>(method: M, ...args: Args<K, M>): { fate: Fate; answer: Promise<unknown> } {
    const instance = this.#awake()
    const { life } = this
    const answer = Promise.resolve((instance[method] as (...all: unknown[]) => unknown)(...args))
    answer.catch(() => {})
    return { fate: life === this.life ? 'done' : 'crashed', answer }
  }

  /** The state as it is stored; `initial` before the first commit. */
  stateOr<S>(initial: S, growing?: Growing<S>): S {
    if (this.store.life === 0) return initial
    if (this.#state.seq !== this.#seq) {
      const [row] = this.store.all('SELECT body FROM state')
      const rest = row ? (JSON.parse(String(row.body)) as S) : initial
      this.#state = {
        seq: this.#seq,
        value: growing && row && (growing.grows?.(rest) ?? true) ? growing.whole(rest, this.#rows()) : rest,
      }
    }
    return this.#state.value as S
  }

  #rows(): ReadonlyMap<string, unknown> {
    const rows = this.store.all('SELECT key, body FROM state_rows ORDER BY rowid')
    return new Map(rows.map(({ key, body }) => [String(key), JSON.parse(String(body)) as unknown]))
  }

  hasSeen(inputId: string): boolean {
    return this.store.life > 0 && this.store.all('SELECT 1 FROM seen WHERE input_id = ?', inputId).length > 0
  }

  facts(): unknown[] {
    if (this.store.life === 0) return []
    return this.store.all('SELECT at, type, body, personal FROM facts ORDER BY seq').map(row => ({
      type: row.type,
      at: row.at,
      ...JSON.parse(String(row.body)),
      ...(row.personal === null ? {} : { personal: JSON.parse(String(row.personal)) }),
    }))
  }

  /** Inputs that the shell put aside because the machine threw. */
  quarantined(): string[] {
    if (this.store.life === 0) return []
    const [table] = this.store.all("SELECT name FROM sqlite_master WHERE name = 'quarantine'")
    return table ? this.store.all('SELECT error FROM quarantine').map(row => String(row.error)) : []
  }

  #crash(): void {
    this.world.trace?.(`      ${this.id} crashes`)
    this.store.life += 1
    this.#instance = null
    if (this.#ringing) this.#bell.again()
    this.#ringing = false
  }

  #awake(): Instance<K> {
    if (this.#instance) return this.#instance
    this.#booting = true
    const { faults } = this.world
    const life = this.life + 1
    const store = this.store.forLife(this.#bell, moment => {
      if (this.#booting) return
      if (faults.strikes(moment === 'before' ? 'crash-before-commit' : 'crash-after-commit')) this.#crash()
      if (moment === 'after') this.#note(life)
    })
    const { world } = this
    const platform: Platform = {
      store,
      now: () => world.now,
      random: () => {
        if (life !== this.life) throw new Dead()
        return world.random.next()
      },
      sleep: ms =>
        new Promise(resolve =>
          world.later(ms, () => {
            if (life === this.life) resolve()
          }),
        ),
      // What an ended life still does fails, and nobody waits for it.
      keepAlive: work => void work.catch(() => {}),
      start: run => {
        this.#booting = false
        run(this.#bell.at)
      },
    }
    const ctx = {
      id: { name: this.id },
      platform,
      storage: store,
      getWebSockets: () => [],
      setWebSocketAutoResponse: () => {},
    }
    const env = { neighbours: this.#neighbours(this, life) }
    this.#instance = new this.#class(ctx as never, env as never)
    return this.#instance
  }

  /** A transaction was written. Its object may have crashed just after. */
  #note(life: number): void {
    const [row] = this.store.all('SELECT seq FROM state')
    const seq = Number(row?.seq ?? 0)
    const hasFacts = seq > this.#seq
    this.#seq = seq
    if (hasFacts && life === this.life) this.committed?.()
  }

  #rung(): void {
    const instance = this.#awake()
    const { life } = this
    this.#ringing = true
    this.world.trace?.(`      ${this.id} wakes`)
    void instance.alarm().then(
      () => {
        if (life === this.life) this.#ringing = false
      },
      () => {},
    )
  }
}

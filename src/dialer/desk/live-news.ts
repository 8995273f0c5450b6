/**
 * News for pages that show what others do: the team, queues, conferences. While such a page is open and in front, the desk is told that it
 * looks, and says over its socket what has changed. Otherwise nothing is sent to this tab.
 */
import type { Answer } from './link.ts'
import { Observed } from './observed.ts'

/** `null`: anything may have changed, for the page begins to be told, or begins again. */
export type Changed = string | null
type Listener = (of: Changed) => void

/** `told`: the page is told of each change; otherwise it has to ask. */
export class LiveNews extends Observed<{ told: boolean }> {
  readonly #look: (on: boolean) => Promise<Answer>
  readonly #listeners = new Set<Listener>()
  #linkOpen = false
  #inFront = false
  #looks = false
  /** an answer to an earlier look says nothing about this one */
  #asked = 0

  constructor(look: (on: boolean) => Promise<Answer>) {
    super({ told: false })
    this.#look = look
  }

  /** A page opens. The function that is returned closes it. */
  open(listener: Listener): () => void {
    this.#listeners.add(listener)
    this.#settle()
    return () => {
      this.#listeners.delete(listener)
      this.#settle()
    }
  }

  heard(of: Changed): void {
    for (const listener of this.#listeners) listener(of)
  }

  /** The desk forgets a lost socket, and with it that the page looks. */
  linkChanged(open: boolean): void {
    this.#linkOpen = open
    this.#settle()
  }

  /** Is the tab in front? */
  frontChanged(inFront: boolean): void {
    this.#inFront = inFront
    this.#settle()
  }

  #settle(): void {
    const looks = this.#linkOpen && this.#inFront && this.#listeners.size > 0
    if (looks === this.#looks) return
    this.#looks = looks
    this.#asked += 1
    if (looks) void this.#begin(this.#asked)
    else {
      this.set({ told: false })
      if (this.#linkOpen) void this.#look(false)
    }
  }

  /** What changed before the desk knew is read after its answer. */
  async #begin(asked: number): Promise<void> {
    const answer = await this.#look(true)
    if (!answer.ok || asked !== this.#asked) return
    this.set({ told: true })
    this.heard(null)
  }
}

/** Runs at once, and then at most once in `gapMs` however often it is asked. */
export class Paced<T> {
  readonly #run: (wanted: ReadonlySet<T>) => void
  readonly #gapMs: number
  #wanted = new Set<T>()
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(run: (wanted: ReadonlySet<T>) => void, gapMs: number) {
    this.#run = run
    this.#gapMs = gapMs
  }

  want(these: readonly T[]): void {
    for (const one of these) this.#wanted.add(one)
    if (this.#timer === null) this.#go()
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#wanted.clear()
  }

  #go(): void {
    this.#timer = null
    if (this.#wanted.size === 0) return
    const wanted = this.#wanted
    this.#wanted = new Set()
    this.#timer = setTimeout(() => this.#go(), this.#gapMs)
    this.#run(wanted)
  }
}

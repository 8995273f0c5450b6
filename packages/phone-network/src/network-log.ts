import type { Fact, WebhookKind } from './engine/input.ts'

/** The log of everything that has happened: facts, webhooks, REST requests, faults. The page and the tests read it. */

export const LOG_ENTRIES_MAX = 5_000
export const BODY_CHARS_KEPT = 4_096
export const SUBSCRIBERS_MAX = 64

export interface WebhookEntry {
  kind: 'webhook'
  webhook: WebhookKind
  callSid: string | null
  method: string
  url: string
  fields: Record<string, string>
  /** 1 for the first try */
  attempt: number
  status: number | null
  response: string
  ms: number
  /** the fault that applied to it, if any */
  fault: string | null
  error: string | null
}

export interface RestEntry {
  kind: 'rest'
  method: string
  path: string
  fields: Record<string, string[]>
  status: number
  code: number | null
  ms: number
  fault: string | null
}

export type Entry = { seq: number; at: number } & (Fact | WebhookEntry | RestEntry)

/** `Omit` over each member of a union. */
export type NewEntry = Fact | WebhookEntry | RestEntry

export interface NetworkLog {
  append(at: number, entry: NewEntry): void
  /**
   * Entries after `seq`, oldest first. Older entries than the ring holds are gone, so the first `seq` may be higher
   * than asked.
   */
  since(seq: number): Entry[]
  /** The newest `seq`. */
  last(): number
  /** True when no further subscriber is accepted. */
  isFull(): boolean
  /** Called for every new entry. Returns the unsubscriber. Throws when there are too many. */
  subscribe(listener: (entry: Entry) => void): () => void
}

export function createLog(): NetworkLog {
  const entries: Entry[] = []
  const listeners = new Set<(entry: Entry) => void>()
  let last = 0
  return {
    append(at, entry) {
      last += 1
      const numbered: Entry = { seq: last, at, ...entry }
      entries.push(numbered)
      if (entries.length > LOG_ENTRIES_MAX) entries.shift()
      for (const listener of listeners) listener(numbered)
    },
    since(seq) {
      const first = entries[0]?.seq ?? 1
      return entries.slice(Math.max(0, seq + 1 - first))
    },
    last: () => last,
    isFull: () => listeners.size >= SUBSCRIBERS_MAX,
    subscribe(listener) {
      if (listeners.size >= SUBSCRIBERS_MAX) throw new Error(`more than ${SUBSCRIBERS_MAX} subscribers`)
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

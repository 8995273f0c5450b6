/** What goes between the scripted carrier and its adapter: requests, answers, and troubles that a script may ask for. */

export type Operation =
  | 'create'
  | 'stop'
  | 'end'
  | 'ask-again'
  | 'read'
  | 'list'
  | 'tape'
  | 'sound'
  | 'announce'
  | 'hold'

/** A call as it is ordered. */
export interface Wanted {
  to: string
  from: string
  /** asked for documents, and told the verdict of detection */
  asks: string
  /** told everything else */
  events: string
  ringLimitMs: number
  record: boolean
  detect: 'off' | 'before' | 'beside'
  /** sent after the answer; null: none */
  digits: string | null
}

/** The fields of a request; each operation reads its own. */
export interface Fields {
  wanted?: Wanted
  id?: string
  asks?: string
  conferenceId?: string
  held?: boolean
  to?: string
  from?: string
  sinceMs?: number
}

export type Answer =
  | { ok: true; call?: { id: string; status: string } }
  | { ok: false; error: 'refused'; code: number }
  | { ok: false; error: 'slow-down'; waitMs: number }
  | { ok: false; error: 'gone' }

export type Trouble =
  | { answer: 'refused'; code: number }
  | { answer: 'slow-down'; waitMs: number }
  /** the answer is lost */
  | { answer: 'none'; performed: boolean }

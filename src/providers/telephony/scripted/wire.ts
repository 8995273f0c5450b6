/** What goes between the scripted carrier and its adapter: requests, answers, and troubles that a script may ask for. */

export type Operation =
  | 'create'
  | 'stop'
  | 'end'
  | 'ask-again'
  | 'read'
  | 'list'
  | 'tape'
  | 'tape-end'
  | 'tape-pause'
  | 'tapes'
  | 'room-tapes'
  | 'room-tape-end'
  | 'copy'
  | 'copy-end'
  | 'sound'
  | 'messages'
  | 'erase'
  | 'announce'
  | 'who-is-in'
  | 'hold'
  | 'mute'
  | 'voice'
  | 'remove'

/** The scripted carrier's own words for the state of a call. */
export type CallWord =
  | 'waiting'
  | 'dialing'
  | 'ringing'
  | 'talking'
  | 'done'
  | 'busy'
  | 'unanswered'
  | 'failed'
  | 'stopped'

/** What a person does with calls to their number. `rings`: nothing by themselves; a test decides. */
export interface Person {
  does: 'answers' | 'busy' | 'failed' | 'rings'
  afterMs: number
  /** hangs up so long after the answer; null: never */
  talksMs: number | null
}

/** A call as it is ordered. */
export interface Wanted {
  to: string
  from: string
  /** asked for documents, and told the verdict of detection */
  asks: string
  /** told everything else */
  events: string
  ringLimitMs: number
  /** what its recording is called; null: it is not recorded */
  record: string | null
  detect: 'off' | 'before' | 'beside'
  /** sent after the answer; null: none */
  digits: string | null
}

/** Somebody in a room, with what our document has called them. */
export interface Present {
  id: string
  as: { callId: string; role: string }
  muted: boolean
  held: boolean
}

/** A recording of a call, or of a room. */
export interface Tape {
  id: string
  seconds: number
  ended: boolean
  /** a step that asks for a message has made it */
  message: boolean
}

/** A recording as the network keeps it. `name`: in its reports; null: it has none but the carrier's */
export type Recorded = Omit<Tape, 'id'> & { startedAtMs: number; of: string; name: string | null }

/** The fields of a request; each operation reads its own. */
export interface Fields {
  wanted?: Wanted
  id?: string
  asks?: string
  conferenceId?: string
  room?: string
  held?: boolean
  muted?: boolean
  /** what a recording is called in its reports */
  name?: string
  /** the only call that hears this one; null: all do, unless it is muted */
  only?: string | null
  to?: string
  from?: string
  sinceMs?: number
}

export type Answer =
  | {
      ok: true
      call?: { id: string; status: string }
      recording?: string
      messages?: { id: string; seconds: number }[]
      tapes?: Tape[]
      /** absent: nobody is in */
      conference?: string
      present?: Present[]
    }
  | { ok: false; error: 'refused'; code: number }
  | { ok: false; error: 'slow-down'; waitMs: number }
  | { ok: false; error: 'gone' }

export type Trouble =
  | { answer: 'refused'; code: number }
  | { answer: 'slow-down'; waitMs: number }
  /** the answer is lost */
  | { answer: 'none'; performed: boolean }

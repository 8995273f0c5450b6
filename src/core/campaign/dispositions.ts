/**
 * The outcomes that an agent chooses from, as data of a campaign: the key, what becomes of the person, and what the agent must give first.
 * An outcome of a release that knew none of this says by its id what follows, as it always did.
 */
import { meansDoNotCall } from '../clearance/do-not-call-words.ts'
import { startOf } from '../report/days.ts'

export const OUTCOMES_MAX = 24
/** Letters that the desk has for itself while somebody is on the line: an outcome on X would end the call that it is about. */
export const DESK_LETTERS = 'adhkmnpstxy'
/** What a callback waits for when nobody says otherwise: a day. */
export const AFTER_MINUTES = 24 * 60
/** Nobody promises a call for later than this. */
export const TYPED_TIME_MAX_MS = 366 * 24 * 3_600_000
/** A callback that its agent has not made for so long is anybody's. */
export const MINE_FOR_MS = 24 * 3_600_000
const MINUTE_MS = 60_000

/** `archive`: this campaign does not call again; `lead`: neither, and the call is filed in the CRM. */
export const CONSEQUENCES = ['archive', 'retry', 'callback', 'do-not-call', 'lead'] as const
export type Consequence = (typeof CONSEQUENCES)[number]
export const TONES = ['good', 'neutral', 'bad'] as const
export type Tone = (typeof TONES)[number]
/** Fields of a contact that an outcome may ask for. */
export const ASKED_FIELDS = ['company', 'timeZone', 'postcode', 'extension'] as const
export type AskedField = (typeof ASKED_FIELDS)[number]
/** `time`: when the person is called again. */
export const NEEDS = ['note', 'time', ...ASKED_FIELDS] as const
export type Need = (typeof NEEDS)[number]

export interface OutcomeChoice {
  /** 1 to 9, or a small letter: the key that chooses it */
  key: number | string
  outcomeId: string
  label: string
  /** absent: the id says it */
  consequence?: Consequence
  /** of `retry` and `callback`, when the agent types no time */
  afterMinutes?: number
  /** of `callback`: whether the agent who promised it calls, or whoever is free; absent: whoever is free */
  whose?: 'mine' | 'anyone'
  /** absent: neutral */
  tone?: Tone
  /** absent: nothing */
  requires?: readonly Need[]
}

/** What new campaigns begin with in a workspace that has no list of its own. */
export const DEFAULT_OUTCOMES: readonly OutcomeChoice[] = [
  { key: 1, outcomeId: 'interested', label: 'Interested', consequence: 'archive', tone: 'good' },
  { key: 2, outcomeId: 'callback', label: 'Call back', consequence: 'callback', afterMinutes: AFTER_MINUTES },
  { key: 3, outcomeId: 'not-interested', label: 'Not interested', consequence: 'archive' },
  { key: 4, outcomeId: 'wrong-number', label: 'Wrong number', consequence: 'archive' },
  { key: 5, outcomeId: 'do-not-call', label: 'Do not call', consequence: 'do-not-call', tone: 'bad' },
]

export function consequenceOf({
  outcomeId,
  consequence,
}: Pick<OutcomeChoice, 'outcomeId' | 'consequence'>): Consequence {
  if (consequence !== undefined) return consequence
  if (meansDoNotCall(outcomeId)) return 'do-not-call'
  return outcomeId === 'callback' ? 'callback' : 'archive'
}

/** The outcome with everything said: for a form, and for programs. */
export function whole(choice: OutcomeChoice): Required<OutcomeChoice> {
  const consequence = consequenceOf(choice)
  const { key, outcomeId, label, afterMinutes = AFTER_MINUTES, whose = 'anyone', requires = [] } = choice
  const tone = choice.tone ?? (consequence === 'do-not-call' ? 'bad' : 'neutral')
  return { key, outcomeId, label, consequence, afterMinutes, whose, tone, requires }
}

/** What an agent gives with an outcome. */
export interface Given {
  /** when to call again, ms since the epoch; null or absent: nothing was typed */
  dueAt?: number | null
  fields?: { readonly [F in AskedField]?: string }
}
/** What is known of the person and the call. */
export interface Known {
  note: string
  contact: { company: string; timeZone: string | null; postcode?: string; extension?: string }
}
export type Missing = `${'note' | 'time' | 'company' | 'time-zone' | 'postcode' | 'extension'}-missing`

/** What must be given before this outcome can be saved; null: nothing is missing. */
export function missingFor({ requires = [] }: OutcomeChoice, by: Given, { note, contact }: Known): Missing | null {
  for (const need of requires) {
    if (need === 'note') {
      if (note.trim() === '') return 'note-missing'
    } else if (need === 'time') {
      if (by.dueAt == null) return 'time-missing'
    } else if (given(by.fields?.[need]) ?? given(contact[need])) continue
    else return need === 'timeZone' ? 'time-zone-missing' : `${need}-missing`
  }
  return null
}

function given(text: string | null | undefined): string | null {
  return text == null || text.trim() === '' ? null : text
}

/** Why a typed time cannot be kept; null: it can. */
export function whyNotAt(
  dueAt: number | null | undefined,
  at: number,
): 'time-past' | 'time-too-far' | 'zone-unknown' | null {
  if (dueAt == null) return null
  // A typed time of a zone that nobody knows is no moment.
  if (Number.isNaN(dueAt)) return 'zone-unknown'
  if (dueAt <= at) return 'time-past'
  return dueAt > at + TYPED_TIME_MAX_MS ? 'time-too-far' : null
}

/** What follows from an outcome, as facts keep it: a list may be another one when somebody asks. */
export interface Decided {
  label: string
  consequence: Consequence
  /** when the person is called again; null: not by this outcome */
  dueAt: number | null
  /** the agent who saved it calls again, and nobody else */
  mine?: true
  /** the agent calls again by hand, from the inbox: lines that are shared ring for whoever is free */
  byHand?: true
}

/** `shared`: the agent is in a campaign whose lines are shared. */
export function decided(choice: OutcomeChoice, given: Given, at: number, shared: boolean): Decided {
  const { label, consequence, afterMinutes, whose } = whole(choice)
  const again = consequence === 'retry' || consequence === 'callback'
  const dueAt = again ? (given.dueAt ?? at + afterMinutes * MINUTE_MS) : null
  if (consequence !== 'callback' || whose !== 'mine') return { label, consequence, dueAt }
  return { label, consequence, dueAt, mine: true, ...(shared ? { byHand: true as const } : {}) }
}

/** The moment of a typed time in a zone, ms since the epoch. */
export function momentOf(text: string, zone: string): number {
  const [hours = 0, minutes = 0] = text.slice(11).split(':').map(Number)
  return Math.round(startOf(text.slice(0, 10), zone, hours + minutes / 60))
}

/** Of a fact or a message that says more. */
export function followsOf({ label, consequence, dueAt, mine, byHand }: Partial<Decided>): Partial<Decided> {
  if (label === undefined || consequence === undefined) return {}
  const whose = { ...(mine ? { mine } : {}), ...(byHand ? { byHand } : {}) }
  return { label, consequence, dueAt: dueAt ?? null, ...whose }
}

/** Local time as people type it, `2026-12-01T09:30`. */
const TYPED = /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d$/

export function isTypedTime(text: string): boolean {
  const read = TYPED.test(text) ? Date.parse(`${text}:00Z`) : Number.NaN
  // The thirtieth of February is read as a day of March.
  return Number.isFinite(read) && new Date(read).toISOString().slice(0, 16) === text
}

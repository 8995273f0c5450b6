/**
 * What an event of the log uses up. Each line has the id under which it is charged: made of the event's place in the history of its actor, so
 * that an event which is read twice is charged once.
 */
import type { CostType, Direction, Used } from './rates.ts'

/** The parts of an event that bills are made of. */
export interface BilledEvent {
  /** source and seq of the fact */
  id: string
  at: number
  type: string
  /** a call, or a conference */
  callId: string
  data: Readonly<Record<string, unknown>>
  personal: Readonly<Record<string, unknown>> | null
}

/** What has to be remembered of a call until it is over. */
export interface BilledCall {
  direction: Direction
  /** E.164 of the other side of an outgoing call, of our own number of an incoming one; empty: no number is involved */
  number: string
  createdMs: number
  /** the carrier's id of it; null: it has none yet */
  providerId: string | null
  answeredMs: number | null
  /** the announcement of the voicemail began: nobody has answered, and the caller talks to it; absent: it did not */
  messageMs?: number
  /** streams of the AI agent that are open, by their number: since when */
  streams: Record<string, number>
  /** characters that were charged */
  characters: number
  overMs: number | null
}

export interface Line extends Used {
  id: string
  /** nothing more of this call takes from its hold */
  closes: boolean
  /** of a leg: the carrier's id of it, under which the carrier has its price; absent: it is no leg, or the carrier had none yet */
  providerId?: string
}

export interface Reading {
  /** null: nothing is known of this call, so nothing is remembered */
  call: BilledCall | null
  lines: Line[]
  /** the call is over and nobody had answered: what was held is given back */
  unanswered: boolean
}

/** The types that `read` knows; the log is asked for no others. */
export const BILLED_TYPES = [
  'call-created',
  'call-received',
  'call-placed',
  'call-answered',
  'call-voicemail-began',
  'call-hungup',
  'call-onward-ended',
  'talk-stream-opened',
  'talk-stream-closed',
  'talk-noted',
  'recording-reported',
  'recording-transcript-moved',
  'conference-recording-reported',
  'conference-transcript-moved',
] as const

const SECOND_MS = 1_000
const E164 = /^\+[1-9][0-9]{3,14}$/
/** VoIPBIN's own numbers, which no telephone network knows. */
const VIRTUAL = '+899'

export function read(call: BilledCall | null, event: BilledEvent): Reading {
  const { type, at, data } = event
  if (type === 'call-created' || type === 'call-received') return nothing(call ?? begun(event))
  // They may come long after the call is forgotten, and of a conference nothing has to be remembered.
  if (type === 'recording-transcript-moved' || type === 'conference-transcript-moved') return writtenDown(call, event)
  if (type === 'call-onward-ended') return onward(call, event)
  if (type === 'conference-recording-reported') return recorded(call, event)
  if (call === null) return nothing(null)
  switch (type) {
    case 'call-placed':
      return nothing({ ...call, providerId: idOf(data.providerId) })
    case 'call-answered':
      return nothing({ ...call, answeredMs: call.answeredMs ?? at })
    case 'call-voicemail-began':
      return nothing({ ...call, messageMs: call.messageMs ?? at })
    case 'call-hungup':
      return hungUp(call, event)
    case 'talk-stream-opened':
      return nothing({ ...call, streams: { ...call.streams, [String(data.stream)]: at } })
    case 'talk-stream-closed':
      return streamClosed(call, event)
    case 'talk-noted':
      return data.word === 'usage' ? spoken(call, event) : nothing(call)
    case 'recording-reported':
      return recorded(call, event)
    default:
      return nothing(call)
  }
}

function nothing(call: BilledCall | null): Reading {
  return { call, lines: [], unanswered: false }
}

function begun({ type, at, data, personal }: BilledEvent): BilledCall {
  const { kind } = (data.links ?? {}) as { kind?: string }
  const direction: Direction = type === 'call-received' && kind === 'inbound' ? 'incoming' : 'outgoing'
  const to = String(personal?.to ?? '')
  const number = E164.test(to) ? to : ''
  const nothingYet = { answeredMs: null, streams: {}, characters: 0, overMs: null }
  return { direction, number, createdMs: at, providerId: idOf(data.providerId), ...nothingYet }
}

/** What a leg between the carrier and a telephone is called in the card; a browser or a phone of the team is an extension. */
export function costTypeOf({ direction, number }: Pick<BilledCall, 'direction' | 'number'>): CostType {
  if (number === '') return 'call_extension'
  if (direction === 'outgoing') return 'call_pstn_outgoing'
  return number.startsWith(VIRTUAL) ? 'call_vn' : 'call_pstn_incoming'
}

function hungUp(call: BilledCall, event: BilledEvent): Reading {
  if (call.overMs !== null) return nothing(call)
  // Of a call that the voicemail has taken nobody says that it was talked; the carrier’s line was open all the same.
  const talkedMs = numberOf(event.data.talkedMs) || Math.max(0, event.at - (call.messageMs ?? event.at))
  const seconds = Math.ceil(talkedMs / SECOND_MS)
  const over = { ...call, overMs: event.at }
  if (seconds === 0) return { call: over, lines: [], unanswered: true }
  const answeredMs = call.answeredMs ?? call.messageMs ?? event.at
  const line = lineOf(call, `${event.id}:call`, costTypeOf(call), seconds, answeredMs)
  const priced = call.providerId === null ? {} : { providerId: call.providerId }
  return { call: { ...over, answeredMs }, lines: [{ ...line, ...priced, closes: true }], unanswered: false }
}

/** A number that the carrier has dialled for this call: a leg of its own, known by the carrier's id of it. */
function onward(call: BilledCall | null, { callId, at, data, personal }: BilledEvent): Reading {
  const spokenMs = numberOf(data.talkedMs)
  const providerId = idOf(data.providerId)
  const number = String(personal?.number ?? '')
  if (spokenMs === 0 || providerId === null || !E164.test(number)) return nothing(call)
  const of = { direction: 'outgoing' as const, number }
  const quantity = Math.ceil(spokenMs / SECOND_MS)
  const id = `${callId}:${providerId}:onward`
  const line: Line = { ...of, id, costType: costTypeOf(of), quantity, atMs: at - spokenMs, closes: false, providerId }
  return { call, lines: [line], unanswered: false }
}

function streamClosed(call: BilledCall, event: BilledEvent): Reading {
  const stream = String(event.data.stream)
  const { [stream]: since, ...streams } = call.streams
  if (since === undefined) return nothing(call)
  const seconds = Math.ceil(Math.max(0, event.at - since) / SECOND_MS)
  const lines = seconds === 0 ? [] : [lineOf(call, `${event.id}:ai`, 'ai', seconds, since)]
  return { call: { ...call, streams }, lines, unanswered: false }
}

/** The conversation reports a sum that grows over its streams; what has been charged of it is not charged again. */
function spoken(call: BilledCall, event: BilledEvent): Reading {
  const characters = numberOf(event.data.spokenCharacters)
  const more = characters - call.characters
  if (more <= 0) return nothing(call)
  return {
    call: { ...call, characters },
    lines: [lineOf(call, `${event.id}:characters`, 'characters', more, event.at)],
    unanswered: false,
  }
}

/** A recording is charged under its own id, because the carrier may tell of its end more than once. */
function recorded(call: BilledCall | null, event: BilledEvent): Reading {
  const { status, seconds, recordingId } = event.data
  if (status !== 'completed' || typeof recordingId !== 'string' || numberOf(seconds) === 0) return nothing(call)
  const line = lineOf(call, `${event.callId}:${recordingId}:recording`, 'recording', numberOf(seconds), event.at)
  return { call, lines: [line], unanswered: false }
}

/** The same of a transcript. One that was given up is not charged, whatever of it was written down. */
function writtenDown(call: BilledCall | null, event: BilledEvent): Reading {
  const { status, seconds, recordingId } = event.data
  if (status !== 'done' || typeof recordingId !== 'string' || numberOf(seconds) === 0) return nothing(call)
  const id = `${event.callId}:${recordingId}:transcript`
  return { call, lines: [lineOf(call, id, 'transcript', numberOf(seconds), event.at)], unanswered: false }
}

function lineOf(call: BilledCall | null, id: string, costType: CostType, quantity: number, atMs: number): Line {
  const { direction = 'incoming' as const, number = '' } = call ?? {}
  return { id, costType, direction, number, quantity, atMs, closes: false }
}

function idOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.ceil(value) : 0
}

/** The answer to a carrier that asks what to do with a call outside a batch. It is a projection of the state. */
import { wordsOf } from '../clearance/words.ts'
import { HANG_UP, type Instructions, sayAndHangUp } from '../instruction/instruction.ts'
import { deskNameOfCaller } from '../phone-names.ts'
import { isSipUri, shownSip } from '../sip-address.ts'
import { insteadOf } from './control/control.ts'
import { pageFor, speakingFlow } from './flow/pages.ts'
import { type CallState, type EndedCall, type HangupReason, type LiveCall, ownNumber } from './state.ts'
import { STREAMS_MAX, type Talk } from './talk/talk.ts'
import type { Place } from './transfer/state.ts'

/** How long a person is rung for an inbound call, or for one that a browser or an AI agent hands to a number. */
export const INBOUND_RING_MS = 25_000
export const DIAL_RING_MS = 30_000

/** Sentences that are not in the state: who called (the seller), and the AI agent's own apology. */
export interface Spoken {
  safeHarbour: Instructions
  voicemail: Instructions
  apology: string
  /** URL of the music of a person who waits */
  music: string
}

/** `token`: of the step that the carrier has finished, where it asks with one. */
export function instructionsFor(
  state: CallState,
  callId: string,
  spoken: Spoken,
  token: string | null = null,
): Instructions {
  const { call, talk, flow, transfer, consult } = state
  if (call.phase === 'over') return afterwards(call, spoken, talk === null)
  if (call.phase === 'empty' || call.status === 'terminating') return HANG_UP
  const instead = insteadOf(state, spoken.music)
  if (instead !== null) return instead
  if (consult !== null) return [{ kind: 'join-room', room: consult.room, callId, role: 'guest' }]
  const place = transfer?.place ?? null
  if (place !== null && place.at !== 'queue') return handedTo(place, call, callId, spoken)
  const speaking = speakingFlow(flow)
  if (speaking !== null) return pageFor(speaking, token)
  return talk === null ? connected(call, callId, spoken) : ofTalk(talk, call, callId, spoken)
}

/** The AI agent of this call decides what is heard on it now, and nobody else does. */
export function isAgents({ talk, flow, transfer, consult }: CallState): boolean {
  const place = transfer?.place ?? null
  const elsewhere = consult !== null || (place !== null && place.at !== 'queue') || speakingFlow(flow) !== null
  return !elsewhere && talk?.next.to === 'agent'
}

/** What somebody hears whose browser or SIP phone has dialled a number or an extension and reached nobody. */
const UNREACHED: Partial<Record<HangupReason, string>> = {
  busy: 'That number is busy.',
  noanswer: 'Nobody answered.',
  failed: 'That number could not be reached.',
  cancel: 'The call was canceled.',
}

/** A person who called us and reached nobody hears who we are, and an agent what happened or which rule forbids the call. */
function afterwards({ links, reason, held }: EndedCall, spoken: Spoken, dialled: boolean): Instructions {
  if (links.kind === 'browser' && held) return sayAndHangUp(wordsOf(held))
  const words = links.kind === 'browser' && dialled ? UNREACHED[reason] : undefined
  if (words !== undefined) return sayAndHangUp(words)
  return links.kind === 'inbound' && reason === 'noanswer' ? spoken.safeHarbour : HANG_UP
}

function connected({ links, party, options, voicemail }: LiveCall, callId: string, spoken: Spoken): Instructions {
  if (links.kind === 'browser')
    return [
      {
        kind: 'dial',
        parties: [isSipUri(party.to) ? { kind: 'sip', uri: party.to } : { kind: 'number', number: party.to }],
        from: party.from,
        ringMs: DIAL_RING_MS,
        record: options.record,
      },
    ]
  if (links.kind !== 'inbound') return HANG_UP
  if (voicemail || links.deskId === null) return spoken.voicemail
  const parties = [{ kind: 'desk' as const, deskId: links.deskId, callId }]
  // A caller who shows no number is announced by the number that they called.
  const record = isRecordedAtDesk(links, party.from)
  const from = isSipUri(party.from) ? shownSip(party.from) : party.from || party.to
  return [{ kind: 'dial', parties, from, ringMs: INBOUND_RING_MS, record }]
}

/** What colleagues say to each other is not a call with a customer. */
export function isRecordedAtDesk({ kind, deskId }: LiveCall['links'], from: string): boolean {
  return kind === 'inbound' && deskId !== null && deskNameOfCaller(from) === null
}

/** Where a person is, or will be, who was handed over. */
function handedTo(
  place: Exclude<Place, { at: 'queue' }>,
  life: LiveCall,
  callId: string,
  spoken: Spoken,
): Instructions {
  switch (place.at) {
    case 'room':
      return [{ kind: 'join-room', room: place.room, callId, role: 'customer' }]
    case 'number': {
      const from = ownNumber(life)
      const parties = [{ kind: 'number' as const, number: place.number, told: true as const }]
      return [{ kind: 'dial', parties, from, ringMs: DIAL_RING_MS, record: false }]
    }
    case 'hold':
      return [{ kind: 'play', urls: [spoken.music], forever: true }]
    case 'voicemail':
      return spoken.voicemail
    case 'nobody':
      return HANG_UP
  }
}

function ofTalk(talk: Talk, { links, party }: LiveCall, callId: string, spoken: Spoken): Instructions {
  const { next, stream, driver = 'stream', language = 'en-US' } = talk
  switch (next.to) {
    case 'agent':
      if (stream > STREAMS_MAX) return sayAndHangUp(spoken.apology)
      return [{ kind: 'stream', to: 'agent', stream, driver, language }]
    case 'room':
      return [{ kind: 'join-room', room: next.room, callId, role: 'customer' }]
    case 'number': {
      const from = ownNumber({ links, party })
      const parties = [{ kind: 'number' as const, number: next.number, told: true as const }]
      return [{ kind: 'dial', parties, from, ringMs: DIAL_RING_MS, record: false }]
    }
    case 'apology':
      return sayAndHangUp(spoken.apology)
    case 'nobody':
      return HANG_UP
  }
}

/** The answer to a carrier that asks what to do with a call outside a batch. It is a projection of the state. */
import { wordsOf } from '../clearance/words.ts'
import { HANG_UP, type Instructions, sayAndHangUp } from '../instruction/instruction.ts'
import type { CallState, EndedCall, HangupReason, LiveCall } from './state.ts'
import { STREAMS_MAX, type Talk } from './talk/talk.ts'

/** How long a person is rung for an inbound call, or for one that a browser or an AI agent hands to a number. */
export const INBOUND_RING_MS = 25_000
export const DIAL_RING_MS = 30_000

/** Sentences that are not in the state: who called (the seller), and the AI agent's own apology. */
export interface Spoken {
  safeHarbour: Instructions
  voicemail: Instructions
  apology: string
}

export function instructionsFor({ call, talk }: CallState, callId: string, spoken: Spoken): Instructions {
  if (call.phase === 'over') return afterwards(call, spoken, talk === null)
  if (call.phase === 'empty' || call.status === 'terminating') return HANG_UP
  return talk === null ? connected(call, callId, spoken) : ofTalk(talk, call, callId, spoken)
}

/** What an agent hears whose browser phone has dialled a number and reached nobody. */
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
        parties: [{ kind: 'number', number: party.to }],
        from: party.from,
        ringMs: DIAL_RING_MS,
        record: options.record,
      },
    ]
  if (links.kind !== 'inbound') return HANG_UP
  if (voicemail || links.deskId === null) return spoken.voicemail
  const parties = [{ kind: 'desk' as const, deskId: links.deskId, callId }]
  return [{ kind: 'dial', parties, from: party.from, ringMs: INBOUND_RING_MS, record: true }]
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
      const from = links.kind === 'inbound' ? party.to : party.from
      const parties = [{ kind: 'number' as const, number: next.number }]
      return [{ kind: 'dial', parties, from, ringMs: DIAL_RING_MS, record: false }]
    }
    case 'apology':
      return sayAndHangUp(spoken.apology)
    case 'nobody':
      return HANG_UP
  }
}

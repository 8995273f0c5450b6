/** Calls whose consultations have one thing wrong. Each must be found by the small worlds. */
import { call } from '../../src/core/call/call.ts'
import type { CallEffect, CallFact, CallInput, CallState } from '../../src/core/call/state.ts'
import type { AttendedWorld } from './attended-story.ts'
import type { TransferMachine } from './explore-transfer.ts'

const NONE = {
  ...{ asks: 1, moves: 0, declines: 0, losses: 0, ownLosses: 0 },
  ...{ strikes: 0, refusals: 0, lostWords: 0, hangUps: 0 },
}
export const SMALL_ATTENDED: readonly AttendedWorld[] = [
  { ...NONE, target: 'desk', moves: 2, declines: 1 },
  { ...NONE, target: 'desk', moves: 1, losses: 1 },
  { ...NONE, target: 'desk', moves: 1, hangUps: 1, strikes: 1, lostWords: 1 },
  { ...NONE, target: 'desk', moves: 1, ownLosses: 1, refusals: 1 },
  { ...NONE, target: 'number', moves: 2, declines: 1, strikes: 1 },
  { ...NONE, target: 'number', moves: 1, hangUps: 1, ownLosses: 1 },
]

function silent(effect: CallEffect['type'], when: (fact: CallFact) => boolean = () => true): TransferMachine {
  return { ...call, react: (fact, state) => call.react(fact, state).filter(one => one.type !== effect || !when(fact)) }
}
function deaf(when: (input: CallInput, state: CallState) => boolean): TransferMachine {
  return { ...call, decide: (state, input) => (when(input, state) ? [] : call.decide(state, input)) }
}
/** Another fact in the place of one. */
function decides(change: (fact: CallFact, state: CallState) => CallFact[]): TransferMachine {
  return { ...call, decide: (state, input) => call.decide(state, input).flatMap(fact => change(fact, state)) }
}

export const PLANTED_ATTENDED: Record<string, TransferMachine> = {
  'the colleague’s line is not called in': silent('call-in'),
  'the colleague’s line is not sent home': silent('send-home'),
  'the person hears nothing while it rings': silent('hold-in-room', fact => fact.type === 'transfer-wanted'),
  'a swap holds nobody': silent('hold-in-room', fact => fact.type === 'transfer-consulting'),
  'the person stays on hold after a cancel': silent('hold-in-room', fact => fact.type === 'transfer-stayed'),
  'the person goes ahead of the colleague': decides((fact, { transfer }) => {
    const stage = transfer?.stage
    if (fact.type !== 'transfer-parting' || stage?.is !== 'consulting' || stage.helper.kind !== 'desk') return [fact]
    const { deskId, offerId, home: room } = stage.helper
    const leaving = { place: { at: 'room' as const, room, deskId }, taker: { deskId, offerId }, asking: false }
    const { at, transferId, untilMs } = fact
    const from = 'w_a.d_a'
    return [fact, { type: 'transfer-leaving', at, transferId, ...leaving, from, untilMs, personal: { number: null } }]
  }),
  'a lost line of whoever asks changes nothing': deaf(input => input.type === 'transfer.origin-lost'),
  'a colleague who leaves the consultation is not missed': deaf(
    (input, { transfer }) =>
      input.type === 'transfer.answered' && input.answer === 'declined' && transfer?.stage.is === 'consulting',
  ),
  'a colleague whose line is lost on the way home is not missed': deaf(
    (input, { transfer }) =>
      input.type === 'transfer.answered' && input.answer === 'left' && transfer?.stage.is === 'parting',
  ),
  'the number is kept after a cancel': silent('end-target', fact => fact.type === 'transfer-leg-over'),
  'the number is kept when the person hangs up': silent('end-target', fact => fact.type === 'call-hungup'),
  'a number that hangs up leaves the person alone': deaf(
    (input, { transfer }) => input.type === 'transfer.visited' && input.is === 'gone' && transfer?.stage.is === 'there',
  ),
  'nobody tells whoever asks where it is': silent('tell-phase'),
  'the seat of the colleague is kept when the person hangs up': silent(
    'end-offer-of-person',
    fact => fact.type === 'call-hungup',
  ),
  'a colleague who never comes is waited for': { ...call, deadline: () => null },
}

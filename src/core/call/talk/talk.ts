/**
 * The part `talk` of a call: an AI agent talks with the person. It says which agent, which media stream may connect next,
 * and where the call goes when the agent hands it over. The words are facts; turns live in memory with the stream (core/turn).
 */
import { type Once, once, type Repeat, repeat, tell, unreachable } from '../../machine.ts'
import { type FactOf, type InputOf, isOf, type Making, type Part } from '../../parts.ts'
import type { CallEffect, CallState, PartFact, PartInput } from '../state.ts'

/** An offered transfer that nobody answers comes back to the AI agent. */
export const TRANSFER_WAIT_MS = 25_000
/** A stream that keeps dropping is given up. */
export const STREAMS_MAX = 8

/**
 * The side that recognises and makes speech: our providers (`stream`, the default), the carrier, so that only words cross the
 * socket (`relay`), or one model that also thinks (`realtime`).
 */
export type Driver = 'stream' | 'relay' | 'realtime'

export interface TalkOrder {
  agentId: string
  /** version of the agent; a call keeps the one that it began with */
  version: number
  /** both sides are recorded, from the first stream on */
  record: boolean
  driver: Driver
  /** the agent's language, for a carrier that speaks itself */
  language: string
}

export type Next =
  | { to: 'agent' }
  /** a person's room: the call joins it */
  | { to: 'room'; room: string; deskId: string }
  | { to: 'number'; number: string }
  /** the number that the call was handed to is done with it */
  | { to: 'nobody' }
  /** our voice providers failed: the carrier's own voice says the apology */
  | { to: 'apology' }

export interface Talk extends TalkOrder {
  /** number of the next stream; the token of every earlier one is spent */
  stream: number
  open: boolean
  next: Next
  transfer: { transferId: string; deskId: string; askedAt: number } | null
}

export type Speaker = 'caller' | 'agent' | 'tool' | 'system'
export type TransferAnswer = 'accepted' | 'declined' | 'timed-out' | 'not-there'

export type TalkInput = { at: number } & (
  | { type: 'talk.ordered'; order: TalkOrder }
  | { type: 'talk.stream-opened'; stream: number }
  | { type: 'talk.stream-closed'; stream: number; why: string }
  /** `data`: times, confidence, latency; nothing personal */
  | { type: 'talk.said'; who: Speaker; text: string; data: Record<string, unknown> }
  | { type: 'talk.noted'; word: string; data: Record<string, unknown> }
  | { type: 'talk.transfer-wanted'; transferId: string; deskId: string; summary: string }
  /** a transfer to a number, which nobody has to accept */
  | { type: 'talk.dial-wanted'; number: string }
  /** `agentName` is the agent whose desk answered; the call is theirs from then on */
  | { type: 'talk.transfer-answered'; transferId: string; answer: TransferAnswer; room: string; agentName?: string }
  | { type: 'talk.handed-back' }
  /** the number that the call was handed to is gone, or never answered */
  | { type: 'talk.dial-ended'; reached: boolean }
  | { type: 'talk.last-words-wanted' }
)

export type TalkFact = { at: number } & (
  | { type: 'talk-ordered'; order: TalkOrder }
  | { type: 'talk-stream-opened'; stream: number; record: boolean }
  | { type: 'talk-stream-closed'; stream: number; why: string }
  | { type: 'talk-said'; who: Speaker; data: Record<string, unknown>; personal: { text: string } }
  | { type: 'talk-noted'; word: string; data: Record<string, unknown> }
  | { type: 'talk-transfer-asked'; transferId: string; deskId: string; personal: { summary: string } }
  | {
      type: 'talk-transfer-answered'
      transferId: string
      answer: TransferAnswer
      deskId: string
      room: string
      agentName?: string
    }
  | { type: 'talk-dialed-on'; personal: { number: string } }
  | { type: 'talk-handed-back'; deskId: string | null }
  | { type: 'talk-dial-ended'; reached: boolean }
  | { type: 'talk-last-words' }
)

export type TalkEffect =
  | Repeat<
      'neighbour',
      | { type: 'offer-transfer'; transferId: string; deskId: string; summary: string }
      | { type: 'withdraw-transfer'; transferId: string; deskId: string }
      /** the agent of the desk hears the summary before the caller is in */
      | { type: 'whisper-summary'; room: string }
    >
  /** once: a second recording of one call would be paid for twice */
  | Once<'carrier', { type: 'record-talk' }>

/** Who listens is noted on a call that no AI agent has as well. */
const LISTENED: readonly string[] = ['program-listens', 'program-left']

/** Decides for a call that is over: the last words of a conversation arrive a moment after its end. */
function decideAfter(input: TalkInput): TalkFact[] {
  const { at } = input
  if (input.type === 'talk.said') return [said(input)]
  if (input.type === 'talk.noted') return [{ type: 'talk-noted', at, word: input.word, data: input.data }]
  if (input.type === 'talk.stream-closed')
    return [{ type: 'talk-stream-closed', at, stream: input.stream, why: input.why }]
  return []
}

function said({ at, who, text, data }: Extract<TalkInput, { type: 'talk.said' }>): TalkFact {
  return { type: 'talk-said', at, who, data, personal: { text } }
}

function decideTalk(talk: Talk | null, input: TalkInput): TalkFact[] {
  const { at } = input
  if (input.type === 'talk.ordered') return talk === null ? [{ type: 'talk-ordered', at, order: input.order }] : []
  if (talk === null) return input.type === 'talk.noted' && LISTENED.includes(input.word) ? decideAfter(input) : []
  switch (input.type) {
    case 'talk.stream-opened':
      return input.stream === talk.stream
        ? [{ type: 'talk-stream-opened', at, stream: input.stream, record: talk.record && input.stream === 1 }]
        : []
    case 'talk.stream-closed':
      return talk.open && input.stream === talk.stream - 1 ? decideAfter(input) : []
    case 'talk.said':
    case 'talk.noted':
      return decideAfter(input)
    case 'talk.transfer-wanted': {
      const { transferId, deskId, summary } = input
      if (talk.transfer !== null || talk.next.to !== 'agent') return []
      return [{ type: 'talk-transfer-asked', at, transferId, deskId, personal: { summary } }]
    }
    case 'talk.transfer-answered':
      return answered(talk, input)
    case 'talk.dial-wanted':
      return talk.next.to === 'agent' ? [{ type: 'talk-dialed-on', at, personal: { number: input.number } }] : []
    case 'talk.handed-back':
      if (talk.next.to === 'agent') return []
      return [{ type: 'talk-handed-back', at, deskId: talk.next.to === 'room' ? talk.next.deskId : null }]
    case 'talk.dial-ended':
      if (talk.next.to !== 'number') return []
      return [{ type: 'talk-dial-ended', at, reached: input.reached }]
    case 'talk.last-words-wanted':
      return talk.next.to === 'agent' ? [{ type: 'talk-last-words', at }] : []
    default:
      return unreachable(input)
  }
}

function answered(talk: Talk, input: Extract<TalkInput, { type: 'talk.transfer-answered' }>): TalkFact[] {
  const { at, transferId, answer, room, agentName } = input
  if (talk.transfer?.transferId !== transferId) return []
  const { deskId } = talk.transfer
  const by = agentName === undefined ? {} : { agentName }
  return [{ type: 'talk-transfer-answered', at, transferId, answer, deskId, room, ...by }]
}

/** Times out an offer that nobody has answered. */
function overdueTransfer(talk: Talk | null, at: number): TalkFact[] {
  const transfer = talk?.transfer
  if (!transfer || at < transfer.askedAt + TRANSFER_WAIT_MS) return []
  const { transferId, deskId } = transfer
  return [{ type: 'talk-transfer-answered', at, transferId, answer: 'timed-out', deskId, room: '' }]
}

function transferDeadline(talk: Talk | null): number | null {
  return talk?.transfer ? talk.transfer.askedAt + TRANSFER_WAIT_MS : null
}

function evolveTalk(talk: Talk | null, fact: TalkFact): Talk | null {
  if (fact.type === 'talk-ordered') return begun(fact.order)
  if (talk === null) return null
  switch (fact.type) {
    case 'talk-stream-opened':
      return { ...talk, stream: fact.stream + 1, open: true }
    case 'talk-stream-closed':
      return { ...talk, open: false }
    case 'talk-said':
    case 'talk-noted':
      return talk
    case 'talk-transfer-asked':
      return { ...talk, transfer: { transferId: fact.transferId, deskId: fact.deskId, askedAt: fact.at } }
    case 'talk-transfer-answered': {
      const { answer, room, deskId } = fact
      return { ...talk, transfer: null, next: answer === 'accepted' ? { to: 'room', room, deskId } : talk.next }
    }
    case 'talk-dialed-on':
      return { ...talk, next: { to: 'number', number: fact.personal.number } }
    case 'talk-handed-back':
      return { ...talk, next: { to: 'agent' } }
    case 'talk-dial-ended':
      return { ...talk, next: { to: fact.reached ? 'nobody' : 'agent' } }
    case 'talk-last-words':
      return { ...talk, next: { to: 'apology' } }
    default:
      return unreachable(fact)
  }
}

function react(fact: TalkFact): TalkEffect[] {
  switch (fact.type) {
    case 'talk-transfer-asked': {
      const { transferId, deskId, personal } = fact
      return [tell({ type: 'offer-transfer', transferId, deskId, summary: personal.summary })]
    }
    case 'talk-transfer-answered': {
      const { transferId, deskId, answer, room } = fact
      if (answer === 'accepted') return [tell({ type: 'whisper-summary', room })]
      return answer === 'timed-out' ? [tell({ type: 'withdraw-transfer', transferId, deskId })] : []
    }
    case 'talk-handed-back': {
      const { deskId } = fact
      return deskId === null ? [] : [tell({ type: 'withdraw-transfer', transferId: '', deskId })]
    }
    case 'talk-stream-opened':
      return fact.record ? [once('carrier', { type: 'record-talk' })] : []
    default:
      return []
  }
}

/** The call goes elsewhere: the carrier must fetch its instruction again. */
function moves(fact: TalkFact): boolean {
  if (fact.type === 'talk-transfer-answered') return fact.answer === 'accepted'
  // `talk-dial-ended` needs no redirect, because the carrier is asking at this moment.
  return fact.type === 'talk-handed-back' || fact.type === 'talk-dialed-on' || fact.type === 'talk-last-words'
}

type Input = InputOf<'talk', PartInput>
type Fact = FactOf<'talk', PartFact>

export const talk: Part<'talk', CallState, Talk | null, PartInput, PartFact, CallEffect> = {
  initial: null,
  decide: (making: Making<CallState, Fact>, input: Input) => {
    const { call, talk } = making.state
    const facts = call.phase === 'live' ? decideTalk(talk, input) : call.phase === 'over' ? decideAfter(input) : []
    for (const fact of facts) making.add(fact)
  },
  strike: making => {
    const { call, talk } = making.state
    if (call.phase === 'live') for (const fact of overdueTransfer(talk, making.at)) making.add(fact)
  },
  evolve: (slice, fact) => {
    if (isOf('talk', fact)) return evolveTalk(slice, fact)
    // A second agent of one flow goes on with the numbers of the streams: the token of an earlier stream is spent.
    if (fact.type === 'flow-agent-engaged') return { ...begun(fact.order), stream: slice?.stream ?? 1 }
    if (fact.type !== 'call-created' && fact.type !== 'call-received') return slice
    // Calls of release 0.1.0 have no order here; a `talk-ordered` follows in their facts.
    return fact.talk == null ? slice : begun(fact.talk)
  },
  react: (fact, { call }) => {
    if (!isOf('talk', fact)) return []
    const providerId = call.phase === 'live' ? call.providerId : null
    const again = moves(fact) && providerId !== null ? [repeat('carrier', { type: 'redirect-call', providerId })] : []
    return [...react(fact), ...again]
  },
  deadline: ({ call, talk }) => (call.phase === 'live' ? transferDeadline(talk) : null),
  about: {
    'talk-ordered': 'self',
    'talk-stream-opened': 'self',
    'talk-stream-closed': 'self',
    'talk-said': 'self',
    'talk-noted': 'self',
    'talk-transfer-asked': ({ deskId }) => ({ desk: deskId }),
    'talk-transfer-answered': ({ deskId, room }) => ({ desk: deskId, room: room || null }),
    'talk-dialed-on': 'self',
    'talk-handed-back': ({ deskId }) => ({ desk: deskId }),
    'talk-dial-ended': 'self',
    'talk-last-words': 'self',
  },
}

function begun(order: TalkOrder): Talk {
  return { ...order, stream: 1, open: false, next: { to: 'agent' }, transfer: null }
}

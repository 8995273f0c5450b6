/**
 * The part of a call in which an AI agent talks with the person: which agent, which line may connect next, and where the
 * call goes when the agent hands it over. The words themselves are facts; the turns live with the line (core/turn).
 */
import { type Once, once, type Repeat, tell, unreachable } from '../machine.ts'

/** An offered transfer that nobody answers comes back to the AI agent. */
export const TRANSFER_WAIT_MS = 25_000
/** A line that keeps dropping is given up. */
export const STREAMS_MAX = 8

/**
 * Who hears and speaks: our providers (`stream`, the default), the carrier, so that only words cross the line (`relay`), or
 * one model that also thinks (`realtime`).
 */
export type Driver = 'stream' | 'relay' | 'realtime'

export interface TalkOrder {
  agentId: string
  /** of the agent's data: a call keeps the version that it began with */
  version: number
  /** both sides, from the first line on */
  record: boolean
  driver?: Driver
}

export type Next =
  | { to: 'agent' }
  /** a person's room: the call joins it */
  | { to: 'room'; room: string; deskId: string }
  | { to: 'number'; number: string }
  /** our own voice is gone: the carrier's says so */
  | { to: 'apology' }

export interface Talk extends TalkOrder {
  /** number of the next line; the token of every earlier one is spent */
  stream: number
  open: boolean
  next: Next
  transfer: { transferId: string; deskId: string; askedAt: number } | null
}

export type Speaker = 'caller' | 'agent' | 'tool' | 'system'
export type TransferAnswer = 'accepted' | 'declined' | 'timed-out' | 'not-there'

export type TalkInput = { at: number } & (
  | { type: 'talk.ordered'; order: TalkOrder }
  | { type: 'talk.line-opened'; stream: number }
  | { type: 'talk.line-closed'; stream: number; why: string }
  /** `data`: times, confidence, latency; nothing personal */
  | { type: 'talk.said'; who: Speaker; text: string; data: Record<string, unknown> }
  | { type: 'talk.noted'; word: string; data: Record<string, unknown> }
  | { type: 'talk.transfer-wanted'; transferId: string; deskId: string; summary: string }
  /** without asking anyone */
  | { type: 'talk.dial-wanted'; number: string }
  /** `agentName`: whose desk answered; the call is theirs from then on */
  | { type: 'talk.transfer-answered'; transferId: string; answer: TransferAnswer; room: string; agentName?: string }
  | { type: 'talk.handed-back' }
  | { type: 'talk.last-words-wanted' }
)

export type TalkFact = { at: number } & (
  | { type: 'talk-ordered'; order: TalkOrder }
  | { type: 'talk-line-opened'; stream: number; record: boolean }
  | { type: 'talk-line-closed'; stream: number; why: string }
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

/** Facts about a call that is over: the last words of a conversation come a moment late. */
export function decideAfter(input: TalkInput): TalkFact[] {
  const { at } = input
  if (input.type === 'talk.said') return [said(input)]
  if (input.type === 'talk.noted') return [{ type: 'talk-noted', at, word: input.word, data: input.data }]
  if (input.type === 'talk.line-closed') return [{ type: 'talk-line-closed', at, stream: input.stream, why: input.why }]
  return []
}

function said({ at, who, text, data }: Extract<TalkInput, { type: 'talk.said' }>): TalkFact {
  return { type: 'talk-said', at, who, data, personal: { text } }
}

export function decideTalk(talk: Talk | null, input: TalkInput): TalkFact[] {
  const { at } = input
  if (input.type === 'talk.ordered') return talk === null ? [{ type: 'talk-ordered', at, order: input.order }] : []
  if (talk === null) return []
  switch (input.type) {
    case 'talk.line-opened':
      return input.stream === talk.stream
        ? [{ type: 'talk-line-opened', at, stream: input.stream, record: talk.record && input.stream === 1 }]
        : []
    case 'talk.line-closed':
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

/** An offer that nobody has answered in time. */
export function overdueTransfer(talk: Talk | null, at: number): TalkFact[] {
  const transfer = talk?.transfer
  if (!transfer || at < transfer.askedAt + TRANSFER_WAIT_MS) return []
  const { transferId, deskId } = transfer
  return [{ type: 'talk-transfer-answered', at, transferId, answer: 'timed-out', deskId, room: '' }]
}

export function transferDeadline(talk: Talk | null): number | null {
  return talk?.transfer ? talk.transfer.askedAt + TRANSFER_WAIT_MS : null
}

export function evolveTalk(talk: Talk | null, fact: TalkFact): Talk | null {
  if (fact.type === 'talk-ordered')
    return { ...fact.order, stream: 1, open: false, next: { to: 'agent' }, transfer: null }
  if (talk === null) return null
  switch (fact.type) {
    case 'talk-line-opened':
      return { ...talk, stream: fact.stream + 1, open: true }
    case 'talk-line-closed':
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
    case 'talk-last-words':
      return { ...talk, next: { to: 'apology' } }
    default:
      return unreachable(fact)
  }
}

/** `moved`: the carrier must fetch the call's instruction again. */
export function reactTalk(fact: TalkFact): { effects: TalkEffect[]; moved: boolean } {
  switch (fact.type) {
    case 'talk-transfer-asked': {
      const { transferId, deskId } = fact
      const { summary } = fact.personal
      return { effects: [tell({ type: 'offer-transfer', transferId, deskId, summary })], moved: false }
    }
    case 'talk-transfer-answered': {
      const { transferId, deskId, answer } = fact
      const { room } = fact
      if (answer === 'accepted') return { effects: [tell({ type: 'whisper-summary', room })], moved: true }
      const late = answer === 'timed-out'
      return {
        effects: late ? [tell({ type: 'withdraw-transfer', transferId, deskId })] : [],
        moved: false,
      }
    }
    case 'talk-handed-back': {
      const { deskId } = fact
      const left: TalkEffect = tell({ type: 'withdraw-transfer', transferId: '', deskId: deskId ?? '' })
      return { effects: deskId === null ? [] : [left], moved: true }
    }
    case 'talk-dialed-on':
    case 'talk-last-words':
      return { effects: [], moved: true }
    case 'talk-line-opened':
      return { effects: fact.record ? [once('carrier', { type: 'record-talk' })] : [], moved: false }
    default:
      return { effects: [], moved: false }
  }
}

/** What the carrier is to do with a call of its own (outside a batch): the same answer however often it asks. */
import type { CallState } from './state.ts'
import { type Driver, STREAMS_MAX } from './talk.ts'

export type CallInstruction =
  /** connect line number `stream` to the AI agent */
  | { kind: 'converse'; stream: number; driver: Driver }
  | { kind: 'room'; room: string }
  | { kind: 'dial'; number: string; from: string }
  | { kind: 'apology' }
  | { kind: 'hang-up' }

export function instructionFor(state: CallState): CallInstruction {
  if (state.phase !== 'live' || state.talk === null || state.status === 'terminating') return { kind: 'hang-up' }
  const { next, stream } = state.talk
  switch (next.to) {
    case 'agent':
      return stream > STREAMS_MAX
        ? { kind: 'apology' }
        : { kind: 'converse', stream, driver: state.talk.driver ?? 'stream' }
    case 'room':
      return { kind: 'room', room: next.room }
    case 'number':
      return {
        kind: 'dial',
        number: next.number,
        from: state.links.kind === 'inbound' ? state.party.to : state.party.from,
      }
    case 'apology':
      return { kind: 'apology' }
  }
}

/**
 * A colleague asks this agent first: their line visits the colleague's room, and goes home again. Meanwhile nobody else gets the agent, and a
 * line that is away on a visit is not a line that was lost. The call of the person says where the line belongs.
 */
import { unreachable } from '../machine.ts'
import { VISIT_HOME_MS, VISIT_MOST_MS } from './consult.ts'
import type { Desk } from './decide.ts'
import { type DeskInput, isSame } from './state.ts'

type Input = Extract<DeskInput, { type: `visit.${'wanted' | 'over' | 'reported'}` | 'line.unmoved' }>
type Of<T extends Input['type']> = Extract<Input, { type: T }>

export function visitSaid(desk: Desk, input: Input): void {
  switch (input.type) {
    case 'visit.wanted':
      return wanted(desk, input)
    case 'visit.over':
      return isSame(desk.state.visit?.of, input.of) ? goHome(desk) : undefined
    case 'visit.reported':
      return reported(desk, input)
    case 'line.unmoved':
      return input.callId === desk.state.line.callId ? unmoved(desk) : undefined
    default:
      return unreachable(input)
  }
}

function wanted(desk: Desk, { of, room }: Of<'visit.wanted'>): void {
  const { at, state } = desk
  const { line, lease, visit } = state
  if (isSame(visit?.of, of)) return
  if (line.state !== 'open' || line.callId === null || line.providerId === null || visit || !isSame(lease?.for, of))
    return desk.add({ type: 'visit-refused', at, of })
  const { callId, providerId } = line
  desk.add({ type: 'visit-began', at, of, room, callId, providerId, untilMs: at + VISIT_MOST_MS })
}

/** The line goes home, however far it has come. */
export function goHome(desk: Desk): void {
  const { at, state } = desk
  const { visit, line } = state
  if (!visit || visit.stage === 'returning' || line.callId === null || line.providerId === null) return
  const { callId, providerId } = line
  desk.add({ type: 'visit-over', at, of: visit.of, callId, providerId, untilMs: at + VISIT_HOME_MS })
}

function reported(desk: Desk, { room, callId, word, sinceMs }: Of<'visit.reported'>): void {
  const { at, state } = desk
  const { visit, line } = state
  // Words of an earlier visit, or of an earlier line.
  if (!visit || visit.room !== room || line.callId !== callId || sinceMs < visit.sinceMs) return
  if (word === 'joined' && visit.stage === 'going') desk.add({ type: 'visit-joined', at, of: visit.of, callId })
  // Nobody has sent it home. A carrier that was asked twice to take it there takes it out and in again, so it is ended for certain.
  if (word === 'left' && visit.stage === 'there') abandon(desk)
}

/** The line is in its own room again. */
export function cameHome(desk: Desk, callId: string): void {
  const { visit, line } = desk.state
  if (visit?.stage === 'returning' && line.callId === callId)
    desk.add({ type: 'visit-ended', at: desk.at, of: visit.of, callId, because: 'home' })
}

/** A line that was to go is still at home; one that was to come home is somewhere, and is ended. */
function unmoved(desk: Desk): void {
  const { visit, line } = desk.state
  if (!visit || line.callId === null) return
  if (visit.stage === 'returning') return abandon(desk)
  if (visit.stage === 'going')
    desk.add({ type: 'visit-ended', at: desk.at, of: visit.of, callId: line.callId, because: 'unmoved' })
}

/** The agent's page has opened another line: the one that was on a visit is over. */
export function replaced(desk: Desk): void {
  const { visit, line } = desk.state
  if (visit && line.callId !== null)
    desk.add({ type: 'visit-ended', at: desk.at, of: visit.of, callId: line.callId, because: 'lost' })
}

export function strikeVisit(desk: Desk): void {
  const { visit } = desk.state
  if (!visit || visit.untilMs === null || desk.at < visit.untilMs) return
  if (visit.stage === 'going') goHome(desk)
  else if (visit.stage === 'returning') abandon(desk)
}

function abandon(desk: Desk): void {
  const { at, state } = desk
  const { visit, line } = state
  if (!visit || line.callId === null || line.providerId === null) return
  desk.add({ type: 'visit-ended', at, of: visit.of, callId: line.callId, because: 'lost' })
  desk.add({ type: 'line-abandoned', at, providerId: line.providerId })
  desk.closeLine()
}

/** What must hold in every story of a consultation. */
import { isTalking, PHASES } from '../../src/core/call/transfer/moves.ts'
import { phaseOf } from '../../src/core/call/transfer/state.ts'
import { isOver, type Story } from './attended-story.ts'
import type { TransferMachine } from './explore-transfer.ts'

/** The laws. Some hold always, some when nothing is on its way. */
export function* broken(story: Story, machine: TransferMachine): Generator<string> {
  const { where, a, b, leg, held } = story
  if (where === 'dropped') yield 'a person was dropped'
  yield* story.wrong
  for (const ends of Object.values(story.told)) if (ends.length > 1) yield 'a transfer ended twice'
  if (!isStill(story)) return
  if (b.visit === 'going' || b.visit === 'returning') {
    // Its word was lost; a time decides.
    if (machine.deadline(story.call) === null || isOver(story)) yield 'a line is on its way for ever'
    return
  }
  if (isOver(story)) {
    if (b.lease !== null) yield 'an agent is held for a call that is over'
    if (b.line === 'a') yield 'a line stays in a strange room after the call'
    if (leg !== 'none' && leg !== 'gone') yield 'a number is kept after the call'
    return
  }
  yield* still(story)
  const phase = phaseOf(story.call.transfer)
  if (phase !== null && machine.deadline(story.call) === null && !isTalking(phase)) yield 'a phase lasts for ever'
  const { stage } = story.call.transfer ?? {}
  if (stage?.is === 'leaving' && story.refused === 0) yield 'the carrier was never asked to take the person along'
  if (stage?.is === 'leaving' || stage?.is === 'offered') return
  if (phase === null && a.handing !== null) yield 'an agent waits for a transfer for ever'
  if (where === 'hold') yield 'a person hears music for ever'
  if (phase === null && where === 'a' && held.person) yield 'a person is on hold for nobody'
}

function isStill({ toA, toB, toLeg, toRoom, toCall, redirects, lineTo }: Story): boolean {
  const words = [toA, toB, toLeg, toRoom, toCall.a, toCall.b, toCall.leg, lineTo]
  return redirects === 0 && words.every(list => list.length === 0)
}

/** Who is where while nothing is on its way. */
function* still({ call: state, where, a, b, leg, held, unheard }: Story): Generator<string> {
  const phase = phaseOf(state.transfer)
  if ((phase === 'joining' || phase === 'parting') && unheard === 0) yield 'a consultation waits for nobody'
  const there = b.line === 'a' || leg === 'a'
  if (phase !== null && isTalking(phase)) {
    const row = PHASES[phase]
    if (!there) yield 'an agent speaks with a target who is not there'
    if (held.person !== row.personHeld || held.target !== row.targetHeld)
      yield 'somebody hears what the phase does not say'
    if (!a.line) yield 'a consultation goes on without whoever asked'
  } else if (phase !== null && where === 'a' && held.person !== PHASES[phase].personHeld)
    yield 'a person hears nobody, and no music'
  if (b.line === 'a' && (phase === null || !isTalking(phase)) && phase !== 'joining' && phase !== 'parting')
    yield 'two agents are in one room'
  if (phase === null && leg === 'a') yield 'a number is kept after the consultation'
  if (phase === null && where !== 't' && (leg === 'rings' || leg === 't') && state.transfer?.stage.is !== 'leaving')
    yield 'a number is kept for nobody'
  if (where === 'b' && (b.line !== 'home' || b.lease === null) && state.transfer?.stage.is === 'there')
    yield 'a person is alone in a room'
  if (where === 't' && leg !== 't' && state.transfer?.stage.is === 'there') yield 'a person is alone in a room'
  if (where !== 'b' && b.lease !== null && phase === null && state.transfer?.stage.is === 'there')
    yield 'an agent is held for somebody who is elsewhere'
}

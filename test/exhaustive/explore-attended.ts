/**
 * All orders of a transfer whose target is asked first: messages that are on their way for any time, a carrier that is slow, refuses, or
 * loses its word. The desks, rooms and the number are in `attended-story.ts`, the laws in `attended-laws.ts`.
 */
import { call } from '../../src/core/call/call.ts'
import type { CallInput } from '../../src/core/call/state.ts'
import { type Move, PHASES } from '../../src/core/call/transfer/moves.ts'
import { broken } from './attended-laws.ts'
import {
  type AttendedWorld,
  answered,
  atA,
  atB,
  atLeg,
  begin,
  goHome,
  heardIn,
  input,
  isOver,
  LEG,
  loseLine,
  lostOwn,
  ROOM,
  type Story,
  type ToA,
  type ToB,
  type ToCall,
  type ToLeg,
  visited,
  wanted,
} from './attended-story.ts'
import type { TransferMachine } from './explore-transfer.ts'
import { type Searched, search } from './search.ts'

const ALL_MOVES: readonly Move[] = ['swap', 'merge', 'complete', 'cancel']

export function exploreAttended(world: AttendedWorld, machine: TransferMachine = call, most = 1_000_000): Searched {
  return search({
    first: begin(world, machine),
    keyOf,
    broken: story => broken(story, machine),
    nexts: story => nexts(story, world, machine),
    most,
    enough: machine === call ? 5 : 1,
  })
}

function keyOf(story: Story): string {
  return JSON.stringify({ ...story, call: [story.call.call.phase, story.call.transfer] })
}

function changed(story: Story, change: (next: Story) => void): Story {
  const next = structuredClone(story)
  change(next)
  return next
}

function* nexts(story: Story, world: AttendedWorld, machine: TransferMachine): Generator<Story> {
  const over = isOver(story)
  if (!over && story.left.hangUps > 0)
    yield changed(story, next => {
      next.left.hangUps -= 1
      next.where = 'gone'
      next.redirects = 0
      input(next, machine, { type: 'call.reported', at: next.at, providerId: 'CA1', status: 'completed' } as CallInput)
    })
  if (!over) yield* agentMoves(story, world)
  yield* colleagueMoves(story, over)
  yield* deliveries(story, machine)
  if (!over) yield* carrierMoves(story, machine)
  yield* lineMoves(story)
  yield* legMoves(story)
  const due = story.call.transfer && 'untilMs' in story.call.transfer.stage ? story.call.transfer.stage.untilMs : null
  if (due !== null && story.left.strikes > 0 && !over)
    yield changed(story, next => {
      next.left.strikes -= 1
      next.at = Math.max(next.at, due)
      input(next, machine, { type: 'clock.struck', at: next.at })
    })
}

function* agentMoves(story: Story, world: AttendedWorld): Generator<Story> {
  const { a } = story
  if (a.talks && a.handing === null && a.line && story.left.asks > 0 && story.where === 'a')
    yield changed(story, next => {
      next.left.asks -= 1
      next.begun += 1
      next.a.handing = `x${next.begun}`
      next.a.phase = 'ringing'
      next.toCall.a.push(wanted(`x${next.begun}`, world.target))
    })
  if (a.handing !== null && a.phase !== null && a.line && story.left.moves > 0)
    for (const move of ALL_MOVES.filter(one => PHASES[a.phase ?? 'parting'].moves.includes(one)))
      yield changed(story, next => {
        next.left.moves -= 1
        next.toCall.a.push({ type: 'transfer.move-wanted', transferId: a.handing ?? '', move } as ToCall)
      })
  if (a.line && story.left.ownLosses > 0)
    yield changed(story, next => {
      next.left.ownLosses -= 1
      next.a.line = false
      lostOwn(next)
    })
  if (a.rung)
    for (const answer of ['accepted', 'declined'] as const)
      yield changed(story, next => {
        next.a.rung = false
        const { stage } = next.call.transfer ?? {}
        const offerId = stage?.is === 'offered' ? stage.offerId : ''
        next.toCall.a.push({ type: 'transfer.answered', offerId, answer, room: ROOM.a, reason: null } as ToCall)
      })
}

function* colleagueMoves(story: Story, over: boolean): Generator<Story> {
  const { b } = story
  const { lease } = b
  if (lease !== null && !b.took) {
    if (!over)
      yield changed(story, next => {
        next.b.took = true
        next.toCall.b.push(answered(lease, 'accepted'))
      })
  }
  if (lease !== null && (!b.took || b.visit === 'there' || b.visit === 'going') && story.left.declines > 0)
    yield changed(story, next => {
      next.left.declines -= 1
      next.b.lease = null
      goHome(next)
      next.toCall.b.push(answered(lease, 'declined'))
    })
  if (lease !== null && b.line !== 'down' && story.left.losses > 0)
    yield changed(story, next => {
      next.left.losses -= 1
      loseLine(next)
    })
}

function* lineMoves(story: Story): Generator<Story> {
  const [to] = story.lineTo
  if (to === undefined) return
  const arrive = (next: Story, heard: boolean) => {
    next.lineTo.shift()
    next.b.line = to
    if (to === 'home') next.held.target = false
    // A request that another one has overtaken says where the line is by now.
    if (next.lineTo.length > 0 || !heard) return
    if (to === 'a' && next.b.visit === 'going') {
      next.b.visit = 'there'
      if (next.b.lease !== null) next.toCall.b.push(visited(next.b.lease, 'in'))
    } else if (to === 'home' && next.b.visit === 'returning') {
      next.b.visit = null
      if (next.b.lease !== null) next.toCall.b.push(visited(next.b.lease, 'home'))
    }
  }
  yield changed(story, next => arrive(next, true))
  if (story.left.lostWords > 0)
    yield changed(story, next => {
      next.left.lostWords -= 1
      next.unheard += 1
      arrive(next, false)
      // On the way home the desk waits for a time, and then gives the line up.
      if (to === 'home' && next.b.visit === 'returning') loseLine(next)
    })
  if (story.left.refusals > 0)
    yield changed(story, next => {
      next.left.refusals -= 1
      next.lineTo.shift()
      if (to === 'home') return loseLine(next)
      if (next.b.visit !== 'going') return
      next.b.visit = null
      if (next.b.lease !== null) next.toCall.b.push(visited(next.b.lease, 'gone', 'failed'))
    })
}

function* legMoves(story: Story): Generator<Story> {
  const { leg } = story
  const gone = (because: string) =>
    changed(story, next => {
      next.leg = 'gone'
      next.toCall.leg.push(visited(LEG, 'gone', because))
    })
  if (leg === 'rings')
    yield changed(story, next => {
      next.leg = 'a'
      next.toCall.leg.push(visited(LEG, 'in'))
    })
  if (leg === 'none' || leg === 'gone' || story.left.declines === 0) return
  const next = gone(leg === 'rings' ? 'no-answer' : 'left')
  next.left.declines -= 1
  yield next
}

function* deliveries(story: Story, machine: TransferMachine): Generator<Story> {
  if (story.toA.length > 0) yield changed(story, next => atA(next, next.toA.shift() as ToA))
  if (story.toB.length > 0) yield changed(story, next => atB(next, next.toB.shift() as ToB))
  if (story.toLeg.length > 0) yield changed(story, next => atLeg(next, next.toLeg.shift() as ToLeg))
  if (story.toRoom.length > 0)
    yield changed(story, next => {
      const { who, held } = next.toRoom.shift() as { who: 'person' | 'target'; held: boolean }
      next.held[who] = held
    })
  for (const from of ['a', 'b', 'leg'] as const)
    if (story.toCall[from].length > 0)
      yield changed(story, next => {
        input(next, machine, { ...(next.toCall[from].shift() as object), at: next.at } as CallInput)
      })
}

function* carrierMoves(story: Story, machine: TransferMachine): Generator<Story> {
  if (story.redirects === 0) return
  yield changed(story, next => {
    next.redirects -= 1
    const before = next.where
    next.where = heardIn(next)
    // A hold ends with the stay; a word about it that is on its way holds for the next one.
    if (before === 'a' && next.where !== 'a') next.held.person = false
    const target = next.where === 'b' ? next.b.line === 'a' : next.where === 't' && next.leg === 'a'
    if (target) next.wrong.push('a person went ahead of whoever they go to')
    if (next.call.transfer?.stage.is === 'leaving') input(next, machine, { type: 'transfer.fetched', at: next.at })
  })
  if (story.left.refusals > 0)
    yield changed(story, next => {
      next.redirects -= 1
      next.left.refusals -= 1
      next.refused += 1
      const delivery = { kind: 'effect', effect: 'redirect-call', attempts: 9, lastError: 'down' }
      input(next, machine, { type: 'delivery.given-up', at: next.at, ...delivery } as unknown as CallInput)
    })
}

/**
 * The invariants of the race, checked after every step of every exhaustive and simulated run.
 * Each returns a text that says what is wrong, or null.
 */
import { type Destination, destinationOf } from '../../src/core/batch/batch.ts'
import {
  type BatchEffect,
  type BatchFact,
  type BatchInput,
  type BatchState,
  isOpen,
  type Leg,
  legOf,
  type Seat,
} from '../../src/core/batch/state.ts'

export interface BatchStep {
  before: BatchState
  input: BatchInput
  facts: BatchFact[]
  effects: BatchEffect[]
  after: BatchState
}

type Law = (step: BatchStep) => string | null

// Millions of steps are judged, so the laws make no lists.
const NONE: readonly never[] = []
const legsOf = (state: BatchState): readonly Leg[] => (state.phase === 'empty' ? NONE : state.legs)
const seatsOf = (state: BatchState): readonly Seat[] => (isOpen(state) ? state.seats : NONE)
const seatIn = (state: BatchState, seatId: string) => seatsOf(state).some(seat => seat.seatId === seatId)
const seated = (leg: Leg): leg is Extract<Leg, { phase: 'holding' | 'won' }> =>
  leg.phase === 'holding' || leg.phase === 'won'

const laws: Record<string, Law> = {
  'at most one holder or winner per seat'({ after }) {
    if (!isOpen(after)) return legsOf(after).some(seated) ? 'a closed batch has someone in a seat' : null
    for (const seat of after.seats) {
      let here: string | null = null
      for (const leg of after.legs) {
        if (!seated(leg) || leg.seatId !== seat.seatId) continue
        if (here !== null) return `two legs in seat ${seat.seatId}`
        here = leg.legId
      }
      if (here !== seat.legId) return `seat ${seat.seatId} does not know who sits in it`
    }
    for (const leg of after.legs)
      if ('seatId' in leg && !seatIn(after, leg.seatId)) return 'a leg sits in a seat that is gone'
    return null
  },

  'a winner never changes, and is ended only by a person or itself'({ before, input, after }) {
    for (const leg of legsOf(before)) {
      if (leg.phase !== 'won') continue
      const now = legOf(after, leg.legId)
      if (now?.phase === 'won' && now.seatId === leg.seatId) continue
      const allowed = input.type === 'agent.hung-up' || input.type === 'seat.left' || input.type === 'leg.ended'
      if (!allowed) return `the winner ${leg.legId} was ended by ${input.type}`
    }
    return null
  },

  'only the holder or winner is bridged'({ after }) {
    for (const leg of legsOf(after)) {
      const instruction = destinationOf(after, leg.legId)
      if ((instruction.kind === 'room') !== seated(leg)) return `${leg.phase} leg hears ${instruction.kind}`
    }
    return null
  },

  'a second call of one leg, and a stranger, hear the message'({ after }) {
    if (destinationOf(after, 'nobody', 'CA-nobody').kind !== 'message') return 'a stranger hears something else'
    for (const { legId, answeredAs } of legsOf(after))
      if (answeredAs !== null && destinationOf(after, legId, 'CA-second').kind !== 'message')
        return `a second call of ${legId} is let in`
    return null
  },

  'a verdict once given is never taken back into the room'({ before, after }) {
    for (const leg of legsOf(before)) {
      if (leg.phase === 'dialing') continue
      if (destinationOf(after, leg.legId).kind !== 'room') continue
      const was: Destination['kind'] = destinationOf(before, leg.legId).kind
      if (was !== 'room') return `leg ${leg.legId} went from ${was} to the room`
    }
    return null
  },

  'the host has whom no seat was free for, and keeps them'({ before, input, after }) {
    for (const leg of legsOf(after)) {
      const { kind } = destinationOf(after, leg.legId)
      const was = destinationOf(before, leg.legId).kind
      if (was === 'agent' && kind !== 'agent') return `leg ${leg.legId} was taken from the host`
      if (kind !== 'agent' || was === 'agent') continue
      if (input.type !== 'leg.answered' || input.legId !== leg.legId)
        return `the host got ${leg.legId} by ${input.type}`
      // A person whom the agent has skipped gets no seat, however many are free; only a leg still dialing would have got one.
      const raced = legOf(before, leg.legId)?.phase === 'dialing'
      if (raced && isOpen(before) && before.seats.some(seat => seat.legId === null && !seat.paused))
        return 'a seat was free'
    }
    return null
  },

  'terminal is absorbing, one outcome per leg'({ before, facts, after }) {
    for (const leg of legsOf(before)) {
      if (leg.phase !== 'ended') continue
      const now = legOf(after, leg.legId)
      if (now === null && facts.some(fact => fact.type === 'leg-forgotten' && fact.legId === leg.legId)) continue
      if (now?.phase !== 'ended' || now.outcome !== leg.outcome) return `ended leg ${leg.legId} changed`
    }
    for (const fact of facts)
      if (fact.type === 'leg-ended' && facts.some(other => isEndOf(other, fact.legId) && other !== fact))
        return 'two outcomes for one leg'
    return null
  },

  'at most one call per leg'({ before, effects }) {
    for (const effect of effects) {
      if (effect.type !== 'place-leg') continue
      const { legId } = effect
      if (effects.some(other => other.type === 'place-leg' && other.legId === legId && other !== effect))
        return 'a leg is placed twice'
      if (legOf(before, legId)) return 'a known leg is placed again'
    }
    return null
  },

  'the race cancels only people who have not answered'({ effects, after }) {
    for (const effect of effects) {
      if (effect.type !== 'cancel-leg') continue
      const leg = legOf(after, effect.legId)
      if (leg?.phase !== 'released') return `cancel of a leg that is ${leg?.phase}`
    }
    return null
  },

  'completed is sent only for a person or 20 s after a verdict'({ before, input, effects }) {
    for (const effect of effects) {
      if (effect.type !== 'complete-leg' || input.type === 'agent.hung-up') continue
      const leg = legOf(before, effect.legId)
      if (input.type !== 'clock.struck' || leg?.phase !== 'dismissed') return `complete-leg on ${input.type}`
      if (leg.watchAt > input.at) return 'complete-leg before its time'
    }
    return null
  },

  'a person who answers takes a free seat'({ before, input, after }) {
    if (input.type !== 'leg.answered' || !isOpen(before)) return null
    const leg = legOf(before, input.legId)
    const verdict = leg?.verdict ?? input.verdict
    const free = before.seats.some(seat => seat.legId === null && !seat.paused)
    if (leg?.phase !== 'dialing' || !free || verdict === 'machine' || verdict === 'fax') return null
    const now = legOf(after, input.legId)
    return now && seated(now) ? null : `free seat, and the person is ${now?.phase}`
  },

  'whoever is free longest gets the person who answers'({ before, facts }) {
    if (!isOpen(before)) return null
    const first = before.seats.find(seat => seat.legId === null && !seat.paused)
    for (const fact of facts)
      if (fact.type === 'leg-held' && fact.seatId !== first?.seatId) return `${fact.seatId} got ${fact.legId}`
    return null
  },

  'a pool has no seat of a desk that has left, and none that was wanted back and is empty'({ after }) {
    if (!isOpen(after)) return null
    for (const { seatId, legId, withdrawn } of after.seats) {
      if (after.early?.[seatId] === 'left') return `${seatId} is there, and its desk has left`
      if (withdrawn && legId === null) return `${seatId} was wanted back`
    }
    return null
  },

  'too many lines: only those go that have rung long enough, and no more than are too many'({ before, input, facts }) {
    const gone = facts.filter(fact => fact.type === 'leg-released' && fact.because === 'too-many-lines')
    if (gone.length === 0 || !isOpen(before)) return null
    if (input.type !== 'lines.limited') return `let go on ${input.type}`
    const dialing = before.legs.filter(leg => leg.phase === 'dialing')
    if (dialing.length - gone.length < input.most) return 'too few lines are left'
    for (const fact of gone) {
      const leg = dialing.find(one => 'legId' in fact && one.legId === fact.legId)
      if (leg?.phase !== 'dialing' || (leg.rangAt !== null && input.at < leg.rangAt + before.policy.ringOutMs))
        return 'it has not rung long enough'
    }
    return null
  },

  'a person who answers is not sent to a line that is away'({ before, input, after }) {
    if (input.type !== 'leg.answered' || !isOpen(before)) return null
    const was = legOf(before, input.legId)
    const now = legOf(after, input.legId)
    if (!was || seated(was) || !now || !('seatId' in now)) return null
    return before.seats.some(seat => seat.seatId === now.seatId && seat.paused) ? 'the seat is paused' : null
  },

  'a person who has answered is never left without words'({ before, input, after }) {
    if (input.type !== 'leg.answered' || !isOpen(before)) return null
    const leg = legOf(after, input.legId)
    return leg?.phase === 'dialing' || leg?.phase === 'released' ? `answered, and still ${leg.phase}` : null
  },

  'ring-out lets a phone ring its 15 s'({ before, input, facts }) {
    if (!isOpen(before) || before.policy.release !== 'ring-out') return null
    for (const fact of facts) {
      if (fact.type !== 'leg-released' || fact.because === 'stopped' || fact.because === 'skipped') continue
      const leg = legOf(before, fact.legId)
      if (leg?.phase === 'dialing' && leg.rangAt !== null && input.at < leg.rangAt + before.policy.ringOutMs)
        return `released after ${input.at - leg.rangAt} ms of ringing`
    }
    return null
  },

  'a machine verdict never ends in a seat'({ before, input, after }) {
    if (input.type !== 'leg.judged' || (input.verdict !== 'machine' && input.verdict !== 'fax')) return null
    const was = legOf(before, input.legId)
    const now = legOf(after, input.legId)
    return was?.phase === 'holding' && was.verdict === null && now && seated(now) ? 'a machine kept its seat' : null
  },

  'seats are returned once and empty'({ before, facts, after }) {
    const gone = (seatId: string) => !seatIn(after, seatId) && !facts.some(fact => isReturnOf(fact, seatId))
    for (const fact of facts) {
      if (fact.type === 'seat-joined' && gone(fact.seat.seatId)) return 'a seat vanished without being returned'
      if (fact.type !== 'seat-returned') continue
      const { seatId } = fact
      if (facts.some(other => isReturnOf(other, seatId) && other !== fact)) return 'a seat was returned twice'
      const joins = facts.some(other => other.type === 'seat-joined' && other.seat.seatId === seatId)
      if (!joins && !seatIn(before, seatId)) return 'an unknown seat was returned'
    }
    for (const { seatId } of seatsOf(before)) if (gone(seatId)) return 'a seat vanished without being returned'
    return null
  },

  'nothing moves without a fact'({ before, facts, effects, after }) {
    if (facts.length > 0) return null
    return effects.length === 0 && before === after ? null : 'a change without a fact'
  },
}

const isEndOf = (fact: BatchFact, legId: string) => fact.type === 'leg-ended' && fact.legId === legId
const isReturnOf = (fact: BatchFact, seatId: string) => fact.type === 'seat-returned' && fact.seatId === seatId

const LAWS = Object.entries(laws)
/** Laws that a step without any change may break too, because the input should have changed something. */
const IDLE_LAWS = LAWS.filter(([name]) => /^a (person|machine) |^nothing moves/.test(name))

/** The first broken law in words, or null. */
export function brokenLaw(step: BatchStep): string | null {
  const idle = step.facts.length === 0 && step.before === step.after
  for (const [name, law] of idle ? IDLE_LAWS : LAWS) {
    const wrong = law(step)
    if (wrong !== null) return `${name}: ${wrong}`
  }
  return null
}

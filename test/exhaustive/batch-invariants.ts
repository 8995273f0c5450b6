/**
 * The invariants of the race (design §4), checked after every step of every exhaustive and simulated run.
 * Each returns the words of what is wrong, or null.
 */
import { type Instruction, instructionFor } from '../../src/core/batch/batch.ts'
import {
  type BatchEffect,
  type BatchFact,
  type BatchInput,
  type BatchState,
  isOpen,
  type Leg,
} from '../../src/core/batch/state.ts'

export interface BatchStep {
  before: BatchState
  input: BatchInput
  facts: BatchFact[]
  effects: BatchEffect[]
  after: BatchState
}

type Law = (step: BatchStep) => string | null

const legsOf = (state: BatchState): Leg[] => (state.phase === 'empty' ? [] : state.legs)
const seated = (leg: Leg) => leg.phase === 'holding' || leg.phase === 'won'

const laws: Record<string, Law> = {
  'at most one holder or winner per seat'({ after }) {
    if (!isOpen(after)) return legsOf(after).some(seated) ? 'a closed batch has someone in a seat' : null
    for (const seat of after.seats) {
      const here = after.legs.filter(leg => seated(leg) && 'seatId' in leg && leg.seatId === seat.seatId)
      if (here.length > 1) return `${here.length} legs in seat ${seat.seatId}`
      if ((here[0]?.legId ?? null) !== seat.legId) return `seat ${seat.seatId} does not know who sits in it`
    }
    const places = new Set(after.seats.map(seat => seat.seatId))
    return after.legs.some(leg => 'seatId' in leg && !places.has(leg.seatId))
      ? 'a leg sits in a seat that is gone'
      : null
  },

  'a winner never changes, and is ended only by a person or itself'({ before, input, after }) {
    for (const leg of legsOf(before)) {
      if (leg.phase !== 'won') continue
      const now = legsOf(after).find(other => other.legId === leg.legId)
      if (now?.phase === 'won' && now.seatId === leg.seatId) continue
      const allowed = input.type === 'agent.hung-up' || input.type === 'seat.left' || input.type === 'leg.ended'
      if (!allowed) return `the winner ${leg.legId} was ended by ${input.type}`
    }
    return null
  },

  'only the holder or winner is bridged'({ after }) {
    for (const leg of legsOf(after)) {
      const instruction = instructionFor(after, leg.legId)
      if ((instruction.kind === 'room') !== seated(leg)) return `${leg.phase} leg hears ${instruction.kind}`
    }
    return null
  },

  'a second call of one leg, and a stranger, hear the message'({ after }) {
    if (instructionFor(after, 'nobody', 'CA-nobody').kind !== 'message') return 'a stranger hears something else'
    const known = legsOf(after).find(leg => leg.answeredAs !== null)
    if (!known || instructionFor(after, known.legId, 'CA-second').kind === 'message') return null
    return `a second call of ${known.legId} is let in`
  },

  'a verdict once given is never taken back into the room'({ before, after }) {
    for (const leg of legsOf(before)) {
      if (leg.phase === 'dialing') continue
      const was: Instruction['kind'] = instructionFor(before, leg.legId).kind
      const is = instructionFor(after, leg.legId).kind
      if (was !== 'room' && is === 'room') return `leg ${leg.legId} went from ${was} to the room`
    }
    return null
  },

  'terminal is absorbing, one outcome per leg'({ before, facts, after }) {
    for (const leg of legsOf(before)) {
      if (leg.phase !== 'ended') continue
      const now = legsOf(after).find(other => other.legId === leg.legId)
      if (now?.phase !== 'ended' || now.outcome !== leg.outcome) return `ended leg ${leg.legId} changed`
    }
    const ended = facts.filter(fact => fact.type === 'leg-ended').map(fact => ('legId' in fact ? fact.legId : ''))
    return new Set(ended).size === ended.length ? null : 'two outcomes for one leg'
  },

  'at most one call per leg'({ before, effects }) {
    const placed = effects.filter(effect => effect.type === 'place-leg').map(effect => effect.legId)
    if (new Set(placed).size !== placed.length) return 'a leg is placed twice'
    const known = new Set(legsOf(before).map(leg => leg.legId))
    return placed.some(legId => known.has(legId)) ? 'a known leg is placed again' : null
  },

  'the race cancels only people who have not answered'({ effects, after }) {
    for (const effect of effects) {
      if (effect.type !== 'cancel-leg') continue
      const leg = legsOf(after).find(other => other.legId === effect.legId)
      if (leg?.phase !== 'released') return `cancel of a leg that is ${leg?.phase}`
    }
    return null
  },

  'completed is sent only for a person or 20 s after a verdict'({ before, input, effects }) {
    for (const effect of effects) {
      if (effect.type !== 'complete-leg' || input.type === 'agent.hung-up') continue
      const leg = legsOf(before).find(other => other.legId === effect.legId)
      if (input.type !== 'clock.struck' || leg?.phase !== 'dismissed') return `complete-leg on ${input.type}`
      if (leg.watchAt > input.at) return 'complete-leg before its time'
    }
    return null
  },

  'a person who answers takes a free seat'({ before, input, after }) {
    if (input.type !== 'leg.answered' || !isOpen(before)) return null
    const leg = before.legs.find(other => other.legId === input.legId)
    const verdict = leg?.verdict ?? input.verdict
    const free = before.seats.some(seat => seat.legId === null && !seat.paused)
    if (leg?.phase !== 'dialing' || !free || verdict === 'machine' || verdict === 'fax') return null
    const now = legsOf(after).find(other => other.legId === input.legId)
    return now && seated(now) ? null : `free seat, and the person is ${now?.phase}`
  },

  'a person who answers is not sent to a line that is away'({ before, input, after }) {
    if (input.type !== 'leg.answered' || !isOpen(before)) return null
    const was = before.legs.find(other => other.legId === input.legId)
    const now = legsOf(after).find(other => other.legId === input.legId)
    if (!was || seated(was) || !now || !('seatId' in now)) return null
    return before.seats.some(seat => seat.seatId === now.seatId && seat.paused) ? 'the seat is paused' : null
  },

  'a person who has answered is never left without words'({ before, input, after }) {
    if (input.type !== 'leg.answered' || !isOpen(before)) return null
    const leg = legsOf(after).find(other => other.legId === input.legId)
    return leg?.phase === 'dialing' || leg?.phase === 'released' ? `answered, and still ${leg.phase}` : null
  },

  'ring-out lets a phone ring its 15 s'({ before, input, facts }) {
    if (!isOpen(before) || before.policy.release !== 'ring-out') return null
    for (const fact of facts) {
      if (fact.type !== 'leg-released' || fact.because === 'stopped' || fact.because === 'skipped') continue
      const leg = before.legs.find(other => other.legId === fact.legId)
      if (leg?.phase === 'dialing' && leg.rangAt !== null && input.at < leg.rangAt + before.policy.ringOutMs)
        return `released after ${input.at - leg.rangAt} ms of ringing`
    }
    return null
  },

  'a machine verdict never ends in a seat'({ before, input, after }) {
    if (input.type !== 'leg.judged' || (input.verdict !== 'machine' && input.verdict !== 'fax')) return null
    const was = legsOf(before).find(leg => leg.legId === input.legId)
    const now = legsOf(after).find(leg => leg.legId === input.legId)
    return was?.phase === 'holding' && was.verdict === null && now && seated(now) ? 'a machine kept its seat' : null
  },

  'seats are returned once and empty'({ before, facts, after }) {
    const returned = facts
      .filter(fact => fact.type === 'seat-returned')
      .map(fact => ('seatId' in fact ? fact.seatId : ''))
    if (new Set(returned).size !== returned.length) return 'a seat was returned twice'
    const had = new Set(isOpen(before) ? before.seats.map(seat => seat.seatId) : [])
    for (const fact of facts) if (fact.type === 'seat-joined') had.add(fact.seat.seatId)
    if (returned.some(seatId => !had.has(seatId))) return 'an unknown seat was returned'
    const left = new Set(isOpen(after) ? after.seats.map(seat => seat.seatId) : [])
    return [...had].every(seatId => left.has(seatId) || returned.includes(seatId))
      ? null
      : 'a seat vanished without being returned'
  },

  'nothing moves without a fact'({ before, facts, effects, after }) {
    if (facts.length > 0) return null
    return effects.length === 0 && before === after ? null : 'a change without a fact'
  },
}

const LAWS = Object.entries(laws)
/** Those that a step without any change may break too: what the input should have done. */
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

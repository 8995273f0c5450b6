/**
 * Every reachable state of the batch machine, up to the permutation of legs and seats: breadth first, every input in
 * every state, all laws after every step, every input delivered twice. The clock strikes only at `deadline`.
 */
import { batch, isServed } from '../../src/core/batch/batch.ts'
import {
  type BatchInput,
  type BatchPolicy,
  type BatchState,
  GONE_KEPT,
  isOpen,
  LEGS_MAX,
  type Leg,
  POOL_LEGS_MAX,
  type Seat,
  type SeatOffer,
} from '../../src/core/batch/state.ts'
import { step, unreachable } from '../../src/core/machine.ts'
import { brokenLaw } from './batch-invariants.ts'

export interface World {
  legs: number
  seats: number
  policy: BatchPolicy
  /** every word of a verdict and of an end; else one of each kind (the others lead to the same keys) */
  allWords?: boolean
}

export interface Explored {
  states: number
  transitions: number
}

type Live = Extract<BatchState, { phase: 'open' | 'closing' }>

const T0 = 1_000_000
const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i + 1}`)

/** Throws with the path of inputs on the first broken law. */
export function exploreBatch(world: World): Explored {
  const first: Node = { state: batch.initial, now: T0, input: null, before: null }
  const seen = new Set([keyOf(first.state)])
  const queue = [first]
  let transitions = 0
  for (const node of queue) {
    mustClose(node, world)
    mustOnlyTell(node)
    for (const input of inputsFor(node.state, node.now, world)) {
      const { after, changed } = check(node, input)
      transitions += 1
      if (!changed) continue
      const key = keyOf(after)
      if (seen.has(key)) continue
      seen.add(key)
      queue.push({ state: after, now: input.at, input, before: node })
    }
  }
  return { states: seen.size, transitions }
}

/** How a state was reached: a chain back to the start. */
interface Node {
  state: BatchState
  now: number
  input: BatchInput | null
  before: Node | null
}

function pathTo(node: Node): string {
  const path: string[] = []
  for (let one: Node | null = node; one?.input; one = one.before) path.unshift(words(one.input))
  return path.join(' → ')
}

function check(node: Node, input: BatchInput): { after: BatchState; changed: boolean } {
  const before = node.state
  const fail = (why: string): never => {
    throw new Error(`${why}\n  after: ${pathTo(node)} → ${words(input)}`)
  }
  const { state: after, facts, effects } = step(batch, before, input)
  const broken = brokenLaw({ before, input, facts, effects, after })
  if (broken) fail(broken)
  if (facts.length === 0) return { after, changed: false }
  const again = step(batch, after, input)
  if (again.facts.length > 0) fail(`delivered twice: ${again.facts.map(fact => fact.type).join(', ')}`)
  const due = batch.deadline(after)
  if (input.type === 'clock.struck' && due !== null && due <= input.at) fail('the clock would strike again at once')
  return { after, changed: true }
}

/** Liveness: once every leg is over, the round is closed and owes no seat. */
function mustClose(node: Node, world: World): void {
  const { state, now } = node
  if (!isOpen(state)) return
  let end: BatchState = world.policy.closed ? state : step(batch, state, { type: 'batch.stopped', at: now }).state
  for (const leg of state.legs)
    end = step(batch, end, { type: 'leg.ended', at: now, legId: leg.legId, cause: 'completed' }).state
  if (end.phase !== 'closed') throw new Error(`all legs over and the batch is ${end.phase}\n  after: ${pathTo(node)}`)
}

/** In every state a dead letter makes its one fact and changes nothing. */
function mustOnlyTell(node: Node): void {
  const letter = { type: 'delivery.given-up' as const, at: node.now, effect: 'cancel-leg', attempts: 9 }
  const { state, facts, effects } = step(batch, node.state, letter)
  const told = facts.length === 1 && facts[0]?.type === 'delivery-given-up'
  if (told && effects.length === 0 && keyOf(state) === keyOf(node.state)) return
  throw new Error(`a dead letter does more than tell\n  after: ${pathTo(node)}`)
}

function inputsFor(state: BatchState, at: number, world: World): BatchInput[] {
  if (state.phase === 'empty') return openings(at, world)
  const due = batch.deadline(state)
  const inputs: BatchInput[] = [
    { type: 'batch.stopped', at },
    { type: 'clock.struck', at: Math.max(at, due ?? at) },
    { type: 'lines.limited', at, most: 0 },
  ]
  const paused = pausedSeats(state)
  const done = new Set<string>()
  for (const leg of state.legs) {
    // Legs of one signature are permutations of each other: one of them is enough.
    const like = signature(leg, paused)
    if (!done.has(like)) inputs.push(...legInputs(leg.legId, at, world))
    done.add(like)
  }
  if (!isOpen(state)) return [...inputs, { type: 'seat.left', at, seatId: 'desk1:1' }]
  for (const { seatId, deskId, place } of state.seats) {
    inputs.push(
      { type: 'seat.left', at, seatId },
      { type: 'seat.paused', at, seatId },
      { type: 'seat.resumed', at, seatId },
    )
    inputs.push({ type: 'seat.joined', at, seat: { seatId, deskId, place } })
    if (!world.policy.closed) inputs.push({ type: 'seat.withdrawn', at, seatId })
  }
  if (!world.policy.closed) inputs.push(...joiners(state, at, world))
  return inputs
}

/** A closed round opens with all legs and seats, and inputs of a desk may come before; an open batch starts empty. */
function openings(at: number, world: World): BatchInput[] {
  const { policy } = world
  if (!policy.closed) return poolOpenings(at, policy)
  const seats = names('seat', world.seats).map(offer)
  const nothing: BatchInput[] = [{ type: 'clock.struck', at }, ...legInputs('leg1', at, world)]
  const early = seats.flatMap(({ seatId }) => [
    { type: 'seat.left' as const, at, seatId },
    { type: 'seat.paused' as const, at, seatId },
    { type: 'seat.resumed' as const, at, seatId },
  ])
  return [{ type: 'batch.opened', at, policy, legIds: names('leg', world.legs), seats }, ...early, ...nothing]
}

/** A pool opens with a seat or a leg, or empty; the words of a desk may come before. */
function poolOpenings(at: number, policy: BatchPolicy): BatchInput[] {
  const [seat, leg] = [offer('desk1:1'), 'leg1']
  const words = (['seat.left', 'seat.paused', 'seat.resumed'] as const).map(type => ({ type, at, seatId: seat.seatId }))
  return [
    { type: 'batch.opened', at, policy, legIds: [], seats: [] },
    { type: 'pool.joined', at, policy, legIds: [], seats: [seat] },
    { type: 'pool.joined', at, policy, legIds: [leg], seats: [] },
    ...words,
  ]
}

/** A round that was asked for with more people than a batch may have. */
export function fillRound(policy: BatchPolicy): void {
  const node: Node = { state: batch.initial, now: T0, input: null, before: null }
  const legIds = names('leg', LEGS_MAX + 1)
  const { after } = check(node, { type: 'batch.opened', at: T0, policy, legIds, seats: [offer('desk1:1')] })
  if (!isOpen(after) || after.legs.length !== LEGS_MAX) throw new Error('a round has more legs than a batch may have')
}

/**
 * A pool that is full and has been so for long: more legs and seats than an exploration could have. It is one path, and every step of it
 * keeps every law.
 */
export function fillPool(policy: BatchPolicy): void {
  let node: Node = { state: batch.initial, now: T0, input: null, before: null }
  const take = (input: BatchInput) => {
    node = { state: check(node, input).after, now: T0, input, before: null }
  }
  const joined = (legIds: string[], seats: SeatOffer[]): BatchInput => ({
    ...{ type: 'pool.joined', at: T0 },
    ...{ policy, legIds, seats },
  })
  for (let n = 0; n <= GONE_KEPT; n += 1) {
    take(joined([], [offer(`guest${n}:1`)]))
    take({ type: 'seat.withdrawn', at: T0, seatId: `guest${n}:1` })
  }
  take(joined([], [offer('desk1:1')]))
  for (let n = 0; n <= POOL_LEGS_MAX; n += 1) {
    take(joined([`leg${n}`], []))
    take({ type: 'leg.ended', at: T0, legId: `leg${n}`, cause: 'busy' })
  }
  // Now none of them is over.
  for (let n = 0; n <= POOL_LEGS_MAX; n += 1) take(joined([`live${n}`], []))
}

/** In an open batch the legs and seats of the world that are not there yet may join. */
function joiners(state: Live, at: number, world: World): BatchInput[] {
  const leg = names('leg', world.legs).find(legId => !state.legs.some(other => other.legId === legId))
  const seat = nextSeat(state, world)
  const inputs: BatchInput[] = [{ type: 'lines.limited', at, most: 1 }]
  const { policy } = world
  if (leg) inputs.push({ type: 'pool.joined', at, policy, legIds: [leg], seats: [] })
  if (!seat) return inputs
  inputs.push({ type: 'pool.joined', at, policy, legIds: [], seats: [offer(seat)] })
  // The word of a desk overtakes its seat.
  for (const type of ['seat.left', 'seat.paused', 'seat.resumed'] as const) inputs.push({ type, at, seatId: seat })
  return inputs
}

/** A seat of a desk that has none: it never had this one before. */
function nextSeat({ seats, early = {} }: Live, world: World): string | null {
  const desk = names('desk', world.seats).find(name => !seats.some(seat => seat.deskId === name))
  if (desk === undefined) return null
  const before = Object.keys(early).find(seatId => seatId.startsWith(`${desk}:`) && early[seatId] === 'gone')
  return `${desk}:${before === undefined ? 1 : Number(before.split(':')[1]) + 1}`
}

const offer = (seatId: string): SeatOffer => ({
  seatId,
  deskId: seatId.split(':')[0] ?? '',
  place: { kind: 'room', room: `room-${seatId}` },
})

function legInputs(legId: string, at: number, world: World): BatchInput[] {
  const verdicts = world.allWords ? (['human', 'machine', 'fax', 'unknown'] as const) : (['human', 'machine'] as const)
  const causes = world.allWords
    ? (['completed', 'busy', 'no-answer', 'failed', 'canceled', 'refused'] as const)
    : (['completed', 'busy'] as const)
  return [
    { type: 'leg.placed', at, legId },
    { type: 'leg.rang', at, legId },
    ...[null, ...verdicts].map(verdict => ({
      type: 'leg.answered' as const,
      at,
      legId,
      providerId: `CA-${legId}`,
      verdict,
    })),
    ...verdicts.map(verdict => ({ type: 'leg.judged' as const, at, legId, verdict })),
    ...causes.map(cause => ({ type: 'leg.ended' as const, at, legId, cause })),
    { type: 'agent.kept', at, legId },
    { type: 'agent.hung-up', at, legId },
    { type: 'agent.skipped', at, legId },
    { type: 'leg.joined', at, legId },
  ]
}

/**
 * Legs and seats as sorted signatures, without names and times: equal keys are equal up to permutation. Fields that
 * no rule reads any more are left out (why a leg was released; which served outcome an ended leg has).
 */
export function keyOf(state: BatchState): string {
  if (state.phase === 'empty') return `empty|${Object.values(state.early).sort().join('')}`
  const paused = pausedSeats(state)
  const legs = state.legs.map(leg => signature(leg, paused)).sort()
  const free = isOpen(state)
    ? state.seats.filter(seat => seat.legId === null).map(seat => (seat.paused ? 'p' : 'f'))
    : []
  const words = isOpen(state) ? Object.values(state.early ?? {}) : []
  const early = words
    .filter(word => word !== 'gone')
    .sort()
    .join('')
  return `${state.phase}|${legs.join(',')}|${free.sort().join('')}|${early}`
}

function pausedSeats(state: BatchState): Map<string, string> {
  const wordOf = (seat: Seat) => `${seat.paused}${seat.withdrawn ? '-' : ''}`
  return new Map(isOpen(state) ? state.seats.map(seat => [seat.seatId, wordOf(seat)]) : [])
}

function signature(leg: Leg, paused: Map<string, string>): string {
  const kind = leg.verdict === null ? '-' : leg.verdict === 'machine' || leg.verdict === 'fax' ? 'm' : 'h'
  switch (leg.phase) {
    case 'dialing':
      return `d${kind}${leg.placed ? 'p' : ''}${leg.rangAt === null ? '' : 'r'}`
    case 'holding':
      return `h${paused.get(leg.seatId)}`
    case 'won':
      return `w${leg.verdict === null}${paused.get(leg.seatId)}`
    case 'ended':
      return `e${isServed(leg.outcome)}`
    case 'released':
      return `r${kind}${leg.looked}`
    case 'dismissed':
      return `x${isServed(leg.because)}${leg.verdict === null}${leg.looked}`
    default:
      return unreachable(leg)
  }
}

function words(input: BatchInput): string {
  const { type, at: _at, ...rest } = input
  return `${type} ${Object.values(rest)
    .filter(value => typeof value !== 'object' || value === null)
    .join(' ')}`
}

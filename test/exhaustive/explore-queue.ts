/**
 * All orders of a small floor: callers who come and go, agents who take, decline, ignore, end and lose their line, and messages
 * between the queue and each desk that are on their way for any time. The desks are written here once more, in few words.
 */
import { inOrder } from '../../src/core/queue/choose.ts'
import { queue } from '../../src/core/queue/queue.ts'
import type { QueueEffect, QueueFact, QueueInput, QueueSettings, QueueState } from '../../src/core/queue/state.ts'
import { type Searched, search } from './search.ts'

export interface QueueMachine {
  decide(state: QueueState, input: QueueInput): QueueFact[]
  evolve(state: QueueState, fact: QueueFact): QueueState
  react(fact: QueueFact, state: QueueState): QueueEffect[]
}
export interface QueueWorld {
  callers: number
  desks: number
  /** how often each of these may happen in one story */
  declines: number
  losses: number
  breaks: number
  strikes: number
}

export const QUEUE_SETTINGS: QueueSettings = {
  name: 'Support',
  strategy: 'longest-idle',
  offerMs: 20_000,
  waitLimitMs: 0,
  capacity: 10,
  wrapUpMs: 0,
  pauseUnanswered: true,
  announceMs: 0,
  targetMs: 20_000,
  shortMs: 5_000,
  language: 'en-US',
  skills: [],
  music: [],
}

interface Desk {
  line: boolean
  paused: boolean
  lease: string | null
  talks: boolean
  /** the agent has ended the conversation, and the queue has not answered yet */
  hungUp: boolean
  said: boolean
}
type ToDesk = { offer: string } | { end: string; pause: boolean }
type ToQueue = { answer: 'accepted' | 'declined' | 'refused' | 'left' | 'done'; offerId: string } | { free: boolean }
interface Floor {
  at: number
  queue: QueueState
  desks: Desk[]
  toDesk: ToDesk[][]
  toQueue: ToQueue[][]
  /** what each caller hears */
  callers: ('outside' | 'waiting' | 'room' | 'let go' | 'gone')[]
  left: { declines: number; losses: number; breaks: number; strikes: number }
  /** a caller was passed over */
  unfair: boolean
  /** a caller was sent to the room of an agent who had not taken them */
  astray: boolean
}

const deskAt = (index: number) => `w_a.d_${index}`
const indexOf = (deskId: string) => Number(deskId.slice(-1))
const callAt = (index: number) => `w_a.call_${index}`

export function exploreQueue(world: QueueWorld, machine: QueueMachine = queue, most = 2_000_000): Searched {
  return search({
    first: begin(world, machine),
    keyOf: JSON.stringify,
    broken: floor => broken(floor),
    nexts: floor => nexts(floor, machine),
    most,
    enough: 5,
  })
}

function begin(world: QueueWorld, machine: QueueMachine): Floor {
  const desks = Array.from({ length: world.desks }, () => ({
    line: true,
    paused: false,
    lease: null,
    talks: false,
    hungUp: false,
    said: false,
  }))
  const { declines, losses, breaks, strikes } = world
  const floor: Floor = {
    at: 1_000,
    queue: queue.initial,
    desks,
    toDesk: desks.map(() => []),
    toQueue: desks.map(() => []),
    callers: Array.from({ length: world.callers }, () => 'outside'),
    left: { declines, losses, breaks, strikes },
    unfair: false,
    astray: false,
  }
  input(floor, machine, { type: 'queue.configured', at: floor.at, settings: QUEUE_SETTINGS })
  const members = desks.map((_, index) => ({ deskId: deskAt(index), skills: {} }))
  input(floor, machine, { type: 'queue.staffed', at: floor.at, members })
  desks.forEach((_, index) => void report(floor, index))
  return floor
}

function input(floor: Floor, machine: QueueMachine, given: QueueInput): void {
  for (const fact of machine.decide(floor.queue, given)) {
    if (fact.type === 'call-offered') {
      const first = inOrder(floor.queue).find(one => one.stage.is === 'waiting' && !(fact.deskId in one.refusedBy))
      floor.unfair ||= first?.entryId !== fact.entryId
    }
    floor.queue = machine.evolve(floor.queue, fact)
    for (const effect of machine.react(fact, floor.queue)) perform(floor, effect)
  }
}

function perform(floor: Floor, effect: QueueEffect): void {
  const hears = (callId: string, what: Floor['callers'][number]) => {
    const index = Number(callId.slice(-1))
    if (floor.callers[index] !== 'gone') floor.callers[index] = what
  }
  if (effect.type === 'offer-call') floor.toDesk[indexOf(effect.deskId)]?.push({ offer: effect.offerId })
  if (effect.type === 'end-offer')
    floor.toDesk[indexOf(effect.deskId)]?.push({ end: effect.offerId, pause: effect.pause })
  if (effect.type === 'connect-caller') {
    hears(effect.callId, 'room')
    floor.astray ||= !effect.room.startsWith(effect.deskId)
  }
  if (effect.type === 'keep-waiting') hears(effect.callId, 'waiting')
  if (effect.type === 'let-go') hears(effect.callId, 'let go')
}

const isFree = ({ line, paused, lease }: Desk) => line && !paused && lease === null

function report(floor: Floor, index: number): void {
  const desk = floor.desks[index]
  if (desk === undefined || desk.said === isFree(desk)) return
  desk.said = isFree(desk)
  floor.toQueue[index]?.push({ free: desk.said })
}

/** A change at one desk, and what it says of itself afterwards. */
function atDesk(floor: Floor, index: number, change: (desk: Desk, say: (answer: ToQueue) => void) => void): Floor {
  const next = structuredClone(floor)
  const desk = next.desks[index]
  if (desk !== undefined) change(desk, answer => void next.toQueue[index]?.push(answer))
  report(next, index)
  return next
}

function* nexts(floor: Floor, machine: QueueMachine): Generator<Floor> {
  for (const [index, heard] of floor.callers.entries()) yield* callerMoves(floor, machine, index, heard)
  for (const [index, desk] of floor.desks.entries()) {
    yield* agentMoves(floor, index, desk)
    yield* deliveries(floor, machine, index)
  }
  const due = queue.deadline(floor.queue)
  if (due !== null && floor.left.strikes > 0) {
    const next = structuredClone(floor)
    next.left.strikes -= 1
    next.at = Math.max(next.at, due)
    input(next, machine, { type: 'clock.struck', at: next.at })
    yield next
  }
}

function* callerMoves(
  floor: Floor,
  machine: QueueMachine,
  index: number,
  heard: Floor['callers'][number],
): Generator<Floor> {
  const next = structuredClone(floor)
  const entryId = `e${index}`
  if (heard === 'outside') {
    next.callers[index] = 'waiting'
    const personal = { from: `+1415555010${index}`, to: '+14155550100' }
    const callId = callAt(index)
    input(next, machine, {
      type: 'caller.entered',
      at: next.at,
      entryId,
      callId,
      ask: 1,
      priority: 0,
      skills: null,
      personal,
    })
    yield next
  } else if (heard === 'waiting' || heard === 'room') {
    next.callers[index] = 'gone'
    input(next, machine, { type: 'caller.left', at: next.at, entryId })
    yield next
  }
}

function* agentMoves(floor: Floor, index: number, desk: Desk): Generator<Floor> {
  const { lease } = desk
  if (lease !== null && !desk.talks) {
    yield atDesk(floor, index, (one, say) => {
      one.talks = true
      say({ answer: 'accepted', offerId: lease })
    })
    if (floor.left.declines > 0)
      yield spend(floor, 'declines', index, (one, say) => {
        one.lease = null
        say({ answer: 'declined', offerId: lease })
      })
  }
  if (lease !== null && desk.talks && !desk.hungUp)
    yield atDesk(floor, index, (one, say) => {
      one.hungUp = true
      say({ answer: 'done', offerId: lease })
    })
  if (desk.line && floor.left.losses > 0)
    yield spend(floor, 'losses', index, (one, say) => {
      one.line = false
      if (lease !== null) say({ answer: 'left', offerId: lease })
    })
  if (!desk.line)
    yield atDesk(floor, index, one => {
      one.line = true
    })
  if (!desk.paused && lease === null && floor.left.breaks > 0)
    yield spend(floor, 'breaks', index, one => {
      one.paused = true
    })
  if (desk.paused)
    yield atDesk(floor, index, one => {
      one.paused = false
    })
}

function spend(floor: Floor, what: keyof Floor['left'], index: number, change: Parameters<typeof atDesk>[2]): Floor {
  const next = atDesk(floor, index, change)
  next.left[what] -= 1
  return next
}

function* deliveries(floor: Floor, machine: QueueMachine, index: number): Generator<Floor> {
  const [order] = floor.toDesk[index] ?? []
  if (order !== undefined)
    yield atDesk({ ...floor, toDesk: rest(floor.toDesk, index) }, index, (desk, say) => {
      if ('offer' in order) {
        if (isFree(desk)) Object.assign(desk, { lease: order.offer, talks: false, hungUp: false })
        else say({ answer: 'refused', offerId: order.offer })
      } else if (desk.lease === order.end) {
        Object.assign(desk, { lease: null, talks: false, hungUp: false, paused: desk.paused || order.pause })
      }
    })
  const [word] = floor.toQueue[index] ?? []
  if (word === undefined) return
  const next = structuredClone({ ...floor, toQueue: rest(floor.toQueue, index) })
  const deskId = deskAt(index)
  const { at } = next
  if ('free' in word)
    input(next, machine, { type: 'agent.reported', at, deskId, free: word.free, sinceMs: at, reason: null })
  else
    input(next, machine, {
      type: 'offer.answered',
      at,
      offerId: word.offerId,
      answer: word.answer,
      room: `${deskId}.1`,
      reason: null,
      callId: 'w_a.call_9',
    })
  yield next
}

function rest<T>(channels: T[][], index: number): T[][] {
  return channels.map((channel, at) => (at === index ? channel.slice(1) : channel))
}

/** The laws. Some hold always, some when nothing is on its way. */
function* broken(floor: Floor): Generator<string> {
  if (floor.astray) yield 'a caller was connected to an agent who had not taken them'
  if (floor.unfair) yield 'a caller was passed over'
  const entries = Object.values(floor.queue.entries)
  const at = new Map<string, number>()
  for (const { stage } of entries) if ('deskId' in stage) at.set(stage.deskId, (at.get(stage.deskId) ?? 0) + 1)
  for (const [deskId, count] of at) if (count > 1) yield `${deskId} has ${count} callers`
  const offers = entries.flatMap(({ stage }) => ('offerId' in stage ? [stage.offerId] : []))
  if (new Set(offers).size < offers.length) yield 'one offer for two callers'
  for (const [index, heard] of floor.callers.entries()) {
    const entry = floor.queue.entries[`e${index}`]
    if (heard === 'gone' && entry !== undefined) yield 'a caller who is gone still waits'
    if (heard === 'waiting' && entry === undefined) yield 'a caller who waits was forgotten'
    if (heard === 'room' && entry?.stage.is !== 'talking') yield 'a caller sits in a room and nobody knows'
    if (entry?.stage.is === 'talking' && heard === 'waiting') yield 'a caller talks and was not connected'
  }
  const { answered, abandoned, short, offered } = floor.queue.figures
  const live = entries.filter(one => !one.answered).length
  if (answered + abandoned + short + live !== offered) yield 'the figures do not add up'
  if ([...floor.toDesk, ...floor.toQueue].some(channel => channel.length > 0)) return
  for (const [index, desk] of floor.desks.entries()) {
    const deskId = deskAt(index)
    const mine = entries.find(({ stage }) => 'deskId' in stage && stage.deskId === deskId)?.stage
    const known = mine !== undefined && 'offerId' in mine ? mine.offerId : null
    if (desk.lease !== known)
      yield desk.lease === null ? 'a caller is with an agent who is not there' : 'an agent is held for nobody'
    if (isFree(desk) && floor.queue.agents[deskId]?.free !== true) yield 'an agent who is free was forgotten'
  }
  const idle = floor.desks.findIndex(isFree)
  const waiting = inOrder(floor.queue).find(({ stage }) => stage.is === 'waiting')
  if (idle >= 0 && waiting !== undefined && waiting.refusedBy[deskAt(idle)] === undefined)
    yield 'a caller waits while an agent is free'
}

/**
 * All orders of a small conference: callers with the right PIN, a wrong one or none, answers to their flows that are on their way for any
 * time, a carrier whose callbacks come late or not at all, people who are taken out, a moderator who leaves, an end. The flows of the
 * callers and the carrier are written here once more, in few words.
 */
import { PIN_MS } from '../../src/core/room/conference.ts'
import { room } from '../../src/core/room/room.ts'
import type {
  ConferenceSettings,
  PinVerdict,
  RoomEffect,
  RoomFact,
  RoomInput,
  RoomState,
} from '../../src/core/room/state.ts'
import { type Searched, search } from './search.ts'

export interface RoomMachine {
  decide(state: RoomState, input: RoomInput): RoomFact[]
  evolve(state: RoomState, fact: RoomFact): RoomState
  react(fact: RoomFact, state: RoomState): RoomEffect[]
}
export interface ConferenceWorld {
  /** what each caller keys when asked: their PIN is right, or wrong however often; null: never asked */
  callers: ('right' | 'wrong' | 'moderator' | null)[]
  settings?: Partial<ConferenceSettings>
  /** how often each of these may happen in one story */
  kicks: number
  closes: number
  /** everybody is let go, and the conference stays */
  empties: number
  losses: number
  strikes: number
  /** a caller who was in comes back in the same call */
  returns: number
}

export const CONFERENCE_SETTINGS: ConferenceSettings = {
  waitsFor: 'nobody',
  participantsMax: 2,
  mutedOnEntry: false,
  announces: false,
  endsWithModerator: false,
  locked: false,
  needsPin: false,
}

interface Caller {
  /** what the flow of the call is at; `asks`: its question is on the way to the room */
  at: 'outside' | 'asks' | 'waits' | 'keys' | 'room' | 'on' | 'gone'
  ask: number
  /** what its question brings */
  pin: PinVerdict
  /** wrong PINs that were keyed */
  wrong: number
  /** what the flow went on with */
  result: string | null
  /** answers of the room that have not arrived */
  answers: { ask: number; result: string | null }[]
  /** the document sends the leg into the conference at the carrier, and it is there */
  inside: boolean
  /** was let in while a moderator was, in a conference that ends with the moderator */
  led: boolean
  /** was in, or keyed a PIN, when everybody was let go, and has not come back since */
  dismissed: boolean
}
type Callback = { joined: number } | { left: number } | { ended: true; sid: string }
interface Hall {
  at: number
  room: RoomState
  callers: Caller[]
  /** callbacks of the carrier, in order */
  callbacks: { what: Callback; sid: string }[]
  /** removals that the carrier was asked for */
  removals: { index: number; sid: string }[]
  conferences: number
  /** how often the settings were set */
  configured: number
  /** was ended for good */
  over: boolean
  left: Pick<ConferenceWorld, 'kicks' | 'closes' | 'empties' | 'losses' | 'strikes' | 'returns'>
}
const callAt = (index: number) => `w_a.call_${index}`
const indexOf = (callId: string) => Number(callId.slice(-1))

export function exploreConference(world: ConferenceWorld, machine: RoomMachine = room, most = 1_000_000): Searched {
  return search({
    first: begin(world, machine),
    keyOf: JSON.stringify,
    broken: hall => broken(hall, world),
    nexts: hall => nexts(hall, world, machine),
    most,
    enough: 3,
  })
}

function begin(world: ConferenceWorld, machine: RoomMachine): Hall {
  const { kicks, closes, empties, losses, strikes, returns } = world
  const hall: Hall = {
    at: 1_000,
    room: room.initial,
    callers: world.callers.map(() => ({
      at: 'outside',
      ask: 0,
      pin: 'none',
      wrong: 0,
      result: null,
      answers: [],
      inside: false,
      led: false,
      dismissed: false,
    })),
    callbacks: [],
    removals: [],
    conferences: 0,
    configured: 0,
    over: false,
    left: { kicks, closes, empties, losses, strikes, returns },
  }
  const owner = { kind: 'conference' as const, id: 'w_a.cf_1' }
  give(hall, machine, { type: 'room.named', at: hall.at, room: 'w_a.cf_1', owner })
  return hall
}

const settingsOf = (world: ConferenceWorld): ConferenceSettings => ({ ...CONFERENCE_SETTINGS, ...world.settings })

function give(hall: Hall, machine: RoomMachine, input: RoomInput): void {
  for (const fact of machine.decide(hall.room, input)) {
    if (fact.type === 'conference-configured') hall.configured += 1
    hall.room = machine.evolve(hall.room, fact)
    if (fact.type === 'caller-let-in') follow(hall)
    for (const effect of machine.react(fact, hall.room)) perform(hall, effect)
  }
}

/** Who is in together with a moderator. */
function follow(hall: Hall): void {
  const { conference } = hall.room
  if (conference?.settings.endsWithModerator !== true) return
  const inside = Object.entries(conference.callers).filter(([, one]) => one.stage === 'in')
  if (!inside.some(([, one]) => one.moderator)) return
  for (const [callId] of inside) Object.assign(hall.callers[indexOf(callId)] ?? {}, { led: true })
}

function perform(hall: Hall, effect: RoomEffect): void {
  if (effect.type === 'answer-caller') {
    const result = effect.answer.is === 'in' ? null : effect.answer.result
    hall.callers[indexOf(effect.callId)]?.answers.push({ ask: effect.ask, result })
  }
  if (effect.type === 'remove-participant')
    hall.removals.push({ index: Number(effect.providerId.slice(-1)), sid: effect.conferenceId })
}

const sidOf = (hall: Hall) => `CF${hall.conferences}`
const anyInside = (hall: Hall) => hall.callers.some(one => one.inside)

function enterCarrier(hall: Hall, index: number): void {
  const caller = hall.callers[index]
  if (caller === undefined || caller.inside) return
  if (!anyInside(hall)) hall.conferences += 1
  caller.inside = true
  hall.callbacks.push({ what: { joined: index }, sid: sidOf(hall) })
}

function leaveCarrier(hall: Hall, index: number): void {
  const caller = hall.callers[index]
  if (caller === undefined || !caller.inside) return
  caller.inside = false
  hall.callbacks.push({ what: { left: index }, sid: sidOf(hall) })
  if (!anyInside(hall)) hall.callbacks.push({ what: { ended: true, sid: sidOf(hall) }, sid: sidOf(hall) })
}

function* nexts(hall: Hall, world: ConferenceWorld, machine: RoomMachine): Generator<Hall> {
  for (const index of hall.callers.keys()) yield* callerMoves(hall, world, machine, index)
  yield* carrierMoves(hall, machine)
  if (hall.left.closes > 0)
    yield spend(hall, 'closes', next => {
      next.over = true
      give(next, machine, { type: 'conference.closed', at: next.at })
    })
  if (hall.left.empties > 0)
    yield spend(hall, 'empties', next => {
      for (const [index, caller] of next.callers.entries()) {
        const stage = next.room.conference?.callers[callAt(index)]?.stage
        // What was keyed already is asked about, so this caller comes later.
        if (stage === 'in' || (stage === 'pin' && caller.at !== 'asks')) caller.dismissed = true
      }
      give(next, machine, { type: 'conference.emptied', at: next.at })
    })
  const due = room.deadline(hall.room)
  if (due !== null && hall.left.strikes > 0)
    yield spend(hall, 'strikes', next => {
      next.at = Math.max(next.at, due)
      give(next, machine, { type: 'clock.struck', at: next.at })
    })
}

function changed(hall: Hall, change: (next: Hall) => void): Hall {
  const next = structuredClone(hall)
  change(next)
  return next
}
function spend(hall: Hall, what: keyof Hall['left'], change: (next: Hall) => void): Hall {
  return changed(hall, next => {
    next.left[what] -= 1
    change(next)
  })
}

function* callerMoves(hall: Hall, world: ConferenceWorld, machine: RoomMachine, index: number): Generator<Hall> {
  const caller = hall.callers[index]
  if (caller === undefined || caller.at === 'gone') return
  const self = (next: Hall) => next.callers[index] as Caller
  const callId = callAt(index)
  if (caller.at === 'outside') yield changed(hall, next => ask(self(next), 'none'))
  if (caller.at === 'asks') yield changed(hall, next => enterRoom(next, world, machine, index))
  if (caller.at === 'keys')
    yield changed(hall, next => {
      const one = self(next)
      const keyed = world.callers[index] ?? 'wrong'
      ask(one, keyed === 'right' ? 'participant' : keyed)
      if (one.pin === 'wrong') one.wrong += 1
    })
  if (caller.at === 'on' && hall.left.returns > 0 && world.callers[index] !== 'wrong')
    yield spend(hall, 'returns', next => ask(self(next), 'none'))
  const [answer] = caller.answers
  if (answer !== undefined) yield changed(hall, next => answered(next, machine, index))
  if (caller.at === 'room' && !caller.inside && caller.answers.length === 0)
    yield changed(hall, next => enterCarrier(next, index))
  if ((caller.at === 'room' || caller.at === 'keys') && hall.left.kicks > 0)
    yield spend(hall, 'kicks', next => give(next, machine, { type: 'caller.kicked', at: next.at, callId }))
  if (caller.at !== 'outside') yield changed(hall, next => hangUp(next, world, machine, index))
}

function ask(caller: Caller, pin: PinVerdict): void {
  caller.at = 'asks'
  caller.ask += 1
  caller.pin = pin
  caller.result = null
  caller.led = false
  caller.dismissed = false
}

/** The flow takes the answer to its last question alone. */
function answered(hall: Hall, machine: RoomMachine, index: number): void {
  const caller = hall.callers[index]
  const answer = caller?.answers.shift()
  if (caller === undefined || answer === undefined || answer.ask !== caller.ask) return
  if (caller.at === 'waits' && answer.result === null) {
    caller.at = 'room'
    return
  }
  if (caller.at !== 'waits' && caller.at !== 'room' && caller.at !== 'keys') return
  const asked = answer.result === 'pin-wanted' || answer.result === 'pin-wrong'
  if (caller.at === 'room') flowLeaves(hall, machine, index, false)
  caller.at = asked ? 'keys' : 'on'
  caller.result = asked ? null : answer.result
}

/** The leg is told to go on, and the room that the flow has left, unless the room itself wanted it. */
function flowLeaves(hall: Hall, machine: RoomMachine, index: number, tells: boolean): void {
  leaveCarrier(hall, index)
  const { ask: number = 0 } = hall.callers[index] ?? {}
  if (tells) give(hall, machine, { type: 'caller.left', at: hall.at, callId: callAt(index), ask: number })
}

/** Whoever keys a PIN is not known to be gone: nobody waits for an answer of theirs. A question comes before the word that it is over. */
function hangUp(hall: Hall, world: ConferenceWorld, machine: RoomMachine, index: number): void {
  const caller = hall.callers[index]
  if (caller === undefined) return
  if (caller.at === 'asks') enterRoom(hall, world, machine, index)
  flowLeaves(hall, machine, index, caller.at === 'waits' || caller.at === 'room')
  caller.at = 'gone'
  caller.answers = []
}

function enterRoom(hall: Hall, world: ConferenceWorld, machine: RoomMachine, index: number): void {
  const caller = hall.callers[index]
  if (caller === undefined) return
  caller.at = 'waits'
  const { ask: number, pin } = caller
  const wish = {
    type: 'caller.entered' as const,
    at: hall.at,
    callId: callAt(index),
    ask: number,
    moderator: false,
    pin,
  }
  give(hall, machine, { ...wish, version: 1, settings: settingsOf(world) })
}

function* carrierMoves(hall: Hall, machine: RoomMachine): Generator<Hall> {
  const [callback] = hall.callbacks
  if (callback !== undefined) {
    yield changed(hall, next => {
      next.callbacks.shift()
      give(next, machine, inputOf(callback, next.at))
    })
    if (hall.left.losses > 0) yield spend(hall, 'losses', next => void next.callbacks.shift())
  }
  const [removal] = hall.removals
  if (removal !== undefined)
    yield changed(hall, next => {
      next.removals.shift()
      const caller = next.callers[removal.index]
      if (removal.sid === sidOf(next) && caller?.inside === true) {
        // The document goes on, and the flow with it.
        flowLeaves(next, machine, removal.index, caller.at === 'room')
        if (caller.at === 'room') Object.assign(caller, { at: 'on', result: 'done' })
      }
      give(next, machine, {
        type: 'participant.left',
        at: next.at,
        providerId: `CA${removal.index}`,
        conferenceId: removal.sid,
      })
    })
}

function inputOf({ what, sid }: Hall['callbacks'][number], at: number): RoomInput {
  if ('ended' in what) return { type: 'conference.ended', at, conferenceId: what.sid }
  if ('left' in what) return { type: 'participant.left', at, providerId: `CA${what.left}`, conferenceId: sid }
  const { joined } = what
  return {
    type: 'participant.joined',
    at,
    callId: callAt(joined),
    role: 'guest',
    providerId: `CA${joined}`,
    conferenceId: sid,
  }
}

/** The laws. Some hold always, some when nothing is on its way. */
function* broken(hall: Hall, world: ConferenceWorld): Generator<string> {
  const settings = settingsOf(world)
  const { conference } = hall.room
  if (hall.configured > 1) yield 'one conference was set up twice'
  const letIn = (index: number) => conference?.callers[callAt(index)]?.stage === 'in'
  for (const [index, caller] of hall.callers.entries()) {
    if (caller.at === 'room' && settings.needsPin && world.callers[index] === 'wrong')
      yield 'somebody without the PIN was let in'
    if (caller.at === 'keys' && caller.wrong >= 3) yield 'somebody may guess the PIN for ever'
    if (caller.at === 'room' && settings.locked) yield 'somebody came into a locked conference'
  }
  const admitted = hall.callers.filter((one, index) => letIn(index) && one.at !== 'gone').length
  if (admitted > settings.participantsMax) yield 'more people than may be were let in'
  if (hall.callbacks.length > 0 || hall.removals.length > 0 || hall.callers.some(one => one.answers.length > 0)) return
  if (hall.callers.some(one => one.at === 'asks')) return
  yield* settled(hall, world)
}

/** Nothing is on its way. */
function* settled(hall: Hall, world: ConferenceWorld): Generator<string> {
  const { conference } = hall.room
  const leads = (index: number) => world.callers[index] === 'moderator'
  // A moderator who was told to go and was never there is waited for a moment.
  const going = Object.values(conference?.callers ?? {}).some(one => one.moderator && one.stage === 'leaving')
  const led = going || hall.callers.some((one, index) => leads(index) && one.at === 'room')
  for (const [index, caller] of hall.callers.entries()) {
    const known = conference?.callers[callAt(index)]
    if (caller.at === 'waits') yield 'a caller waits for an answer that never comes'
    if (caller.at === 'on' && caller.result === null) yield 'a caller who was not let in got no result'
    if (caller.inside && caller.at !== 'room') yield 'somebody hears the conference who was never let in'
    if (caller.at === 'room' && hall.over) yield 'a participant outlives the conference'
    if (caller.at === 'keys' && hall.over) yield 'a caller keys the PIN of a conference that is over'
    if (caller.at === 'keys' && caller.dismissed) yield 'a caller keys on when everybody has to go'
    if (caller.at === 'room' && caller.dismissed) yield 'a participant stays when everybody has to go'
    if (caller.at === 'room' && !leads(index) && caller.led && !led) yield 'a participant outlives the moderator'
    if (caller.at === 'room' && known?.stage !== 'in') yield 'somebody is in the conference and nobody knows'
    if (caller.at === 'gone' && known !== undefined && known.untilMs === null)
      yield 'a caller who is gone keeps a place'
  }
  const waited = Object.values(conference?.callers ?? {}).map(one => (one.untilMs ?? 0) - hall.at)
  if (waited.some(ms => ms > PIN_MS)) yield 'somebody is waited for too long'
}

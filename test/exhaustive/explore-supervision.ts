/**
 * All orders of a small conversation with a supervisor on it: agent and person come and go, the agent's line is opened anew or is on hold,
 * the supervisor wants another mode or stops, their phone hangs up, the carrier does what it is asked for at any time, refuses what a
 * carrier refuses, and its callbacks come late or not at all. The carrier is written here in few words: who is muted, and who hears whom.
 */
import { room } from '../../src/core/room/room.ts'
import type { Role, RoomEffect, RoomFact, RoomInput, RoomState } from '../../src/core/room/state.ts'
import type { Supervision, SupervisionMode } from '../../src/core/room/supervision.ts'
import { type Searched, search } from './search.ts'

export interface RoomMachine {
  decide(state: RoomState, input: RoomInput): RoomFact[]
  evolve(state: RoomState, fact: RoomFact): RoomState
  react(fact: RoomFact, state: RoomState): RoomEffect[]
  deadline(state: RoomState): number | null
}
export interface SupervisionWorld {
  /** the modes that may be wanted, also at the start */
  modes: readonly SupervisionMode[]
  /** how often each of these may happen in one story */
  starts: number
  changes: number
  stops: number
  losses: number
  strikes: number
  /** the agent's line is opened anew */
  lines: number
  /** the agent is put on hold, or taken off it */
  holds: number
}

interface Leg {
  role: Role
  callId: string
  /** where it is: `asks` its question is answered, and it is on the way into the room */
  at: 'asks' | 'in' | 'gone'
  muted: boolean
  coached: string | null
  held: boolean
}
interface Story {
  at: number
  room: RoomState
  /** by the carrier's id */
  legs: Record<string, Leg>
  callbacks: RoomInput[]
  debts: RoomEffect[]
  made: number
  /** modes that were wanted of each supervision since it began */
  wished: Record<string, SupervisionMode[]>
  /** the newest wish */
  newest: Record<string, SupervisionMode>
  lost: boolean
  /** a leg of somebody who is no supervisor was ended */
  harmed: boolean
  left: Omit<SupervisionWorld, 'modes'>
}
const ROOM = 'w_a.d_ada.1'
const PERSON = 'w_a.call_1'
const CONFERENCE = 'CF1'
const by = { deskId: 'w_a.d_sam', name: 'Sam' }
const idOf = (n: number) => `${ROOM}.v${n}`

export function exploreSupervision(world: SupervisionWorld, machine: RoomMachine = room, most = 400_000): Searched {
  return search({
    first: begin(world, machine),
    keyOf: JSON.stringify,
    broken: story => broken(story),
    nexts: story => nexts(story, world, machine),
    most,
    enough: 3,
  })
}

/** Agent and person talk. */
function begin({ modes: _modes, ...left }: SupervisionWorld, machine: RoomMachine): Story {
  const story: Story = {
    at: 1_000,
    room: room.initial,
    legs: {},
    callbacks: [],
    debts: [],
    made: 0,
    wished: {},
    newest: {},
    lost: false,
    harmed: false,
    left,
  }
  give(story, machine, { type: 'room.named', at: 1_000, room: ROOM, owner: { kind: 'desk', id: 'w_a.d_ada' } })
  joins(story, 'A1', 'agent', `w_a.d_ada.l1`)
  joins(story, 'P', 'customer', PERSON)
  for (const callback of story.callbacks.splice(0)) give(story, machine, callback)
  return story
}

function give(story: Story, machine: RoomMachine, input: RoomInput): void {
  for (const fact of machine.decide(story.room, input)) {
    story.room = machine.evolve(story.room, fact)
    story.debts.push(...machine.react(fact, story.room))
  }
}

function joins(story: Story, sid: string, role: Role, callId: string, muted = false): void {
  story.legs[sid] = { role, callId, at: 'in', muted, coached: null, held: false }
  story.callbacks.push({
    type: 'participant.joined',
    at: story.at,
    callId,
    role,
    providerId: sid,
    conferenceId: CONFERENCE,
    muted,
  })
}

function leaves(story: Story, sid: string): void {
  const leg = story.legs[sid]
  if (leg === undefined || leg.at === 'gone') return
  if (leg.at === 'in')
    story.callbacks.push({ type: 'participant.left', at: story.at, providerId: sid, conferenceId: CONFERENCE })
  leg.at = 'gone'
}

function copy(story: Story, change: (next: Story) => void): Story {
  const next = structuredClone(story)
  change(next)
  return next
}
function spend(story: Story, what: keyof Story['left'], change: (next: Story) => void): Story {
  return copy(story, next => {
    next.left[what] -= 1
    change(next)
  })
}

function* nexts(story: Story, world: SupervisionWorld, machine: RoomMachine): Generator<Story> {
  yield* wishes(story, world, machine)
  yield* peopleMove(story)
  yield* phoneMoves(story, machine)
  const [callback] = story.callbacks
  if (callback !== undefined) {
    yield copy(story, next => {
      next.callbacks.shift()
      give(next, machine, callback)
    })
    // What the supervisor's own leg does may never be told.
    const own = 'providerId' in callback && callback.providerId.startsWith('S')
    if (own && story.left.losses > 0)
      yield spend(story, 'losses', next => {
        next.callbacks.shift()
        next.lost = true
      })
  }
  if (story.debts.length > 0) yield copy(story, next => pay(next, machine))
  const due = machine.deadline(story.room)
  if (due !== null && story.left.strikes > 0)
    yield spend(story, 'strikes', next => {
      next.at = Math.max(next.at, due)
      give(next, machine, { type: 'clock.struck', at: next.at })
    })
}

function* wishes(story: Story, world: SupervisionWorld, machine: RoomMachine): Generator<Story> {
  const supervisionId = idOf(story.made)
  if (story.left.starts > 0)
    for (const mode of world.modes)
      yield spend(story, 'starts', next => {
        next.made += 1
        const id = idOf(next.made)
        next.wished[id] = [mode]
        next.newest[id] = mode
        const wanted = { supervisionId: id, callId: PERSON, by, announced: true, mode }
        give(next, machine, { type: 'supervision.wanted', at: next.at, ...wanted })
      })
  if (story.made === 0) return
  if (story.left.changes > 0)
    for (const mode of world.modes)
      yield spend(story, 'changes', next => {
        next.wished[supervisionId]?.push(mode)
        next.newest[supervisionId] = mode
        give(next, machine, { type: 'supervision.mode-wanted', at: next.at, supervisionId, mode })
      })
  if (story.left.stops > 0)
    yield spend(story, 'stops', next =>
      give(next, machine, { type: 'supervision.stopped', at: next.at, supervisionId }),
    )
}

function* peopleMove(story: Story): Generator<Story> {
  for (const [sid, leg] of Object.entries(story.legs))
    if (leg.at === 'in' && leg.role !== 'listener') yield copy(story, next => leaves(next, sid))
  const lines = Object.keys(story.legs).filter(sid => sid.startsWith('A')).length
  if (story.left.lines > 0)
    yield spend(story, 'lines', next => joins(next, `A${lines + 1}`, 'agent', `w_a.d_ada.l${lines + 1}`))
  const agent = `A${lines}`
  if (story.left.holds > 0 && story.legs[agent]?.at === 'in')
    yield spend(story, 'holds', next => {
      const one = next.legs[agent]
      if (one === undefined) return
      one.held = !one.held
      next.callbacks.push({ type: 'participant.held', at: next.at, providerId: agent, held: one.held })
    })
}

/** The supervisor's phone asks where it goes, joins, hangs up. */
function* phoneMoves(story: Story, machine: RoomMachine): Generator<Story> {
  for (let n = 1; n <= story.made; n += 1) {
    const sid = `S${n}`
    const leg = story.legs[sid]
    if (leg === undefined)
      yield copy(story, next => {
        const answered = { supervisionId: idOf(n), deskId: by.deskId, providerId: sid }
        give(next, machine, { type: 'supervision.answered', at: next.at, ...answered })
        const known = next.room.supervisions.some(one => one.supervisionId === idOf(n) && one.providerId === sid)
        next.legs[sid] = {
          role: 'listener',
          callId: idOf(n),
          at: known ? 'asks' : 'gone',
          muted: true,
          coached: null,
          held: false,
        }
      })
    if (leg?.at === 'asks') yield copy(story, next => joins(next, sid, 'listener', idOf(n), true))
    if (leg?.at === 'in') yield copy(story, next => leaves(next, sid))
  }
}

/** The carrier does the oldest thing that it was asked for. */
function pay(story: Story, machine: RoomMachine): void {
  const effect = story.debts.shift()
  if (effect === undefined) return
  if (effect.type === 'end-leg') {
    if (!effect.providerId.startsWith('S')) story.harmed = true
    return leaves(story, effect.providerId)
  }
  if (effect.type === 'check-room') return give(story, machine, listing(story))
  if (effect.type !== 'supervise-participant') {
    story.harmed = true
    return
  }
  const { supervisionId, ask, mode, coached, providerId } = effect
  // The performer looks first whether it is still wanted.
  if (!story.room.supervisions.some(one => one.supervisionId === supervisionId && one.ask === ask)) return
  const leg = story.legs[providerId]
  const party = coached === null ? null : story.legs[coached]
  if (party?.held === true || party?.at === 'gone')
    return give(story, machine, { type: 'supervision.refused', at: story.at, supervisionId, ask })
  if (leg?.at !== 'in')
    return give(story, machine, { type: 'participant.left', at: story.at, providerId, conferenceId: CONFERENCE })
  leg.muted = mode === 'listen'
  leg.coached = coached
  give(story, machine, { type: 'supervision.set', at: story.at, supervisionId, ask, mode })
}

/** What the carrier answers when it is asked who is in. */
function listing({ at, legs }: Story): RoomInput {
  const inside = Object.entries(legs).filter(([, leg]) => leg.at === 'in')
  const participants = inside.map(([providerId, { callId, role, muted, held }]) => {
    return { callId, role, providerId, muted, held }
  })
  return { type: 'room.listed', at, askedMs: at, conferenceId: CONFERENCE, participants }
}

function modeAt(leg: Leg): SupervisionMode {
  if (leg.muted) return 'listen'
  return leg.coached === null ? 'barge' : 'whisper'
}

function* broken(story: Story): Generator<string> {
  if (story.harmed) yield 'somebody else was touched for the sake of a supervisor'
  for (const one of story.room.participants)
    if (one.callId.startsWith(`${ROOM}.v`) && (one.role === 'agent' || one.role === 'customer'))
      yield 'a supervisor counts as agent or person'
  if (story.room.supervisions.length > 1) yield 'one supervisor is there twice'
  for (const [sid, leg] of Object.entries(story.legs)) {
    if (!sid.startsWith('S') || leg.at !== 'in') continue
    const mode = modeAt(leg)
    const wished = story.wished[idOf(Number(sid.slice(1)))] ?? []
    if (mode === 'barge' && !wished.includes('barge')) yield 'the person hears a supervisor who never wanted that'
    if (mode === 'whisper' && !wished.includes('whisper')) yield 'the agent hears a supervisor who only listens'
    if (mode === 'whisper' && story.legs[leg.coached ?? '']?.role !== 'agent')
      yield 'somebody else than the agent is whispered to'
  }
  if (story.callbacks.length > 0 || story.debts.length > 0) return
  yield* settled(story)
}

/** Nothing is on its way. */
function* settled(story: Story): Generator<string> {
  const inside = (is: (sid: string) => boolean) =>
    Object.entries(story.legs).filter(([sid, leg]) => leg.at === 'in' && is(sid))
  const together = inside(sid => sid === 'P').length > 0 && inside(sid => sid.startsWith('A')).length > 0
  for (const [sid, leg] of inside(one => one.startsWith('S'))) {
    const id = idOf(Number(sid.slice(1)))
    const known = story.room.supervisions.find(one => one.supervisionId === id)
    if (!together) yield 'a supervisor outlives the conversation'
    else if (known === undefined) yield 'a supervisor listens, and nobody knows'
    else if (known.mode !== null) yield* wishesDone(story, leg, known)
  }
  for (const one of story.room.supervisions) {
    const leg = story.legs[`S${one.supervisionId.slice(-1)}`]
    if (one.mode !== null && leg?.at !== 'in' && !story.lost) yield 'a supervision outlives its leg'
  }
}

/** The newest wish is what the carrier does, unless it said no or waits for the agent to come back from hold. */
function* wishesDone(story: Story, leg: Leg, { supervisionId, wanted, mode, refused }: Supervision): Generator<string> {
  if (mode !== modeAt(leg)) yield 'the room believes another mode than the carrier has'
  if (wanted !== story.newest[supervisionId]) yield 'the newest wish is forgotten'
  const agent = Object.entries(story.legs).findLast(([sid, one]) => sid.startsWith('A') && one.at === 'in')
  if (wanted === 'whisper' && agent?.[1].held !== false) return
  if (mode !== wanted && !refused) yield 'a mode is never set'
  if (mode === 'whisper' && wanted === 'whisper' && leg.coached !== agent?.[0])
    yield 'a whisper goes to a line that is gone'
}

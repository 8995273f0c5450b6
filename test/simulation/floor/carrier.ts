/**
 * The carrier of a floor: it asks the shipping actors for documents and performs them, keeps conferences, and tells of both by callbacks that
 * may be lost, doubled or late. Its own truth is what the laws look at.
 */
import type { Instruction, Instructions } from '../../../src/core/instruction/instruction.ts'
import type { RoomInput } from '../../../src/core/room/state.ts'
import type { CarrierRoom } from '../../../src/providers/telephony/port.ts'
import type { World } from '../world.ts'
import { type Ended, type Leg, newLeg } from './leg.ts'

/** The overrides of our URLs: 4 s, one repeat; then Twilio asks the fallback, which has no actor behind it. */
const PATIENCE_MS = 4_000
const TRIES = 2
const WORDS_MS = 1_500
const RING_MS = 25_000
/** A list may not have whoever has joined in this time. */
const LIST_LAG_MS = 5_000

/** What the carrier asks of the actors, and tells them. */
export interface Program {
  /** what a leg hears when it begins, or was redirected */
  document(leg: Leg): Promise<Instructions>
  stepDone(leg: Leg, token: string): Promise<Instructions>
  dialEnded(leg: Leg, status: 'completed' | 'busy' | 'no-answer'): Promise<Instructions>
  status(leg: Leg, status: 'ringing' | 'in-progress' | 'completed' | 'busy' | 'no-answer', id: string): void
  room(name: string, report: Untimed<RoomInput>, id: string): void
}
type Untimed<T> = T extends unknown ? Omit<T, 'at'> : never
interface Conference {
  sid: string
  room: string
  reported: number
  legs: Leg[]
}

export class FloorCarrier {
  readonly legs = new Map<string, Leg>()
  readonly #world: World
  readonly #program: Program
  readonly #conferences = new Map<string, Conference>()
  #sids = 0
  /** told of each change of who hears what */
  changed: (leg: Leg) => void = () => {}

  constructor(world: World, program: Program) {
    this.#world = world
    this.#program = program
  }

  begin(kind: Leg['kind'], callId: string, to = ''): Leg {
    this.#sids += 1
    const leg = newLeg(`CA${this.#sids}`, callId, kind, to)
    this.legs.set(leg.sid, leg)
    return leg
  }

  /** Somebody calls us, or a line is opened: the first document says what happens. */
  brought(leg: Leg): void {
    this.ask(leg, () => this.#program.document(leg))
  }

  /** A number rings, and takes the call or does not. */
  rings(leg: Leg): void {
    const { random } = this.#world
    this.#report(leg, 'ringing')
    const fate = random.pick(['answers', 'answers', 'busy', 'no-answer'] as const)
    this.#world.later(random.between(300, 4_000), () => {
      if (leg.status !== 'ringing') return
      if (fate === 'busy') return this.#over(leg, 'far-end', 'busy')
      if (fate === 'no-answer') return this.#world.later(RING_MS, () => this.#over(leg, 'far-end', 'no-answer'))
      this.#answer(leg)
      this.brought(leg)
      this.#world.later(random.between(2_000, 30_000), () => this.end(leg, 'far-end'))
    })
  }

  redirect(leg: Leg): void {
    this.#leaveRoom(leg)
    this.brought(leg)
  }

  ask(leg: Leg, question: () => Promise<Instructions>, tries = 1): void {
    const { random } = this.#world
    if (tries === 1) {
      leg.turn += 1
      leg.phone = null
      // A line that rings is heard to ring until the document says something else.
      this.#hears(leg, leg.status === 'ringing')
    }
    const { turn } = leg
    let settled = false
    const once = (run: () => void) => () => {
      if (settled || turn !== leg.turn || leg.status === 'over') return
      settled = true
      run()
    }
    const again = once(() => (tries < TRIES ? this.ask(leg, question, tries + 1) : this.end(leg, 'fallback')))
    this.#world.later(random.between(5, 60), () => {
      if (turn !== leg.turn || leg.status === 'over') return
      this.#world.later(PATIENCE_MS, again)
      const arrives = (document: Instructions) =>
        this.#world.later(
          random.between(5, 60),
          once(() => this.#follow(leg, document, 0)),
        )
      question().then(arrives, () => this.#world.later(200, again))
    })
  }

  #follow(leg: Leg, document: Instructions, at: number): void {
    const next = document[at]
    const { turn } = leg
    const then = (ms: number) =>
      this.#world.later(ms, () => {
        if (turn === leg.turn && leg.status !== 'over') this.#follow(leg, document, at + 1)
      })
    this.#world.trace?.(
      `${String(this.#world.now).slice(-7)} ${leg.sid} of ${leg.callId} hears ${next?.kind ?? 'the end'}`,
    )
    if (next === undefined || next.kind === 'hang-up' || next.kind === 'reject') return this.end(leg, 'document')
    // With `answerOnBridge` a caller rings until somebody takes the call.
    if (next.kind !== 'wait' && next.kind !== 'continue' && next.kind !== 'dial') this.#answer(leg)
    this.#perform(leg, next, then)
  }

  #perform(leg: Leg, next: Instruction, then: (ms: number) => void): void {
    switch (next.kind) {
      case 'say':
      case 'gather':
        this.#hears(leg, true)
        return then(WORDS_MS)
      case 'play':
        this.#hears(leg, true)
        return next.forever ? undefined : then(WORDS_MS)
      case 'wait':
        this.#hears(leg, leg.status === 'ringing')
        return then(next.ms)
      case 'record':
        leg.mayEnd = 'message'
        this.#hears(leg, true)
        return void this.#world.later(4_000, () => this.end(leg, 'far-end'))
      case 'join-room':
        return this.#join(leg, next.room, next.role)
      case 'dial':
        return this.#dial(leg, next)
      case 'continue':
        return this.ask(leg, () => this.#program.stepDone(leg, next.token))
      default:
        return then(0)
    }
  }

  /** `<Dial><Client>`: the caller hears it ring until the page takes the call or rejects it, or for a while. */
  #ringPhone(leg: Leg, deskId: string, ringMs: number): void {
    const { turn } = leg
    leg.phone = { deskId, sinceMs: this.#world.now, taken: false }
    this.#hears(leg, true)
    this.#world.later(ringMs, () => {
      if (turn === leg.turn && leg.phone?.taken === false) this.stopsRinging(leg, 'no-answer')
    })
  }

  /** Where `completed`: the page that had the caller is gone. */
  stopsRinging(leg: Leg, status: 'completed' | 'busy' | 'no-answer'): void {
    if (leg.phone === null || leg.status === 'over') return
    leg.phone = null
    this.ask(leg, () => this.#program.dialEnded(leg, status))
  }

  /** The page takes the call: the two talk. */
  takes(leg: Leg): void {
    if (leg.phone === null || leg.phone.taken) return
    leg.phone.taken = true
    this.#answer(leg)
  }

  /** `<Dial><Number>`: whoever waits hears it ring, and then the two talk. */
  #dial(leg: Leg, { parties: [party], ringMs }: Extract<Instruction, { kind: 'dial' }>): void {
    if (party?.kind === 'desk') return this.#ringPhone(leg, party.deskId, ringMs)
    const { random } = this.#world
    const { turn } = leg
    this.#hears(leg, true)
    const over = (status: 'completed' | 'busy' | 'no-answer') => () => {
      if (turn !== leg.turn || leg.status === 'over') return
      if (status === 'completed') leg.mayEnd = 'the number hung up'
      this.ask(leg, () => this.#program.dialEnded(leg, status))
    }
    if (random.chance(0.5)) return this.#world.later(random.between(1_000, 12_000), over('completed'))
    this.#world.later(random.between(500, 6_000), over(random.pick(['busy', 'no-answer'])))
  }

  #answer(leg: Leg): void {
    if (leg.status !== 'ringing') return
    leg.status = 'in-progress'
    this.#report(leg, 'in-progress')
  }

  #join(leg: Leg, room: string, role: Extract<Instruction, { kind: 'join-room' }>['role']): void {
    const conference = this.#conferenceOf(room)
    conference.legs.push(leg)
    Object.assign(leg, { room, role, joinedAt: this.#world.now, sounds: false })
    const { sid: providerId, callId } = leg
    this.#tell(conference, { type: 'participant.joined', callId, role, providerId, conferenceId: conference.sid })
    this.#changedIn(conference)
  }

  #leaveRoom(leg: Leg): void {
    const conference = leg.room === null ? undefined : this.#conferences.get(leg.room)
    leg.room = null
    leg.held = false
    if (conference === undefined) return
    conference.legs = conference.legs.filter(one => one !== leg)
    this.#tell(conference, { type: 'participant.left', providerId: leg.sid, conferenceId: conference.sid })
    this.#changedIn(conference)
    this.changed(leg)
    if (conference.legs.length > 0) return
    this.#conferences.delete(conference.room)
    this.#tell(conference, { type: 'conference.ended', conferenceId: conference.sid })
  }

  /** False: they are not in this conference. */
  hold(conferenceId: string, sid: string, held: boolean): boolean {
    const conference = [...this.#conferences.values()].find(one => one.sid === conferenceId)
    const leg = conference?.legs.find(one => one.sid === sid)
    if (conference === undefined || leg === undefined) return false
    leg.held = held
    this.#tell(conference, { type: 'participant.held', providerId: sid, held })
    this.#changedIn(conference)
    return true
  }

  /** As the list has it, which may be behind; null: nobody is in. */
  list(room: string): CarrierRoom | null {
    const conference = this.#conferences.get(room)
    const lagging = this.#world.faults.strikes('list-lagging')
    const since = this.#world.now - (lagging ? LIST_LAG_MS : 0)
    const listed = (conference?.legs ?? []).filter(one => one.joinedAt <= since)
    if (conference === undefined || listed.length === 0) return null
    const participants = listed.map(({ callId, role, sid, held }) => ({
      callId,
      role,
      providerId: sid,
      held,
      muted: false,
    }))
    return { conferenceId: conference.sid, participants }
  }

  end(leg: Leg, how: Ended): void {
    this.#over(leg, how, 'completed')
  }

  #over(leg: Leg, how: Ended, status: 'completed' | 'busy' | 'no-answer'): void {
    if (leg.status === 'over') return
    leg.turn += 1
    leg.phone = null
    leg.status = 'over'
    leg.ended = how
    leg.endedAt = this.#world.now
    this.#world.trace?.(`${String(this.#world.now).slice(-7)} ${leg.sid} of ${leg.callId} is over by ${how}`)
    this.#leaveRoom(leg)
    this.#report(leg, status)
    this.changed(leg)
  }

  /** Those in this room who are not on hold, without this leg. */
  withLeg(leg: Leg): Leg[] {
    if (leg.room === null) return []
    return (this.#conferences.get(leg.room)?.legs ?? []).filter(one => one !== leg && !one.held)
  }

  rooms(): { room: string; legs: readonly Leg[] }[] {
    return [...this.#conferences.values()]
  }

  #hears(leg: Leg, sounds: boolean): void {
    leg.sounds = sounds
    this.changed(leg)
  }

  #changedIn({ legs }: Conference): void {
    for (const leg of legs) this.changed(leg)
  }

  #conferenceOf(room: string): Conference {
    const known = this.#conferences.get(room)
    if (known) return known
    this.#sids += 1
    const made: Conference = { sid: `CF${this.#sids}`, room, reported: 0, legs: [] }
    this.#conferences.set(room, made)
    return made
  }

  #report(leg: Leg, status: Parameters<Program['status']>[1]): void {
    leg.reported += 1
    const id = `status:${leg.sid}:${leg.reported}`
    this.#post(() => this.#program.status(leg, status, id))
  }

  #tell(conference: Conference, report: Untimed<RoomInput>): void {
    conference.reported += 1
    const id = `conference:${conference.sid}:${conference.reported}`
    this.#post(() => this.#program.room(conference.room, report, id))
  }

  /** Sends a callback once. The fault model alone decides what happens to it on the way. */
  #post(deliver: () => void): void {
    const { faults, random } = this.#world
    if (faults.strikes('callback-duplicated')) this.#world.later(random.between(20, 6_000), deliver)
    if (faults.strikes('callback-dropped')) return
    let ms = random.between(15, 120)
    if (faults.strikes('callback-reordered')) ms += random.between(0, 2_500)
    if (faults.strikes('callback-delayed')) ms += random.between(2_000, 30_000)
    this.#world.later(ms, deliver)
  }
}

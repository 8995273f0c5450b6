/** Conferences at the carrier: who is really in which room. Nobody of another batch may ever meet a customer there. */
import { legOf } from '../../../src/core/batch/state.ts'
import type { RoomInput } from '../../../src/core/room/state.ts'
import type { Carried, CarrierRoom } from '../../../src/providers/telephony/port.ts'
import { TO_CARRIER, type World } from '../world.ts'
import type { Carrier, CarrierCall } from './carrier.ts'

/** `call` null: it is the agent's line. */
interface Person {
  call: CarrierCall | null
  callId: string
  held: boolean
  joinedAt: number
}
interface Conference {
  sid: string
  room: string
  sequence: number
  /** by callSid */
  people: Map<string, Person>
}

/** A list may not have whoever has joined in this time. */
const LIST_LAG_MS = 5_000

export class Conferences {
  readonly #world: World
  readonly #carrier: Carrier
  readonly #open = new Map<string, Conference>()

  constructor(world: World, carrier: Carrier) {
    this.#world = world
    this.#carrier = carrier
  }

  customerJoins(call: CarrierCall, room: string): void {
    const conference = this.#conference(room)
    for (const { call: other } of conference.people.values())
      if (other && other.batchId !== call.batchId)
        this.#world.broken(`${call.callId} meets ${other.callId} in the room ${room}`)
    this.#wasLetIn(call)
    call.room = room
    conference.people.set(call.sid, { call, callId: call.callId, held: false, joinedAt: this.#world.now })
    this.#tell(conference, {
      type: 'participant.joined',
      callId: call.callId,
      role: 'customer',
      providerId: call.sid,
      conferenceId: conference.sid,
    })
    if (this.hasLine(room)) this.#carrier.hears(call)
    // The customer waits for a line that is away. The grace bounds this wait, and losing the call would be worse.
    else {
      call.excused = true
      call.aloneSince = this.#world.now
    }
  }

  /** A law: a leg that still dials, was released or was answered by another call is in no room. */
  #wasLetIn(call: CarrierCall): void {
    const { batchId, callId } = call
    // A caller whom an agent has taken to their open line.
    if (batchId === null) {
      const { place } = this.#world.cast.call(callId)
      return place?.at === 'room' ? undefined : this.#world.broken(`${callId} is in a room, and nobody has taken it`)
    }
    const leg = legOf(this.#world.cast.batch(batchId).state, callId)
    if (leg === null || leg.phase === 'dialing' || leg.phase === 'released' || leg.answeredAs !== call.sid)
      this.#world.broken(`${call.callId} is in a room and is ${leg?.phase ?? 'unknown'} here`)
  }

  lineJoins(providerId: string, callId: string, room: string): void {
    const conference = this.#conference(room)
    conference.people.set(providerId, { call: null, callId, held: false, joinedAt: this.#world.now })
    const conferenceId = conference.sid
    this.#tell(conference, { type: 'participant.joined', callId, role: 'agent', providerId, conferenceId })
    for (const { call } of conference.people.values()) if (call) this.#carrier.hears(call)
  }

  leave(callSid: string): void {
    for (const conference of this.#open.values()) {
      const person = conference.people.get(callSid)
      if (person === undefined) continue
      const { call } = person
      conference.people.delete(callSid)
      if (call) {
        call.room = null
        this.#carrier.notAlone(call)
      } else if (!this.hasLine(conference.room))
        for (const { call: guest } of conference.people.values()) if (guest) guest.aloneSince = this.#world.now
      this.#tell(conference, { type: 'participant.left', providerId: callSid })
      if (conference.people.size > 0) continue
      this.#open.delete(conference.room)
      this.#tell(conference, { type: 'conference.ended', conferenceId: conference.sid })
    }
  }

  hasLine(room: string): boolean {
    const conference = this.#open.get(room)
    return conference !== undefined && [...conference.people.values()].some(({ call }) => call === null)
  }

  hold(conferenceId: string, providerId: string, held: boolean, done: (answer: Carried<null>) => void): void {
    const { faults, random } = this.#world
    this.#world.send(TO_CARRIER, () =>
      this.#world.later(random.between(30, 200), () => {
        if (faults.strikes('carrier-failing'))
          return done({ ok: false, failure: { kind: 'unknown', message: 'no answer' } })
        const conference = [...this.#open.values()].find(one => one.sid === conferenceId)
        const person = conference?.people.get(providerId)
        if (!conference || !person) return done({ ok: false, failure: { kind: 'gone' } })
        person.held = held
        this.#tell(conference, { type: 'participant.held', providerId, held })
        done({ ok: true, value: null })
      }),
    )
  }

  list(room: string, done: (answer: Carried<CarrierRoom | null>) => void): void {
    const { faults, random } = this.#world
    this.#world.send(TO_CARRIER, () =>
      this.#world.later(random.between(30, 200), () => {
        if (faults.strikes('carrier-failing'))
          return done({ ok: false, failure: { kind: 'unknown', message: 'no answer' } })
        const conference = this.#open.get(room)
        if (conference === undefined) return done({ ok: true, value: null })
        const known = faults.strikes('list-lagging') ? this.#world.now - LIST_LAG_MS : this.#world.now
        const listed = [...conference.people].filter(([, { joinedAt }]) => joinedAt <= known)
        const participants = listed.map(([providerId, { call, callId, held }]) => {
          return { callId, role: call ? ('customer' as const) : ('agent' as const), providerId, muted: false, held }
        })
        done({ ok: true, value: { conferenceId: conference.sid, participants } })
      }),
    )
  }

  #conference(room: string): Conference {
    const known = this.#open.get(room)
    if (known) return known
    const made = { sid: this.#carrier.freshSid('CF'), room, sequence: 0, people: new Map() }
    this.#open.set(room, made)
    return made
  }

  #tell(conference: Conference, event: WithoutTime<RoomInput>): void {
    conference.sequence += 1
    const id = `conference:${conference.sid}:${conference.sequence}:${event.type}`
    const actor = this.#world.cast.room(conference.room)
    this.#carrier.post(() => actor.deliver({ ...event, at: this.#world.now }, id))
  }
}

type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never

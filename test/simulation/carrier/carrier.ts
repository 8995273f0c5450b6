/**
 * The carrier: calls that are queued, ring, are answered and end; callbacks that are sent once and never again; answer
 * webhooks with one repeat and a fallback, as https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides has it. Its
 * own truth is what the laws compare with.
 */
import type { Destination } from '../../../src/core/batch/batch.ts'
import type { Verdict } from '../../../src/core/batch/state.ts'
import type { PlaceOptions, ProviderStatus } from '../../../src/core/call/state.ts'
import { LINE_GRACE_MS } from '../../../src/core/desk/state.ts'
import type { SimBatch } from '../cast.ts'
import type { World } from '../world.ts'
import { Conferences } from './conferences.ts'
import { askPlace } from './inbound.ts'
import { drawPerson, type Person } from './person.ts'

export const MESSAGE_MS = 6_000
/** An answered person must hear something by then. */
export const SILENCE_MAX_MS = 2_000
/** The answer URL's overrides: 4 s, one repeat, then the fallback (`src/providers/telephony/twilio/callback-urls.ts`). */
const WEBHOOK_PATIENCE_MS = 4_000
const WEBHOOK_TRIES = 2
const HOUR_MS = 3_600_000
const DARK_MAX_MS = 40_000
const ALONE_MAX_MS = LINE_GRACE_MS + 2_000
/** A phone that we let go stops ringing this soon when nothing fails. */
const LET_GO_MAX_MS = 3_000

export interface CarrierCall {
  readonly sid: string
  readonly callId: string
  readonly batchId: string | null
  readonly to: string
  readonly from: string
  readonly options: PlaceOptions
  readonly person: Person
  readonly createdAt: number
  status: ProviderStatus
  sequence: number
  /** raised by every new fetch of destinations; an older answer is thrown away */
  turn: number
  /** when the first question for destinations left */
  askedAt: number | null
  heardAt: number | null
  /** a webhook fault struck this call: the 2 s law does not bind */
  excused: boolean
  room: string | null
  /** no callback of this call is sent before then */
  readonly darkUntil: number
  /** since when the call is alone in its room; null if it is not */
  aloneSince: number | null
  endedAt: number | null
}

export class Carrier {
  readonly world: World
  readonly conferences: Conferences
  readonly calls = new Map<string, CarrierCall>()
  readonly byCallId = new Map<string, CarrierCall>()
  #nextStart = 0
  #sids = 0
  readonly #startEveryMs: number

  constructor(world: World) {
    this.world = world
    this.conferences = new Conferences(world, this)
    this.#startEveryMs = world.random.pick([50, 250, 1_000])
  }

  freshSid(prefix: string): string {
    this.#sids += 1
    return `${prefix}${this.#sids}`
  }

  /** A create that arrived: paced, then dialled. */
  create(callId: string, batchId: string | null, to: string, from: string, options: PlaceOptions): CarrierCall {
    const { world } = this
    if (this.byCallId.has(callId)) world.broken(`two real calls for the leg ${callId}`)
    const call: CarrierCall = {
      sid: this.freshSid('CA'),
      callId,
      batchId,
      to,
      from,
      options,
      person: drawPerson(world.random),
      createdAt: world.now,
      status: 'queued',
      sequence: 0,
      turn: 0,
      askedAt: null,
      heardAt: null,
      excused: false,
      room: null,
      darkUntil: world.faults.strikes('callbacks-blacked-out')
        ? world.now + world.random.between(5_000, DARK_MAX_MS)
        : 0,
      aloneSince: null,
      endedAt: null,
    }
    this.calls.set(call.sid, call)
    this.byCallId.set(callId, call)
    const startAt = Math.max(world.now + world.random.between(10, 80), this.#nextStart)
    this.#nextStart = startAt + this.#startEveryMs
    world.queue.put(startAt, () => this.#dial(call))
    return call
  }

  #dial(call: CarrierCall): void {
    if (call.status !== 'queued') return
    this.#turnTo(call, 'initiated')
    const { random, faults } = this.world
    const { person } = call
    if (person.kind === 'failed') return this.world.later(random.between(100, 900), () => this.end(call, 'failed'))
    this.world.later(random.between(200, 1_500), () => {
      if (call.status !== 'initiated') return
      this.#turnTo(call, 'ringing')
      if (person.kind === 'busy') return this.world.later(random.between(300, 2_000), () => this.end(call, 'busy'))
      const { ringLimitMs } = call.options
      if (person.kind === 'no-answer' || person.answerAfterMs > ringLimitMs)
        return this.world.later(ringLimitMs, () => this.endUnanswered(call))
      const at = this.world.now + person.answerAfterMs
      // In a tie, people pick up at the next multiple of 4 s.
      const tied = faults.strikes('answers-tied') ? Math.ceil(at / 4_000) * 4_000 : at
      this.world.queue.put(tied, () => this.pickUp(call))
    })
  }

  endUnanswered(call: CarrierCall): void {
    if (call.status === 'ringing') this.end(call, 'no-answer')
  }

  pickUp(call: CarrierCall): void {
    if (call.status !== 'ringing') return
    const { world } = this
    const { random } = world
    this.#turnTo(call, 'in-progress')
    world.later(call.person.staysMs, () => this.end(call, 'completed'))
    const { amd } = call.options
    if (amd === 'before') {
      const verdict = world.faults.strikes('verdict-missing') ? 'unknown' : this.#verdictOf(call)
      return world.later(random.between(800, 4_000), () => this.ask(call, verdict))
    }
    if (amd === 'beside' && !world.faults.strikes('verdict-missing')) {
      const late = world.faults.strikes('verdict-late')
      const verdict = this.#verdictOf(call)
      world.later(late ? random.between(4_000, 15_000) : random.between(300, 3_900), () => this.#judge(call, verdict))
    }
    this.ask(call, null)
  }

  #verdictOf(call: CarrierCall): Verdict {
    const { verdict } = call.person
    if (!this.world.faults.strikes('verdict-wrong')) return verdict
    return verdict === 'human' ? 'machine' : 'human'
  }

  #judge(call: CarrierCall, verdict: Verdict): void {
    const { batchId, callId: legId } = call
    if (batchId === null) return
    const batch = this.world.cast.batch(batchId)
    this.#postFor(call, () =>
      batch.deliver({ type: 'leg.judged', at: this.world.now, legId, verdict }, `amd:${call.sid}`),
    )
  }

  /** Fetches the call's destinations. */
  ask(call: CarrierCall, verdict: Verdict | null, tries = 1): void {
    if (call.status !== 'in-progress' || call.batchId === null) return
    const { world } = this
    const { faults, random } = world
    call.askedAt ??= world.now
    const turn = ++call.turn
    const batch = world.cast.batch(call.batchId)
    const again = () => {
      if (turn !== call.turn) return
      if (tries < WEBHOOK_TRIES) this.ask(call, verdict, tries + 1)
      else this.#follow(call, { kind: 'message' })
    }
    if (faults.strikes('answer-webhook-slow')) {
      call.excused = true
      world.later(random.between(200, 2 * WEBHOOK_PATIENCE_MS), () => this.#claim(batch, call, verdict))
      return world.later(WEBHOOK_PATIENCE_MS, again)
    }
    world.later(random.between(10, 90), () => {
      const lost = faults.strikes('answer-webhook-lost')
      if (lost && random.chance(0.5)) return world.later(random.between(50, 400), again)
      const destination = this.#claim(batch, call, verdict)
      world.later(random.between(10, 90), () => {
        if (lost || destination === null) return again()
        if (turn === call.turn) this.#follow(call, destination)
      })
    })
  }

  #claim(batch: SimBatch, call: CarrierCall, verdict: Verdict | null): Destination | null {
    return batch.claim(call.callId, call.sid, verdict)
  }

  #follow(call: CarrierCall, destination: Destination): void {
    if (call.status !== 'in-progress') return
    const { world } = this
    world.trace?.(`${' '.repeat(8)}${call.callId} hears ${destination.kind}`)
    if (destination.kind === 'hang-up') return this.end(call, 'completed')
    if (destination.kind === 'room') return this.conferences.customerJoins(call, destination.room)
    this.hears(call)
    const { turn } = call
    world.later(MESSAGE_MS, () => {
      if (turn === call.turn) this.end(call, 'completed')
    })
  }

  /** A person hears a voice for the first time. */
  hears(call: CarrierCall): void {
    this.notAlone(call)
    if (call.heardAt !== null) return
    const { now } = this.world
    call.heardAt = now
    const silentMs = now - (call.askedAt ?? now)
    if (!call.excused && silentMs > SILENCE_MAX_MS) this.world.broken(`${call.callId} heard nothing for ${silentMs} ms`)
  }

  /** A law: a customer waits for a dropped line at most its grace and a moment for the messages, unless faults strike. */
  notAlone(call: CarrierCall): void {
    if (call.aloneSince === null) return
    const aloneMs = this.world.now - call.aloneSince
    call.aloneSince = null
    if (aloneMs > ALONE_MAX_MS && !this.world.faults.areInfrastructural)
      this.world.broken(`${call.callId} was alone in its room for ${aloneMs} ms`)
  }

  /** The carrier leaves the old destinations and asks again. */
  redirect(call: CarrierCall): void {
    this.conferences.leave(call.sid)
    if (call.batchId === null) askPlace(this, call)
    else this.ask(call, null)
  }

  end(call: CarrierCall, status: ProviderStatus): void {
    if (call.endedAt !== null) return
    const { world } = this
    const silentMs = world.now - (call.askedAt ?? world.now)
    if (call.heardAt === null && !call.excused && silentMs > SILENCE_MAX_MS)
      world.broken(`${call.callId} hung up after ${silentMs} ms of silence`)
    this.#letGoInTime(call)
    call.endedAt = world.now
    call.turn += 1
    this.conferences.leave(call.sid)
    this.#turnTo(call, status)
  }

  #letGoInTime(call: CarrierCall): void {
    const { world } = this
    if (call.batchId === null || call.status === 'in-progress') return
    const releasedAt = world.cast.batch(call.batchId).releasedAt.get(call.callId)
    if (releasedAt === undefined || world.faults.areInfrastructural) return
    const ms = world.now - Math.max(releasedAt, call.createdAt)
    if (ms > LET_GO_MAX_MS) world.broken(`${call.callId} went on ringing for ${ms} ms after it was let go`)
  }

  #turnTo(call: CarrierCall, status: ProviderStatus): void {
    const { world } = this
    world.trace?.(`${String(world.now).slice(-7)} carrier: ${call.sid} of ${call.callId} is ${status}`)
    call.status = status
    call.sequence += 1
    const id = `status:${call.sid}:${call.sequence}:${status}`
    const actor = world.cast.call(call.callId)
    const providerId = call.sid
    this.#postFor(call, () => actor.deliver({ type: 'call.reported', at: world.now, providerId, status }, id))
  }

  #postFor(call: CarrierCall, deliver: () => void): void {
    if (this.world.now >= call.darkUntil) this.post(deliver)
  }

  /** Sends a callback once. The fault model alone decides what happens to it on the way. */
  post(deliver: () => void): void {
    const { faults, random } = this.world
    if (faults.strikes('callback-hour-late')) this.world.later(HOUR_MS + random.between(0, 60_000), deliver)
    if (faults.strikes('callback-duplicated')) this.world.later(random.between(20, 6_000), deliver)
    if (faults.strikes('callback-dropped')) return
    let ms = random.between(15, 120)
    if (faults.strikes('callback-reordered')) ms += random.between(0, 2_500)
    if (faults.strikes('callback-delayed')) ms += random.between(2_000, 30_000)
    this.world.later(ms, deliver)
  }
}

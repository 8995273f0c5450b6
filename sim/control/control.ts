import type { Driver } from '../driver.ts'
import { CPS_MAX, callOfPhone, isLive, newSid, type OwnNumber } from '../engine/world.ts'
import { type FaultBox, FaultError, type FaultRule } from '../faults.ts'
import type { Entry, NetworkLog } from '../network-log.ts'
import { PEOPLE_MAX } from '../people/load.ts'
import { checkPerson, checkScript, type Person, type Script } from '../people/script.ts'
import { viewWorld, type WorldView } from './world-view.ts'

/** Everything that the page, a script or a test may do to the phone network. `control-api.ts` is this over HTTP. */

/** What was asked cannot be done; `status` is the HTTP status that says so. */
export class ControlError extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export interface NumberSettings {
  number: string
  voiceUrl: string
  voiceMethod?: 'GET' | 'POST'
  fallbackUrl?: string
  statusCallback?: string
}

export interface AppSettings {
  voiceUrl: string
  fallbackUrl?: string
  statusUrl?: string
}

export const OWN_NUMBERS_MAX = 1_000

function needUrl(value: unknown, what: string): string {
  if (typeof value !== 'string' || !URL.canParse(value) || !/^https?:/.test(value)) {
    throw new ControlError(400, `${what} must be an http or https URL`)
  }
  return value
}

export class Control {
  readonly #driver: Driver
  readonly #log: NetworkLog
  readonly #faults: FaultBox
  readonly #scripts = new Map<string, Script>()

  constructor(driver: Driver, log: NetworkLog, faults: FaultBox) {
    this.#driver = driver
    this.#log = log
    this.#faults = faults
  }

  world(): WorldView {
    return viewWorld(this.#driver, this.#faults.rules(), this.#log.last())
  }

  /** Entries after `seq`, oldest first. */
  log(since = 0): Entry[] {
    return this.#log.since(since)
  }

  /** Called for every new entry; returns the unsubscriber. Throws `ControlError` 503 when too many listen. */
  subscribe(listener: (entry: Entry) => void): () => void {
    if (this.#log.isFull()) throw new ControlError(503, 'too many listen to the events')
    return this.#log.subscribe(listener)
  }

  /** The first entry after `since` that `test` accepts, now or later. Rejects after `limitMs`. */
  until(test: (entry: Entry) => boolean, limitMs = 10_000, since = 0): Promise<Entry> {
    const past = this.log(since).find(test)
    if (past) return Promise.resolve(past)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        stop()
        reject(new Error(`nothing of the kind in ${limitMs} ms`))
      }, limitMs)
      const stop = this.subscribe(entry => {
        if (!test(entry)) return
        clearTimeout(timer)
        stop()
        resolve(entry)
      })
    })
  }

  /** Define or replace people. Throws `ScriptError`; then nobody is changed. */
  definePeople(values: readonly unknown[]): Person[] {
    for (const { scriptId, script } of this.#driver.world.people.values()) this.#scripts.set(scriptId, script)
    const people = values.map(value => checkPerson(value, this.#scripts))
    const numbers = new Set([...this.#driver.world.people.keys(), ...people.map(person => person.number)])
    if (numbers.size > PEOPLE_MAX) throw new ControlError(400, `more than ${PEOPLE_MAX} people`)
    this.#driver.take({ kind: 'people.defined', people })
    return people
  }

  /** Ringing phones pick up. With several numbers: in the same instant. */
  answer(...numbers: string[]): void {
    for (const number of numbers) this.#ringing(number)
    this.#driver.take({ kind: 'phone.answered', numbers })
  }

  refuse(number: string, how: 'busy' | 'reject' | 'no-answer'): void {
    this.#ringing(number)
    this.#driver.take({ kind: 'phone.refused', number, how })
  }

  hangUpPhone(number: string): void {
    if (!callOfPhone(this.#driver.world, number)) throw new ControlError(409, `${number} is not on a call`)
    this.#driver.take({ kind: 'phone.hung-up', number })
  }

  hangUpCall(sid: string): void {
    const call = this.#driver.world.calls.get(sid)
    if (!call) throw new ControlError(404, `there is no call ${sid}`)
    if (!isLive(call)) throw new ControlError(409, `${sid} has ended`)
    this.#driver.take({ kind: 'call.cut', callSid: sid })
  }

  /** A pretend person calls one of our numbers. Returns the CallSid. */
  dial(from: string, to: string, script?: unknown): string {
    const { world } = this.#driver
    if (!world.numbers.get(to)?.voice) throw new ControlError(409, `${to} is not a number with a voice URL`)
    if (callOfPhone(world, from)) throw new ControlError(409, `${from} is on a call already`)
    const known = world.people.get(from)
    if (script !== undefined || !known) {
      const wanted = script === undefined ? known?.script : checkScript(script)
      this.definePeople([{ ...(known ?? { name: from }), number: from, script: wanted ?? { kind: 'human' } }])
    }
    const { facts } = this.#driver.take({ kind: 'number.dialed', from, to })
    const created = facts.find(fact => fact.kind === 'call-created')
    if (!created) throw new ControlError(409, `${to} refused the call`)
    return created.callSid
  }

  /** A phone presses keys during its call. */
  press(callSid: string, digits: string): void {
    if (!/^[0-9*#]{1,32}$/.test(digits)) throw new ControlError(400, 'digits are 0 to 9, * and #, at most 32')
    this.#driver.take({ kind: 'digits.pressed', callSid, digits })
  }

  setCps(cps: unknown): void {
    if (typeof cps !== 'number' || !Number.isInteger(cps) || cps < 1 || cps > CPS_MAX) {
      throw new ControlError(400, `cps must be a whole number from 1 to ${CPS_MAX}`)
    }
    this.#driver.take({ kind: 'cps.changed', cps })
  }

  /** Add faults; `what: "double-answer"` makes the next answers pull a second ringing phone along. */
  addFault(value: unknown): FaultRule | { doubleAnswers: number } {
    const raw = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
    if (raw.what !== 'double-answer') return this.#faults.add(value)
    const count = raw.next ?? 1
    if (typeof count !== 'number' || !Number.isInteger(count) || count < 0 || count > 1_000) {
      throw new FaultError('next must be a whole number from 0 to 1000')
    }
    this.#driver.take({ kind: 'double-answers.wanted', count })
    return { doubleAnswers: count }
  }

  clearFaults(): void {
    this.#faults.clear()
    this.#driver.take({ kind: 'double-answers.wanted', count: 0 })
  }

  /** Own a number, or change where its calls go. */
  setNumber(settings: NumberSettings): OwnNumber {
    const { world } = this.#driver
    const { number, voiceMethod, fallbackUrl, statusCallback } = settings
    if (!/^\+[1-9]\d{6,14}$/.test(String(number))) throw new ControlError(400, 'number must be E.164')
    const old = world.numbers.get(number)
    if (!old && world.numbers.size >= OWN_NUMBERS_MAX)
      throw new ControlError(400, `more than ${OWN_NUMBERS_MAX} numbers`)
    const fallback =
      fallbackUrl === undefined ? null : { url: needUrl(fallbackUrl, 'fallbackUrl'), method: 'POST' as const }
    const own: OwnNumber = {
      sid: old?.sid ?? newSid(world, 'PN'),
      number,
      voice: { url: needUrl(settings.voiceUrl, 'voiceUrl'), method: voiceMethod === 'GET' ? 'GET' : 'POST', fallback },
      statusCallback:
        statusCallback === undefined ? null : { url: needUrl(statusCallback, 'statusCallback'), method: 'POST' },
    }
    world.numbers.set(number, own)
    return own
  }

  /** Where the browsers' outgoing calls ask for TwiML. */
  setApp(settings: AppSettings): void {
    const { account } = this.#driver.world
    const { fallbackUrl, statusUrl } = settings
    const fallback =
      fallbackUrl === undefined ? null : { url: needUrl(fallbackUrl, 'fallbackUrl'), method: 'POST' as const }
    account.voice = { url: needUrl(settings.voiceUrl, 'voiceUrl'), method: 'POST', fallback }
    account.statusCallback = statusUrl === undefined ? null : { url: needUrl(statusUrl, 'statusUrl'), method: 'POST' }
  }

  #ringing(number: string): void {
    const call = callOfPhone(this.#driver.world, number)
    if (call?.status !== 'ringing' || call.direction === 'inbound')
      throw new ControlError(409, `${number} does not ring`)
  }
}

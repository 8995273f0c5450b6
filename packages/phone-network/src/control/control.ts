import type { CrmKnobs } from '../crm/knobs.ts'
import type { Driver } from '../driver.ts'
import type { OwnNumber } from '../engine/account.ts'
import { type BookChange, instructionsOf, OWN_NUMBERS_MAX, routingOf } from '../engine/book.ts'
import { RING_LIMIT_MS, TIME_LIMIT_MS } from '../engine/make-call.ts'
import { BODY_CHARS_MAX } from '../engine/texts/text.ts'
import { CPS_MAX, callOfPhone, isLive, type Target } from '../engine/world.ts'
import { type FaultBox, FaultError, type FaultRule } from '../faults.ts'
import type { Entry, NetworkLog } from '../network-log.ts'
import { PEOPLE_MAX } from '../people/load.ts'
import { personAt } from '../people/magic.ts'
import { checkPerson, checkScript, type Person, type Script } from '../people/script.ts'
import type { Disturbance } from '../signalling/disturbance.ts'
import type { SpeechKnobs } from '../speech/knobs.ts'
import { readAccountSettings } from './account-settings.ts'
import { viewWorld, type WorldView } from './world-view.ts'

/** Everything that the page, a script or a test may do to the phone network. `control-api.ts` offers it over HTTP. */

/** The request cannot be performed; `status` is the HTTP status that fits the reason. */
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
  statusCallbackMethod?: 'GET' | 'POST'
  /** where texts to the number go; absent: nowhere */
  smsUrl?: string
  smsMethod?: 'GET' | 'POST'
}

export interface AppSettings {
  voiceUrl: string
  fallbackUrl?: string
  statusUrl?: string
}

function needUrl(value: unknown, what: string): string {
  if (typeof value !== 'string' || !URL.canParse(value) || !/^https?:/.test(value)) {
    throw new ControlError(400, `${what} must be an http or https URL`)
  }
  return value
}

function methodOf(method: unknown): Target['method'] {
  return method === 'GET' ? 'GET' : 'POST'
}

/** An empty text is no URL, as in Twilio's console. */
function targetOf(url: unknown, what: string, method?: unknown): Target {
  return { url: url === undefined || url === '' ? '' : needUrl(url, what), method: methodOf(method) }
}

function smsSettings({ smsUrl, smsMethod }: NumberSettings): Record<string, string> {
  const { url, method } = targetOf(smsUrl, 'smsUrl', smsMethod)
  return url === '' ? {} : { SmsUrl: url, SmsMethod: method }
}

/** Services that run beside the phone network and are controlled with it. */
export interface Beside {
  speech?: SpeechKnobs | undefined
  crm?: CrmKnobs | undefined
}

export class Control {
  readonly #driver: Driver
  readonly #log: NetworkLog
  readonly #faults: FaultBox
  readonly #scripts = new Map<string, Script>()
  readonly #beside: Beside

  constructor(driver: Driver, log: NetworkLog, faults: FaultBox, beside: Beside = {}) {
    this.#driver = driver
    this.#log = log
    this.#faults = faults
    this.#beside = beside
  }

  /** Delays, failures and requests of the speech services. Throws `ControlError` 404 in a network without them. */
  get speech(): SpeechKnobs {
    if (!this.#beside.speech) throw new ControlError(404, 'this network has no speech services')
    return this.#beside.speech
  }

  /** Failures, contacts and tasks of the CRM. Throws `ControlError` 404 in a network without one. */
  get crm(): CrmKnobs {
    if (!this.#beside.crm) throw new ControlError(404, 'this network has no CRM')
    return this.#beside.crm
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

  /** Define or replace people. Throws `ScriptError` without changing anybody. */
  definePeople(values: readonly unknown[]): Person[] {
    for (const { scriptId, script } of this.#driver.world.people.values()) this.#scripts.set(scriptId, script)
    const people = values.map(value => checkPerson(value, this.#scripts))
    const numbers = new Set([...this.#driver.world.people.keys(), ...people.map(person => person.number)])
    if (numbers.size > PEOPLE_MAX) throw new ControlError(400, `more than ${PEOPLE_MAX} people`)
    this.#driver.take({ kind: 'people.defined', people })
    return people
  }

  /** Disturb every browser of an identity. Throws `ControlError` 404 when the identity has none. */
  disturbBrowsers(identity: string, disturbance: Disturbance): void {
    if (this.#driver.disturb(identity, disturbance) === 0) throw new ControlError(404, `no browser of ${identity}`)
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
    const own = world.numbers.get(to)
    if (!own || instructionsOf(routingOf(world, own).routing) === null)
      throw new ControlError(409, `${to} is not a number with a voice URL`)
    if (callOfPhone(world, from)) throw new ControlError(409, `${from} is on a call already`)
    const known = world.people.get(from)
    if (script !== undefined || !known) {
      const caller = known ?? personAt(from)
      this.definePeople([{ ...caller, script: script === undefined ? caller.script : checkScript(script) }])
    }
    const { facts } = this.#driver.take({ kind: 'number.dialed', from, to })
    const created = facts.find(fact => fact.kind === 'call-created')
    if (!created) throw new ControlError(409, `${to} refused the call`)
    return created.callSid
  }

  /** The phone of a browser calls the app, without a browser and without sound of its own: for load tests. Returns the CallSid. */
  browserDials(identity: string, parameters: Record<string, string>): string {
    const { facts } = this.#driver.take({ kind: 'browser.dialed', identity, applicationSid: null, parameters })
    const created = facts.find(fact => fact.kind === 'call-created')
    if (!created) throw new ControlError(409, 'the network made no call')
    return created.callSid
  }

  /** A pretend person sends a text to one of our numbers. Returns the MessageSid. */
  text(from: string, to: string, body: string): string {
    if (!/^\+[1-9]\d{6,14}$/.test(from)) throw new ControlError(400, 'from must be E.164')
    if (!this.#driver.world.numbers.has(to)) throw new ControlError(409, `${to} is not one of our numbers`)
    if (body === '' || body.length > BODY_CHARS_MAX) {
      throw new ControlError(400, `a text has 1 to ${BODY_CHARS_MAX} characters`)
    }
    const { facts } = this.#driver.take({ kind: 'text.received', from, to, body, media: [] })
    const created = facts.find(fact => fact.kind === 'text-created')
    if (!created) throw new ControlError(409, 'the network took no text')
    return created.textSid
  }

  /** Create a call as `POST Calls.json` would, without HTTP: for load tests. Returns the CallSid. */
  place(wanted: { from: string; to: string; url: string; timeLimitMs?: number }): string {
    const { from, to, url, timeLimitMs = TIME_LIMIT_MS } = wanted
    const { facts } = this.#driver.take({
      kind: 'call.requested',
      request: {
        from,
        to,
        instructions: { url: needUrl(url, 'url'), method: 'POST', fallback: null },
        applicationSid: null,
        statusCallback: null,
        detection: null,
        ringLimitMs: RING_LIMIT_MS,
        timeLimitMs,
        seat: null,
      },
    })
    const created = facts.find(fact => fact.kind === 'call-created')
    if (!created) throw new ControlError(409, 'the network made no call')
    return created.callSid
  }

  /** Counts everything that is still in progress. All counts are 0 when the network is at rest. */
  census(): { live: number; timers: number; conferences: number; queued: number } {
    const { calls, timers, conferences, queues } = this.#driver.world
    return {
      live: [...calls.values()].filter(isLive).length,
      timers: timers.length,
      conferences: [...conferences.values()].filter(conference => conference.status !== 'completed').length,
      queued: [...queues.values()].reduce((sum, queue) => sum + queue.members.length, 0),
    }
  }

  /** Break the Media Streams of a call, as a bad network would. */
  loseStreams(callSid: string): number {
    const broken = this.#driver.loseStreams(callSid)
    if (broken === 0) throw new ControlError(409, `${callSid} has no stream`)
    return broken
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

  /** The share of words that the recogniser mishears from now on. */
  setRecogniser(errorRate: unknown): void {
    if (typeof errorRate !== 'number' || !(errorRate >= 0 && errorRate <= 1)) {
      throw new ControlError(400, 'errorRate must be a number from 0 to 1')
    }
    this.#driver.take({ kind: 'recogniser.changed', errorRate })
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

  /** Own a number, or change where its calls go. Settings that are not given return to their defaults. */
  setNumber(settings: NumberSettings): OwnNumber {
    const { world } = this.#driver
    const { number, fallbackUrl, statusCallback } = settings
    if (!/^\+[1-9]\d{6,14}$/.test(String(number))) throw new ControlError(400, 'number must be E.164')
    const voice = { url: needUrl(settings.voiceUrl, 'voiceUrl'), method: methodOf(settings.voiceMethod) }
    const change: BookChange = {
      of: 'number',
      number,
      settings: {
        voice,
        fallback: targetOf(fallbackUrl, 'fallbackUrl'),
        statusCallback: targetOf(statusCallback, 'statusCallback', settings.statusCallbackMethod),
        voiceApplicationSid: null,
        sms: smsSettings(settings),
      },
    }
    this.#driver.take({ kind: 'book.kept', change })
    const own = world.numbers.get(number)
    if (!own) throw new ControlError(400, `more than ${OWN_NUMBERS_MAX} numbers`)
    return own
  }

  /** The default TwiML App: where the browsers' outgoing calls ask for TwiML. */
  setApp(settings: AppSettings): void {
    const { fallbackUrl, statusUrl } = settings
    const change: BookChange = {
      of: 'application',
      sid: this.#driver.world.account.twimlAppSid,
      settings: {
        voice: { url: needUrl(settings.voiceUrl, 'voiceUrl'), method: 'POST' },
        fallback: targetOf(fallbackUrl, 'fallbackUrl'),
        statusCallback: targetOf(statusUrl, 'statusUrl'),
      },
    }
    this.#driver.take({ kind: 'book.kept', change })
  }

  /** The account's state and limits; see `AccountSettings`. */
  setAccount(value: unknown): void {
    this.#driver.take({ kind: 'book.kept', change: { of: 'account', settings: readAccountSettings(value) } })
  }

  #ringing(number: string): void {
    const call = callOfPhone(this.#driver.world, number)
    if (call?.status !== 'ringing' || call.direction === 'inbound')
      throw new ControlError(409, `${number} does not ring`)
  }
}

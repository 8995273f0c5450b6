import { credentialsOf } from '../account.ts'
import type { BookChange } from '../engine/book.ts'
import { apply, nextDue } from '../engine/engine.ts'
import type { CallRequest, Fact, Input, Intent } from '../engine/input.ts'
import { type Call, createWorld, type World } from '../engine/world.ts'
import { estimateMs } from '../sounds.ts'

/**
 * The pure engine in virtual time, for tests: no clock, no network. TwiML comes from a table by URL, sentences last as
 * long as their estimate, and an hour passes in a millisecond.
 */

export const OUR_NUMBER = '+14155550000'
export const APP = 'http://app.test'
const START = Date.UTC(2026, 0, 5, 17)

export type Timed<T> = T & { at: number }
export type Notice = Extract<Intent, { do: 'notify' }>
export type Fetch = Extract<Intent, { do: 'fetch' }>

export class VirtualNetwork {
  readonly world: World
  readonly facts: Timed<Fact>[] = []
  readonly intents: Timed<Intent>[] = []
  /** path → TwiML, an answer of another type, or a failure code */
  readonly pages = new Map<string, string | number | { body: string; contentType: string }>()
  devices = 1
  at = START
  readonly #answers: Input[] = []
  /** what comes from outside later */
  #due: { at: number; input: Input }[] = []

  constructor(seed = 7, cps = 4) {
    const account = credentialsOf(seed)
    const method = 'POST' as const
    this.world = createWorld(seed, account, cps)
    const at = this.at
    for (const change of [
      { of: 'application', sid: account.twimlAppSid, settings: { voice: { url: `${APP}/voice`, method } } },
      { of: 'number', number: OUR_NUMBER, settings: { voice: { url: `${APP}/inbound`, method } } },
    ] satisfies BookChange[]) {
      apply(this.world, { kind: 'book.kept', change, at })
    }
  }

  take(input: Input): void {
    const { facts, intents } = apply(this.world, { ...input, at: this.at })
    for (const fact of facts) this.facts.push({ ...fact, at: this.at })
    for (const intent of intents) {
      this.intents.push({ ...intent, at: this.at })
      this.#react(intent)
    }
    for (let answer = this.#answers.shift(); answer; answer = this.#answers.shift()) this.take(answer)
  }

  /** Let virtual time pass, timer by timer. */
  pass(ms: number): void {
    const until = this.at + ms
    for (let due = this.#nextDue(); due <= until; due = this.#nextDue()) {
      this.at = Math.max(this.at, due)
      const inputs = this.#due.filter(one => one.at <= this.at)
      this.#due = this.#due.filter(one => one.at > this.at)
      this.take({ kind: 'clock.struck' })
      for (const { input } of inputs) this.take(input)
    }
    this.at = until
  }

  #nextDue(): number {
    return Math.min(nextDue(this.world) ?? Number.POSITIVE_INFINITY, ...this.#due.map(one => one.at))
  }

  /** Create a call by REST. */
  call(to: string, more: Partial<CallRequest> = {}): Call {
    const known = new Set(this.world.calls.keys())
    this.take({ kind: 'call.requested', request: callRequest(to, more) })
    return this.#newest(known)
  }

  /** A pretend person calls us. */
  dial(from: string): Call {
    const known = new Set(this.world.calls.keys())
    this.take({ kind: 'number.dialed', from, to: OUR_NUMBER })
    return this.#newest(known)
  }

  /** A browser calls. */
  browser(identity: string, parameters: Record<string, string> = {}): Call {
    const known = new Set(this.world.calls.keys())
    this.take({ kind: 'browser.dialed', identity, applicationSid: null, parameters })
    return this.#newest(known)
  }

  kinds(callSid?: string): string[] {
    return this.facts
      .filter(fact => callSid === undefined || ('callSid' in fact && fact.callSid === callSid))
      .map(fact => fact.kind)
  }

  ofKind<K extends Fact['kind']>(kind: K): Timed<Extract<Fact, { kind: K }>>[] {
    return this.facts.filter((fact): fact is Timed<Extract<Fact, { kind: K }>> => fact.kind === kind)
  }

  notices(webhook: Notice['webhook']): Timed<Notice>[] {
    return this.intents
      .filter((intent): intent is Timed<Notice> => intent.do === 'notify')
      .filter(notice => notice.webhook === webhook)
  }

  fetches(): Timed<Fetch>[] {
    return this.intents.filter((intent): intent is Timed<Fetch> => intent.do === 'fetch')
  }

  did(what: Intent['do']): Timed<Intent>[] {
    return this.intents.filter(intent => intent.do === what)
  }

  #newest(known: ReadonlySet<string>): Call {
    const made = [...this.world.calls.values()].find(call => !known.has(call.sid))
    if (!made) throw new Error('no call was made')
    return made
  }

  #react(intent: Intent): void {
    if (intent.do === 'fetch' || intent.do === 'ask-text') {
      const { token, target } = intent
      const page = this.pages.get(new URL(target.url).pathname) ?? ''
      const answer = typeof page === 'string' ? { body: page, contentType: 'text/xml' } : page
      const outcome =
        typeof answer === 'number'
          ? ({ ok: false, code: answer, message: 'failed' } as const)
          : ({ ok: true, ...answer, url: target.url } as const)
      if (intent.do === 'fetch') {
        this.#answers.push({ kind: 'instructions.fetched', callSid: intent.callSid, token, outcome })
      } else this.#answers.push({ kind: 'text.answered', textSid: intent.textSid, token, outcome })
    } else if (intent.do === 'say' || intent.do === 'speak') {
      const ms = estimateMs(intent.text)
      this.#answers.push({ kind: 'sound.started', callSid: intent.callSid, token: intent.token, ms })
    } else if (intent.do === 'play-url') {
      this.#answers.push({ kind: 'sound.started', callSid: intent.callSid, token: intent.token, ms: 1_000 })
    } else if (intent.do === 'listen') {
      const { callSid, token } = intent
      this.#due.push({ at: this.at + 1_500, input: { kind: 'person.listened', callSid, token } })
    } else if (intent.do === 'stream-open') {
      this.#answers.push({ kind: 'stream.opened', streamSid: intent.streamSid })
    } else if (intent.do === 'record-stop') {
      const { recordingSid, ms } = intent
      this.#answers.push({ kind: 'recording.finished', recordingSid, ms, heard: null })
    } else if (intent.do === 'count-devices') {
      this.#answers.push({ kind: 'devices.counted', callSid: intent.callSid, devices: this.devices })
    }
  }
}

/** A create with everything at its default and all status events wanted. */
export function callRequest(to: string, more: Partial<CallRequest> = {}): CallRequest {
  return {
    from: OUR_NUMBER,
    to,
    instructions: { url: `${APP}/answer`, method: 'POST', fallback: null },
    applicationSid: null,
    statusCallback: {
      url: `${APP}/status`,
      method: 'POST',
      events: ['initiated', 'ringing', 'answered', 'completed'],
    },
    detection: null,
    ringLimitMs: 60_000,
    timeLimitMs: 14_400_000,
    seat: null,
    ...more,
  }
}

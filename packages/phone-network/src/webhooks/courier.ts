import type { FetchOutcome, Intent } from '../engine/input.ts'
import type { Random } from '../engine/random.ts'
import { rfc2822 } from '../engine/rfc2822.ts'
import type { FaultBox, FaultRule } from '../faults.ts'
import type { Time } from '../time.ts'
import { type Exchange, ExchangeError } from './http-exchange.ts'
import { type Parcel, Sender, type SenderOptions } from './sender.ts'

/** Delivers webhooks in order within a lane (a call, a conference), with the faults that apply. */

export const LANE_LENGTH_MAX = 1_000
export const LANES_MAX = 10_000
export const REDIRECTS_MAX = 5

export interface CourierOptions extends SenderOptions {
  time: Time
  faults: FaultBox
  random: Random
}

/** A request for TwiML: of a call, or about a text. */
type FetchIntent = Extract<Intent, { do: 'fetch' | 'ask-text' }>
type NotifyIntent = Extract<Intent, { do: 'notify' }>

export class Courier {
  readonly #sender: Sender
  readonly #faults: FaultBox
  readonly #random: Random
  readonly #lanes = new Map<string, { waiting: number; tail: Promise<void> }>()
  readonly #strays = new Set<Promise<unknown>>()
  readonly #closing = new AbortController()
  readonly #time: Time
  readonly #options: CourierOptions
  /** how many requests in progress only wait for the clock */
  #waiting = 0

  constructor(options: CourierOptions) {
    this.#options = options
    this.#sender = new Sender(options)
    this.#faults = options.faults
    this.#random = options.random
    this.#time = options.time
  }

  close(): void {
    this.#closing.abort()
    this.#sender.close()
  }

  /** Whether a request is in progress that does not only wait for the clock. */
  get isBusy(): boolean {
    return this.#lanes.size + this.#strays.size > this.#waiting
  }

  /** Resolves when every webhook has been sent. */
  async idle(): Promise<void> {
    while (this.#lanes.size > 0 || this.#strays.size > 0) {
      await Promise.all([...[...this.#lanes.values()].map(lane => lane.tail), ...this.#strays])
    }
  }

  /** Send after everything before it in its lane. The answer's body has no meaning for Twilio. */
  notify(intent: NotifyIntent): void {
    const { callSid, target, fields, webhook, json } = intent
    const body = json === undefined ? {} : { json }
    const parcel: Parcel = { webhook, callSid, target, fields, ...body, token: this.#random.hex(32) }
    const lane = this.#lanes.get(intent.lane) ?? { waiting: 0, tail: Promise.resolve() }
    if (lane.waiting >= LANE_LENGTH_MAX || this.#lanes.size >= LANES_MAX) {
      this.#sender.logDropped(parcel, 'not sent: too many webhooks wait')
      return
    }
    lane.waiting += 1
    lane.tail = lane.tail
      .then(() => (this.#closing.signal.aborted ? undefined : this.#deliver(parcel)))
      .finally(() => {
        lane.waiting -= 1
        if (lane.waiting === 0) this.#lanes.delete(intent.lane)
      })
    this.#lanes.set(intent.lane, lane)
  }

  /** Ask for TwiML. Never rejects: every failure is an outcome with Twilio's error code. */
  async fetchTwiml(intent: FetchIntent): Promise<FetchOutcome> {
    const { target, fields } = intent
    const parcel: Parcel = {
      webhook: intent.do === 'fetch' ? 'voice' : 'text',
      callSid: intent.do === 'fetch' ? intent.callSid : null,
      target,
      fields,
      token: this.#random.hex(32),
    }
    try {
      const { answer, url } = await this.#fetch(parcel)
      if (answer.status >= 200 && answer.status < 300) {
        if (answer.encodingProblem !== null) {
          return { ok: false, code: 12100, message: `Document parse failure: ${answer.encodingProblem}` }
        }
        return { ok: true, body: answer.body, contentType: answer.contentType, url }
      }
      return { ok: false, code: 11200, message: `HTTP retrieval failure: ${answer.status} from ${target.url}` }
    } catch (error) {
      const code = error instanceof ExchangeError ? error.code : 11200
      return { ok: false, code, message: error instanceof Error ? error.message : String(error) }
    }
  }

  async #deliver(parcel: Parcel): Promise<void> {
    const fault = this.#faults.take(parcel.webhook, parcel.fields)
    if (fault?.what === 'drop') {
      this.#sender.logDropped(parcel, 'not sent (fault: drop)')
      return
    }
    const again = async (): Promise<void> => {
      await this.#pause(fault?.ms ?? 0)
      await this.#tell(parcel, fault)
    }
    if (fault?.what === 'reorder') {
      this.#stray(again())
      return
    }
    if (fault?.what === 'duplicate') this.#stray(again())
    if (fault?.what === 'skew') skew(parcel, fault.ms)
    if (fault?.what === 'delay') await this.#pause(fault.ms)
    await this.#tell(parcel, fault)
    if (fault?.what === 'slow') await this.#pause(fault.ms)
  }

  /** A callback that fails changes nothing about the call; the debugger has it. */
  async #tell(parcel: Parcel, fault: FaultRule | null): Promise<void> {
    const { url } = parcel.target
    try {
      const { status } = await this.#sender.send(parcel, fault)
      if (status >= 200 && status < 300) return
      if (parcel.webhook === 'status')
        this.#alert(parcel, 15003, `Warning Response to Callback URL: ${status} from ${url}`)
      else this.#alert(parcel, 11200, `HTTP retrieval failure: ${status} from ${url}`)
    } catch (error) {
      this.#alert(parcel, error instanceof ExchangeError ? error.code : 11200, `no answer from ${url}`)
    }
  }

  #alert({ callSid }: Parcel, code: number, message: string): void {
    this.#options.log.append(this.#options.now(), { kind: 'alert', callSid, code, message })
  }

  async #fetch(parcel: Parcel): Promise<{ answer: Exchange; url: string }> {
    const fault = this.#faults.take(parcel.webhook, parcel.fields)
    if (fault?.what === 'drop') {
      this.#sender.logDropped(parcel, 'not sent (fault: drop)')
      throw new ExchangeError('connect', 11205, 'HTTP connection failure (fault)')
    }
    if (fault?.what === 'delay' || fault?.what === 'reorder') await this.#pause(fault.ms)
    if (fault?.what === 'duplicate') {
      this.#stray(this.#pause(fault.ms).then(() => this.#sender.send(parcel, fault)))
    }
    let { url } = parcel.target
    let answer = await this.#sender.send(parcel, fault)
    for (let hops = 1; answer.status >= 300 && answer.status < 400 && answer.location !== null; hops += 1) {
      if (hops > REDIRECTS_MAX) throw new ExchangeError('read', 11215, 'HTTP too many redirects')
      url = new URL(answer.location, url).href
      answer = await this.#sender.send({ ...parcel, target: { url, method: 'GET' } }, null)
    }
    if (fault?.what === 'slow') await this.#pause(fault.ms)
    return { answer, url }
  }

  async #pause(ms: number): Promise<void> {
    const { signal } = this.#closing
    if (ms <= 0 || signal.aborted) return
    this.#waiting += 1
    await new Promise<void>(resolve => {
      const timer = this.#time.after(ms, resolve)
      // When the network closes, nothing waits any longer.
      const stop = (): void => {
        timer.cancel()
        resolve()
      }
      signal.addEventListener('abort', stop, { once: true })
    })
    this.#waiting -= 1
  }

  /** Sent outside of the lane, so that nothing waits for it. */
  #stray(work: Promise<unknown>): void {
    const quiet: Promise<unknown> = work.catch(() => undefined).finally(() => this.#strays.delete(quiet))
    this.#strays.add(quiet)
  }
}

/** `skew`: this webhook carries an earlier time. */
function skew({ fields }: Parcel, ms: number): void {
  const at = Date.parse(fields.Timestamp ?? '')
  if (!Number.isNaN(at)) fields.Timestamp = rfc2822(at - ms)
}

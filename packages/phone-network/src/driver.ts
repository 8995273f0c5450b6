import { apply, nextDue, type Outcome } from './engine/engine.ts'
import type { Input, Intent } from './engine/input.ts'
import type { World } from './engine/world.ts'
import type { BrowserGateway } from './media/plane.ts'
import type { NetworkLog } from './network-log.ts'
import { Recordings } from './recordings/recordings.ts'
import { Relays } from './relay/relays.ts'
import type { Disturbance } from './signalling/disturbance.ts'
import type { SipSide } from './sip/contract.ts'
import { SoundFiles } from './sound-files.ts'
import { type Sound, Sounds } from './sounds.ts'
import { MediaStreams } from './streams/media-streams.ts'
import type { Time, Timer } from './time.ts'
import type { Courier } from './webhooks/courier.ts'
import type { Tunnels } from './webhooks/tunnels.ts'

/**
 * Real time around the pure engine: the only clock, the only timer, and the only place where intents are performed.
 * Every input of the engine goes through `take`.
 */

/** One frame of telephony sound. */
const TICK_MS = 20
/** After a stall at most this many frames are made up for; the rest is lost, as on a real phone call. */
const TICKS_AT_ONCE_MAX = 25

export interface DriverOptions {
  world: World
  log: NetworkLog
  courier: Courier
  sound: Sound | null
  /** whether the driver ticks the sound plane; false when the sound has a clock of its own */
  ticks: boolean
  time: Time
  tunnels: Tunnels
}

export class Driver {
  readonly world: World
  readonly now: () => number
  readonly #log: NetworkLog
  readonly #courier: Courier
  readonly #sound: Sound | null
  readonly recordings: Recordings
  readonly #files: SoundFiles
  readonly #sounds: Sounds
  readonly #streams: MediaStreams
  readonly #relays: Relays
  #gateway: BrowserGateway | null = null
  #sip: SipSide | null = null
  readonly time: Time
  #timer: Timer | null = null
  /** requests for TwiML that have not been answered */
  #asking = 0
  #ticker: NodeJS.Timeout | null = null
  #closed = false

  constructor(options: DriverOptions) {
    this.world = options.world
    this.time = options.time
    this.now = () => options.time.now()
    this.#log = options.log
    this.#courier = options.courier
    this.#sound = options.sound
    options.world.hears = options.sound?.plane.hears ?? false
    const take = (input: Input): Outcome => this.take(input)
    const plane = options.world.hears ? (options.sound?.plane ?? null) : null
    const { authToken, accountSid } = options.world.account
    const { tunnels, time } = options
    this.recordings = new Recordings(plane, take)
    this.#files = new SoundFiles({ authToken, tunnels })
    this.#sounds = new Sounds(options.sound, take, time, this.#files)
    this.#streams = new MediaStreams({ accountSid, authToken, plane, tunnels, time, take })
    const voices = plane === null ? null : (options.sound?.voices ?? null)
    this.#relays = new Relays({ authToken, plane, voices, files: this.#files, tunnels, time, take })
    if (options.sound && options.ticks) this.#startTicking(options.sound)
  }

  /** Attach the browser gateway, which is made after the driver because it needs the driver's events. */
  attach(gateway: BrowserGateway): void {
    this.#gateway = gateway
  }

  /** Attach the SIP side, which needs the driver's events as well. */
  attachSip(side: SipSide): void {
    this.#sip = side
  }

  get sip(): SipSide | null {
    return this.#sip
  }

  /** Disturb the browsers of an identity. Returns how many there were. */
  disturb(identity: string, disturbance: Disturbance): number {
    return this.#gateway?.disturb?.(identity, disturbance) ?? 0
  }

  /** Give the engine an input, now. Returns what happened. */
  take(input: Input): Outcome {
    if (this.#closed) return { facts: [], intents: [] }
    const at = this.now()
    const outcome = apply(this.world, { ...input, at })
    for (const fact of outcome.facts) this.#log.append(at, fact)
    for (const intent of outcome.intents) this.#perform(intent)
    this.#arm()
    return outcome
  }

  close(): void {
    this.#closed = true
    this.#timer?.cancel()
    if (this.#ticker) clearInterval(this.#ticker)
    this.#courier.close()
    this.#streams.close()
    this.#relays.close()
    this.#files.close()
  }

  #arm(): void {
    this.#timer?.cancel()
    this.#timer = null
    const due = nextDue(this.world)
    if (due === null || this.#closed) return
    this.#timer = this.time.after(due - this.now(), () => this.#strike())
  }

  /** A bug in the engine must not take down the whole network, because other calls continue. */
  #strike(): void {
    try {
      this.take({ kind: 'clock.struck' })
    } catch (error) {
      console.error('phone network:', error)
      this.#arm()
    }
  }

  #startTicking(sound: Sound): void {
    const startedAt = performance.now()
    let ticks = 0
    this.#ticker = setInterval(() => {
      const due = Math.floor((performance.now() - startedAt) / TICK_MS)
      if (due - ticks > TICKS_AT_ONCE_MAX) ticks = due - TICKS_AT_ONCE_MAX
      for (; ticks < due; ticks += 1) sound.plane.tick()
    }, TICK_MS / 2)
  }

  #perform(intent: Intent): void {
    switch (intent.do) {
      case 'fetch':
        return this.#ask(intent)
      case 'ask-text':
        return this.#askAboutText(intent)
      case 'notify':
        return this.#courier.notify(intent)
      case 'count-devices': {
        const devices = this.#gateway?.devices(intent.identity).length ?? 0
        // Deferred to the next turn of the event loop: the engine is still inside the present `apply`.
        queueMicrotask(() => this.take({ kind: 'devices.counted', callSid: intent.callSid, devices }))
        return
      }
      case 'ring-client': {
        const { do: _, identity, ...call } = intent
        return this.#gateway?.ring(identity, call)
      }
      case 'cancel-client':
        return this.#gateway?.cancel(intent.callSid)
      case 'hang-up-client':
        return this.#gateway?.hangup(intent.callSid, intent.error)
      case 'tell-client-ringing':
        return this.#gateway?.ringing(intent.callSid)
      case 'tell-client-answered':
        return this.#gateway?.answered(intent.callSid)
      case 'stream-open':
      case 'stream-close':
      case 'stream-dtmf':
        return this.#streams.perform(intent)
      case 'record-start':
      case 'record-pause':
      case 'record-resume':
      case 'record-stop':
      case 'record-forget':
        return this.recordings.perform(intent)
      case 'message-client': {
        const { callSid, sid, content } = intent
        const [contentType, messageType] = ['application/json', 'user-defined-message']
        return this.#gateway?.sendMessage?.(callSid, { sid, content: JSON.parse(content), contentType, messageType })
      }
      case 'play-digits':
        this.#gateway?.sendDigits?.(intent.callSid, intent.digits)
        this.#sip?.press(intent.callSid, intent.digits)
        return this.#sounds.perform(intent)
      case 'invite-sip':
        return this.#sip?.invite(intent)
      case 'answer-sip':
        return this.#sip?.answer(intent.callSid)
      case 'refer-sip':
        return this.#sip?.refer(intent.callSid, intent.uri, intent.token)
      case 'end-sip':
        return this.#sip?.end(intent.callSid, intent.code)
      case 'relay-open':
      case 'relay-close':
      case 'relay-began':
      case 'relay-heard':
      case 'relay-dtmf':
        return this.#relays.perform(intent)
      default:
        return this.#sounds.perform(intent)
    }
  }

  #ask(intent: Extract<Intent, { do: 'fetch' }>): void {
    const { callSid, token } = intent
    this.#asking += 1
    this.#courier
      .fetchTwiml(intent)
      .then(outcome => this.take({ kind: 'instructions.fetched', callSid, token, outcome }))
      .finally(() => {
        this.#asking -= 1
      })
  }

  #askAboutText(intent: Extract<Intent, { do: 'ask-text' }>): void {
    const { textSid, token } = intent
    this.#asking += 1
    this.#courier
      .fetchTwiml(intent)
      .then(outcome => this.take({ kind: 'text.answered', textSid, token, outcome }))
      .finally(() => {
        this.#asking -= 1
      })
  }

  /** Whether anything in progress outside (a webhook, a voice) will come back as an input. */
  get isBusy(): boolean {
    return (
      this.#asking > 0 ||
      this.#sounds.isBusy ||
      this.#streams.isBusy ||
      this.#relays.isBusy ||
      this.recordings.isBusy ||
      this.#courier.isBusy
    )
  }

  /** Break the Media Streams of a call. Returns how many there were. */
  loseStreams(callSid: string): number {
    return this.#streams.lose(callSid)
  }

  /** How loud a leg is; silence without a sound plane. */
  levels(callSid: string): { says: number; hears: number } {
    return this.#sound?.plane.levels(callSid) ?? { says: 0, hears: 0 }
  }
}

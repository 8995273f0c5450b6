/**
 * `@trunkline/phone-network/testing`: a phone network for a test, in one line.
 *
 *   const network = await startPhoneNetwork({ app: 'http://127.0.0.1:3000', seed: 7 })
 *   const call = network.call()
 *   await call.hears('Welcome')
 *   await network.stop()
 */
import type { AccountCredentials } from './account.ts'
import type { Control } from './control/control.ts'
import type { Entry, WebhookEntry } from './network-log.ts'
import type { WrittenAct as Act } from './people/acts.ts'
import type { Script } from './people/script.ts'
import { type PhoneNetwork, startPhoneNetwork as startSilentNetwork } from './phone-network.ts'
import { environmentOf } from './program-environment.ts'
import { startWholeNetwork } from './whole-network.ts'

/** The number of the program under test, unless the options name another. */
const NUMBER = '+14155550000'
/** The person who calls when a test names nobody. */
const CALLER = '+14155559000'
const WAIT_MS = 10_000

export type { AccountCredentials, Act, Control, Entry, Script, WebhookEntry }

export interface TestNetworkOptions {
  /** base URL of the program under test */
  app: string
  /** the same seed gives the same account, the same SIDs and the same people; default 7 */
  seed?: number
  /** where calls to the program's number ask for TwiML; default `/voice` */
  voicePath?: string
  /** where texts to the program's number go; default: nowhere */
  smsPath?: string
  /** where the status of calls to the program's number is reported; default: nowhere */
  statusPath?: string
  /** the program's number; default +14155550000 */
  number?: string
  /** API-created calls that may start in one second; default 20 */
  cps?: number
  /**
   * Makes audible sound: voices, Media Streams with audio, recordings, WebRTC. Without it sentences only take the time
   * that they would last, which is enough for TwiML, webhooks and REST and starts faster.
   */
  sound?: boolean
  /** default: any free port */
  port?: number
}

/** A person as a test describes one; the rest has defaults. */
export interface TestPerson {
  number: string
  name?: string
  /** what kind of phone it is; default `human` */
  kind?: Script['kind']
  /** from ringing until the answer; default 500 */
  answerMs?: number
  /** what the person does after the answer, in order; default: says nothing and stays on the line */
  acts?: Act[]
  /** everything else that a script may have */
  script?: Partial<Omit<Script, 'acts'>>
}

export interface People {
  /** Define a person, or replace the one with this number. Throws `ScriptError` with what is wrong. */
  add(...people: TestPerson[]): void
  /** Ringing phones are picked up; with several numbers, in the same instant. Throws when one does not ring. */
  answer(...numbers: string[]): void
  /** A ringing phone is declined, busy or left to ring. */
  refuse(number: string, how?: 'busy' | 'reject' | 'no-answer'): void
  /** A person hangs up. Throws when the phone is not on a call. */
  hangUp(number: string): void
}

/** One call, as a test looks at it. */
export interface TestCall {
  readonly sid: string
  readonly from: string
  readonly to: string
  /** The sentences that the network has said to the far end of this call, by `<Say>` and relays. */
  said(): string[]
  /** Resolves with the first such sentence that contains `text` or matches it, past ones included. */
  hears(text: string | RegExp, limitMs?: number): Promise<string>
  /** The far end presses keys. */
  press(digits: string): void
  /** The call is cut. */
  hangUp(): void
  /** Resolves when the call is over and its callbacks have been sent. */
  ended(limitMs?: number): Promise<{ status: string; seconds: number }>
  /** The webhooks of this call that were sent, each with its fields and the program's answer. */
  webhooks(): WebhookEntry[]
}

export interface TestNetwork {
  /** base URL of the REST API and the control API */
  readonly url: string
  readonly account: AccountCredentials
  /** the program's number */
  readonly number: string
  readonly people: People
  /** environment variables that make an unmodified Node program take this network for Twilio */
  readonly env: Record<string, string>
  /** everything else that can be done to the network: faults, phones, numbers, the state of the world */
  readonly control: Control
  /**
   * A person calls the program. One who was defined with `people.add` does what its script says; any other caller
   * listens and says nothing. `acts` or `script` replace that for this person from now on.
   */
  call(options?: { from?: string; to?: string; acts?: Act[]; script?: Partial<Omit<Script, 'acts'>> }): TestCall
  /** A person sends a text to the program's number. Returns the MessageSid. */
  text(body: string, options?: { from?: string; to?: string }): string
  /** The next call that the program creates and that no earlier `nextCall` has returned. */
  nextCall(limitMs?: number): Promise<TestCall>
  /** Everything that has happened, oldest first. */
  log(): Entry[]
  stop(): Promise<void>
}

type Said = Extract<Entry, { kind: 'network-said' }>
type Ended = Extract<Entry, { kind: 'call-ended' }>
type Created = Extract<Entry, { kind: 'call-created' }>

/** Starts the network on free ports of 127.0.0.1. */
export async function startPhoneNetwork(options: TestNetworkOptions): Promise<TestNetwork> {
  const app = options.app.replace(/\/$/, '')
  const number = options.number ?? NUMBER
  const voiceUrl = app + (options.voicePath ?? '/voice')
  const status = options.statusPath === undefined ? {} : { statusCallback: app + options.statusPath }
  const sms = options.smsPath === undefined ? {} : { smsUrl: app + options.smsPath }
  const start = options.sound === true ? startWholeNetwork : startSilentNetwork
  const network = await start({
    port: options.port ?? 0,
    tlsPort: 0,
    cps: options.cps ?? 20,
    account: { voiceUrl },
    numbers: [{ number, voiceUrl, ...status, ...sms }],
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  })
  return testNetworkOf(network, number)
}

function testNetworkOf(network: PhoneNetwork, number: string): TestNetwork {
  const { control } = network
  const returned = new Set<string>()
  return {
    url: network.url,
    account: network.account,
    number,
    people: peopleOf(control),
    env: environmentOf(network),
    control,
    call({ from = CALLER, to = number, acts, script } = {}) {
      const known = control.world().phones.some(phone => phone.number === from)
      const own = known && acts === undefined && script === undefined
      const listener = { kind: 'human', acts: acts ?? [{ listen: true }], repeat: acts === undefined, ...script }
      return callOf(network, { sid: control.dial(from, to, own ? undefined : listener), from, to })
    },
    text: (body, { from = CALLER, to = number } = {}) => control.text(from, to, body),
    async nextCall(limitMs = WAIT_MS) {
      const isNew = (entry: Entry): entry is Created =>
        entry.kind === 'call-created' && entry.direction === 'outbound-api' && !returned.has(entry.callSid)
      const { callSid: sid, from, to } = (await control.until(isNew, limitMs)) as Created
      returned.add(sid)
      return callOf(network, { sid, from, to })
    },
    log: () => control.log(),
    stop: () => network.close(),
  }
}

function peopleOf(control: Control): People {
  return {
    add(...people) {
      control.definePeople(
        people.map(({ kind = 'human', answerMs = 500, acts = [], script = {}, ...person }) => ({
          ...person,
          script: { kind, answerMs, acts, ...script },
        })),
      )
    },
    answer: (...numbers) => control.answer(...numbers),
    refuse: (number, how = 'reject') => control.refuse(number, how),
    hangUp: number => control.hangUpPhone(number),
  }
}

function callOf(network: PhoneNetwork, call: Pick<TestCall, 'sid' | 'from' | 'to'>): TestCall {
  const { control } = network
  const { sid } = call
  const isSaid = (entry: Entry): entry is Said => entry.kind === 'network-said' && entry.callSid === sid
  return {
    ...call,
    said: () =>
      control
        .log()
        .filter(isSaid)
        .map(entry => entry.text),
    async hears(text, limitMs = WAIT_MS) {
      const fits = (entry: Entry): boolean =>
        isSaid(entry) && (typeof text === 'string' ? entry.text.includes(text) : text.test(entry.text))
      return ((await control.until(fits, limitMs)) as Said).text
    },
    press: digits => control.press(sid, digits),
    hangUp: () => control.hangUpCall(sid),
    async ended(limitMs = WAIT_MS) {
      const isEnd = (entry: Entry): boolean => entry.kind === 'call-ended' && entry.callSid === sid
      const { status, seconds } = (await control.until(isEnd, limitMs)) as Ended
      await network.idle()
      return { status, seconds }
    },
    webhooks: () =>
      control.log().filter((entry): entry is Entry & WebhookEntry => entry.kind === 'webhook' && entry.callSid === sid),
  }
}

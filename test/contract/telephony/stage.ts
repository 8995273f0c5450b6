/** What the contract needs of a carrier besides its port: people with phones, faults, and the program that is called back. */
import type { Carrier } from '../../../src/providers/telephony/carrier.ts'
import type { CarrierAccount, PlaceCall, Telephony } from '../../../src/providers/telephony/port.ts'
import type { CarrierEvent } from '../../../src/providers/telephony/webhook-port.ts'
import type { Program } from './program.ts'

export const WORKSPACE = 'w_contract'
/** a number of ours */
export const OURS = '+14155550000'
export const SELLER = { name: 'Acme', number: OURS }

export type Trouble = 'throttled' | 'lost' | 'refused'

export interface Stage<A extends CarrierAccount = CarrierAccount> {
  account: A
  carrier: Carrier<A, never>
  telephony: Telephony
  program: Program<A>
  /** the carrier's clock */
  nowMs(): number
  /** A phone that rings until a test picks it up; `machine`: detection hears voicemail. */
  person(number: string, kind?: 'person' | 'machine'): void
  /** Somebody who picks up and speaks for some seconds. */
  speaker(number: string): void
  /** They have spoken. */
  speaks(number: string): Promise<void>
  pickUp(number: string): Promise<void>
  hangUp(number: string): Promise<void>
  /** Somebody calls our number. */
  bring(from: string): Promise<void>
  /** The next create or other request meets this; returns the code, or the ms, that the carrier gives with it. */
  trouble(on: 'create' | 'change', what: Trouble): number
  /** Who hears this call in its room: nobody, everybody, or the one call with this id of the carrier. */
  hearers(providerId: string): string
  /** creates that have reached the carrier */
  creates(): number
  /** Lets the carrier's time pass until an event fits; throws after a minute of it. */
  until<E extends CarrierEvent>(fits: (event: CarrierEvent) => event is E): Promise<E>
  /** the carrier's signature of an upgrade to a WebSocket at this path */
  signUpgrade(path: string): Promise<string>
  /** messages of a stream as this carrier sends them */
  stream: { start: string; sound(payload: string): string; mark: string; key: string; stop: string }
  /** messages of a stream with words */
  relay: { setup: string; prompt: string; interrupted: string; played: string }
  stop(): Promise<void>
}

let calls = 0

/** A create with everything usual, under a new id of ours. */
export function order(to: string, more: Partial<PlaceCall> = {}): PlaceCall {
  calls += 1
  return {
    callId: `${WORKSPACE}.call_${calls}`,
    batchId: null,
    to,
    from: OURS,
    ringLimitMs: 20_000,
    amd: 'off',
    record: false,
    extension: null,
    clearance: { cleared: true, profile: 'custom', by: 'clear' },
    seller: SELLER,
    ...more,
  }
}

/** Does the event have this kind, and these fields? */
export function is<K extends CarrierEvent['kind']>(kind: K, fields: Record<string, unknown> = {}) {
  return (event: CarrierEvent): event is Extract<CarrierEvent, { kind: K }> =>
    event.kind === kind &&
    Object.entries(fields).every(([name, value]) => (event as unknown as Record<string, unknown>)[name] === value)
}

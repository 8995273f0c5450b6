/** What the SIP domain of a workspace offers beside its sockets. */
import type { Ladder } from '../../core/sip/ladder.ts'
import type { SipCall } from '../../core/sip/told.ts'
import type { CarrierDomain, Reached, SipCaller, SipCallerAsk, Trunk, TrunkAsk } from './carrier-contract.ts'

type Actor = Rpc.DurableObjectBranded

export interface ExtensionSettings {
  name: string
  detail: string
}
/** What is not named stays. `atCarrier`: its phones register at the carrier as well */
export type ExtensionChange = Partial<ExtensionSettings & { atCarrier: boolean }>
export interface Extension extends ExtensionSettings {
  id: string
  /** what is dialled, and the user of its phones */
  extension: string
  /** the carrier lets its phones in; whether one is there, the carrier does not say */
  atCarrier: boolean
  madeMs: number
  changedMs: number
  /** phones that are registered now */
  phones: number
  /** null: never, or before it was remembered */
  lastSeenMs: number | null
}
/** The only answers that have the secret. */
export interface MadeExtension {
  extension: Extension
  secret: string
}
/** Nothing was made: what is dialled is taken, there are as many as may be, or the workspace has no phones at the carrier. */
export type NotMade = 'taken' | 'too-many' | 'no-phones-at-carrier'
/** A call with the messages of its phones. */
export interface LadderOfCall {
  call: SipCall
  /** nothing can come any more */
  settled: boolean
  ladder: Ladder
}

export interface RegistrarContract extends Actor {
  create(
    id: string,
    extension: string,
    settings: ExtensionSettings & { atCarrier?: boolean },
  ): Promise<MadeExtension | NotMade>
  /** In the order of what is dialled. `after`: the last one of the page before. */
  extensions(after: string | null, limit: number): Promise<Extension[]>
  extension(id: string): Promise<Extension | null>
  /** `secret`: it has a new one, because its phones are at the carrier from now on. Null: there is no such extension. */
  change(id: string, change: ExtensionChange): Promise<(Extension & { secret?: string }) | NotMade | null>
  /** Its phones are cut off. */
  remove(id: string): Promise<boolean>
  /** The one before is good for nothing from now on, and its phones are cut off. */
  renewSecret(id: string): Promise<MadeExtension | null>
  /** The domain of the workspace's phones at the carrier. `wanted`: from now on; null: it is only asked for. */
  phonesAtCarrier(wanted: boolean | null): Promise<CarrierDomain>
  /** Empty: there is no such trunk, or there are as many as may be. */
  trunks(ask: TrunkAsk): Promise<Trunk[]>
  /** Who has called one of our domains; null: nobody of ours. */
  sipCaller(ask: SipCallerAsk): Promise<SipCaller | null>
  /** The address at which the carrier rings an extension, or a SIP phone elsewhere. */
  reach(type: 'extension' | 'sip', named: string): Promise<Reached>
  /** Null: there is no such call, or it is not kept any more. */
  ladder(callId: string): Promise<LadderOfCall | null>
}

/** One carrier as the registry's table has it: everything that differs between carriers, behind ports. */
import type { MediaCodec, RelayCodec } from './media-port.ts'
import type { CarrierAccount, Telephony } from './port.ts'
import type { SipDomains } from './sip-port.ts'
import type { CarrierDoor } from './webhook-port.ts'

/** Why a carrier refused a call, where the person who asked for the call can act on it. */
export interface CallRefusal {
  /** the number that the reason is about */
  side: 'to' | 'from'
  words: string
}

/** Browser phones that connect to the carrier. */
export interface BrowserPhones<A extends CarrierAccount = CarrierAccount> {
  /** the longest time for which a token is good */
  ttlS: number
  /** null: the account lacks what a token needs */
  token(account: A, grants: PhoneGrants): Promise<string | null>
}
export interface PhoneGrants {
  /** the name of a desk's phone (`phoneName`) */
  identity: string
  incoming: boolean
  outgoing: boolean
}

export interface AccountPlace {
  workspaceId: string
  publicUrl: string
  /** the environment's own account is this workspace's: the first one, or one that was made in the product */
  home: boolean
}

export interface Carrier<A extends CarrierAccount, Env> {
  /** The account that the environment sets up for this workspace; null: none of this carrier. */
  accountOf(env: Env, place: AccountPlace): A | null
  /** Names of the settings that are missing or unreadable; never their values. */
  missing(env: Env): string[]
  telephony(account: A): Telephony
  door: CarrierDoor<A>
  /** the messages of a stream with sound */
  media: MediaCodec
  /** the messages of a stream with words */
  relay: RelayCodec
  /** null: this carrier has none */
  phones: BrowserPhones<A> | null
  /** null: no phone of others registers at this carrier */
  sipDomains: ((account: A) => SipDomains) | null
  refusalOf(code: number): CallRefusal
}

/** What a workspace has at the carrier: a domain where its phones register, and one for each exchange that calls in. */
import type { SipNetwork } from '../../providers/telephony/sip-port.ts'

/** `pending`: the carrier is being told. `failed`: it has not taken it; it is asked again. */
export type CarrierState = 'off' | 'pending' | 'ready' | 'failed'

/** A domain as it is wished for, and whether the carrier has it so. */
export interface CarrierDomain {
  wanted: boolean
  state: CarrierState
  /** null: it is off, or there is no carrier that could have it */
  domainName: string | null
  /** what is wrong, in words; null: nothing */
  problem: string | null
}

export interface TrunkSettings {
  name: string
  detail: string
}
/** Another exchange, which calls by its credentials, from its addresses, or by both. */
export interface Trunk extends TrunkSettings {
  id: string
  /** null: it is known by its addresses alone */
  username: string | null
  networks: SipNetwork[]
  domain: CarrierDomain
  madeMs: number
  changedMs: number
  /** only in the answer that has made it */
  secret?: string
}
export type TrunkAsk =
  /** in the order of their ids. `after`: the last one of the page before */
  | { do: 'list'; after: string | null; limit: number }
  | { do: 'read'; id: string }
  | { do: 'make'; id: string; settings: TrunkSettings; credentials: boolean; networks: SipNetwork[] }
  | { do: 'change'; id: string; settings: Partial<TrunkSettings>; networks: SipNetwork[] | null }
  | { do: 'remove'; id: string }
  /** the secret before is good for nothing from then on */
  | { do: 'renew'; id: string }

/** Who calls one of the domains. `door`: which of them was called, as our address says; `user`: whom the carrier has let in, null by address. */
export interface SipCallerAsk {
  door: string
  domainName: string
  user: string | null
}
export type SipCaller =
  | { kind: 'extension'; extension: string; name: string }
  | { kind: 'trunk'; id: string; name: string }

/** An address that the carrier can ring, or why there is none. `extension`: what is dialled, of one of ours; null: it is none */
export type Reached = { extension: string | null } & (
  | { uri: string; name: string }
  | { because: 'no-such-extension' | 'not-at-the-carrier' | 'not-ours' | 'not-an-address' | 'number-without-plus' }
)

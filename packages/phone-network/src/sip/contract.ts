import type { AudioPlane } from '../media/plane.ts'

/** The SIP side and the engine tell each other these things. */

/** A phone has called one of the account's domains, and may. */
export interface SipDialed {
  domainSid: string
  /** the URI of its From, and the one that it has called */
  from: string
  to: string
  /** fields of the request for TwiML beside those of every call */
  fields: Record<string, string>
}

/** The final response of the other side. */
export interface SipOutcome {
  callId: string
  /** of the response, without the `X-` at the beginning of its name being lost */
  headers: Record<string, string>
}

export interface SipEvents {
  /** The CallSid; null when the call is refused. */
  onDialed(call: SipDialed): string | null
  onRinging(callSid: string): void
  onAnswered(callSid: string, outcome: SipOutcome): void
  onRefused(callSid: string, code: number, outcome: SipOutcome | null): void
  /** The phone hangs up, or gives up before the answer. */
  onHungUp(callSid: string): void
  onDigits(callSid: string, digits: string): void
  /** A phone has answered our REFER, or tells how the call goes that it makes for it. */
  onReferred(callSid: string, token: number, what: 'answered' | 'notified', code: number): void
  onRegistered(domainSid: string, user: string, how: 'added' | 'removed'): void
  /** Something for the debugger; code 0 is a remark. */
  onTrouble(callSid: string | null, code: number, message: string): void
}

/** A call to a SIP URI. */
export interface SipCalled {
  callSid: string
  uri: string
  from: string
  /** for a challenge of the other side */
  username: string | null
  password: string | null
  headers: Record<string, string>
}

export interface SipSide {
  readonly port: number
  invite(call: SipCalled): void
  /** The call has been answered here: the phone hears it. */
  answer(callSid: string): void
  /** Ends the call whatever it does: by a refusal with `code`, CANCEL or BYE. */
  end(callSid: string, code: number): void
  press(callSid: string, digits: string): void
  /** Asks the phone to call somebody else. `token` comes back with what it tells. */
  refer(callSid: string, uri: string, token: number): void
  /** Phones that are registered now. */
  registrations(): { domainSid: string; user: string; contact: string; until: number }[]
  close(): void
}

export type SipPlane = Pick<AudioPlane, 'tap' | 'feed'> | null

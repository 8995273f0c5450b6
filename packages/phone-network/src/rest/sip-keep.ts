import type { SipChange, SipDrop } from '../engine/sip/sip-book.ts'
import { one } from './form.ts'
import { badParameter, RestError } from './rest-error.ts'
import type { RestAnswer, RestAsk } from './route.ts'

/** Writes REST's changes into the SIP part of the account's book. */

const NAME_CHARS_MAX = 64

/** Returns the SID. Throws 20403 when that part of the book is full. */
export function keepSip(ask: RestAsk, change: SipChange): string {
  const kept = ask.take({ kind: 'sip-book.kept', change }).facts.find(fact => fact.kind === 'book-changed')
  if (!kept) throw new RestError(403, 20403, `The account cannot have more of these: ${change.of}`)
  return kept.sid
}

export function dropSip(ask: RestAsk, drop: SipDrop): RestAnswer {
  ask.take({ kind: 'sip-book.dropped', drop })
  return { status: 204, body: null }
}

/** `FriendlyName`: the old one when it is absent, or 20001 where it is needed. */
export function friendlyName(ask: RestAsk, otherwise: string | null): string {
  const name = one(ask.form, 'FriendlyName') ?? otherwise
  if (name === null) throw badParameter('FriendlyName', 'is required')
  if (name.length > NAME_CHARS_MAX) throw badParameter('FriendlyName', `more than ${NAME_CHARS_MAX} characters`)
  return name
}

/** The texts that the proxy sends: its own answers and requests, and what it passes on. */
import { parseAddress, tagOf } from './address.ts'
import { MAX_FORWARDS_DEFAULT } from './limits.ts'
import { type Header, type SipRequest, type SipResponse, valuesOf, without, writeText } from './message.ts'
import type { Side } from './state.ts'

/** What a phone may ask for here. */
export const ALLOW =
  'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, MESSAGE, NOTIFY, PRACK, REFER, REGISTER, SUBSCRIBE, UPDATE'
/** Only a proxy that has asked who somebody is may say so. */
const NOT_FROM_PHONES = [
  'p-asserted-identity',
  'p-preferred-identity',
  'remote-party-id',
  'proxy-authorization',
  'authorization',
]

/** An answer of ours. `tag`: what we add to To when the sender has not named the other side of a call. */
export function answerText(
  request: SipRequest,
  status: number,
  reason: string,
  { tag, headers = [] }: { tag: string; headers?: readonly Header[] },
): string {
  const to = valuesOf(request.headers, 'to')[0] ?? ''
  const tagged = status === 100 || tagOf(request.to) !== '' ? to : `${to};tag=${tag}`
  return writeText(
    `SIP/2.0 ${status} ${reason}`,
    [
      ...kept(request, 'via'),
      ...kept(request, 'from'),
      { name: 'to', value: tagged },
      ...kept(request, 'call-id', 'cseq'),
      ...headers,
    ],
    '',
  )
}

/**
 * The request as the next phone gets it. Routes are taken off, ours and forged ones; `token` puts our own Record-Route in, which is
 * the only way back to the call.
 */
export function forwardedText(
  request: SipRequest,
  { domain, branch, target, token }: { domain: string; branch: string; target: string; token: string | null },
): string {
  const others = without(request.headers, 'max-forwards', 'route', 'record-route', ...NOT_FROM_PHONES)
  return writeText(
    `${request.method} ${target} SIP/2.0`,
    [
      viaOf(domain, branch),
      ...recordRoute(domain, token),
      { name: 'max-forwards', value: String((request.maxForwards ?? MAX_FORWARDS_DEFAULT + 1) - 1) },
      ...others,
    ],
    request.body,
  )
}

/** An answer of a phone as the sender gets it: by the Vias that the sender has written, whatever the phone has made of them. */
export function relayedText(
  response: SipResponse,
  request: SipRequest,
  { domain, token }: { domain: string; token: string | null },
): string {
  const others = without(response.headers, 'via', 'record-route', 'from', 'call-id', 'cseq', ...NOT_FROM_PHONES)
  // Nobody but we may be out of order here, so the sender does not turn away from the whole domain (RFC 3261, 16.7).
  const status = response.status === 503 ? 500 : response.status
  return writeText(
    `SIP/2.0 ${status} ${response.reason}`,
    [...kept(request, 'via'), ...recordRoute(domain, token), ...kept(request, 'from', 'call-id', 'cseq'), ...others],
    response.body,
  )
}

/** CANCEL, or the ACK of an answer that was no 2xx: both belong to the request that was sent on this branch. */
export function hopText(
  method: 'ACK' | 'CANCEL',
  request: SipRequest,
  { domain, branch, target, to, why }: { domain: string; branch: string; target: string; to?: string; why?: string },
): string {
  const headers: Header[] = [
    viaOf(domain, branch),
    { name: 'max-forwards', value: String(MAX_FORWARDS_DEFAULT) },
    ...kept(request, 'from'),
    { name: 'to', value: to ?? valuesOf(request.headers, 'to')[0] ?? '' },
    ...kept(request, 'call-id'),
    { name: 'cseq', value: `${request.cseq.number} ${method}` },
  ]
  if (why !== undefined) headers.push({ name: 'reason', value: why })
  return writeText(`${method} ${target} SIP/2.0`, headers, '')
}

/** A request inside a call that we send for one side because it cannot: the ACK and BYE of a call that nobody wants any more. */
export function inCallText(
  method: 'ACK' | 'BYE' | 'CANCEL',
  { domain, branch, callId, from, to, cseq, why }: InCall & { domain: string; branch: string; callId: string },
): string {
  const headers: Header[] = [
    viaOf(domain, branch),
    { name: 'max-forwards', value: String(MAX_FORWARDS_DEFAULT) },
    { name: 'from', value: from.address },
    { name: 'to', value: to.address },
    { name: 'call-id', value: callId },
    { name: 'cseq', value: `${cseq} ${method}` },
  ]
  if (why !== undefined) headers.push({ name: 'reason', value: why })
  return writeText(`${method} ${to.contact} SIP/2.0`, headers, '')
}

export interface InCall {
  from: Pick<Side, 'address'>
  to: Pick<Side, 'address' | 'contact'>
  cseq: number
  why?: string
}

/** The address of a phone in its Contact, as text; null: it has none that can be used in a first line. */
export function contactOf(headers: readonly Header[]): string | null {
  const [value, ...more] = valuesOf(headers, 'contact')
  const address = value === undefined || more.length > 0 ? null : parseAddress(value)
  return address?.uri.scheme === 'sip' ? address.uri.text : null
}

function viaOf(domain: string, branch: string): Header {
  return { name: 'via', value: `SIP/2.0/WSS ${domain};branch=${branch}` }
}

function recordRoute(domain: string, token: string | null): Header[] {
  return token === null ? [] : [{ name: 'record-route', value: `<sip:${token}@${domain};transport=ws;lr>` }]
}

function kept(request: SipRequest, ...names: string[]): Header[] {
  return request.headers.filter(one => names.includes(one.name))
}

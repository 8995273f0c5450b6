/** The answer to REGISTER: a challenge, a refusal, or every binding of the extension. */
import { type Bindings, register } from './bindings.ts'
import { challenge } from './digest.ts'
import { EXPIRES_MIN } from './limits.ts'
import { type Header, type SipRequest, valuesOf } from './message.ts'
import { answerText } from './writing.ts'

export interface Registering {
  request: SipRequest
  socket: string
  /** in small letters; it is the realm as well */
  domain: string
  atMs: number
  /** random letters and digits */
  unique: string
  /**
   * What `digest.ts` has found: whose secret the phone knows, that it has to prove it with this nonce, or that nobody could read
   * what it has sent.
   */
  proof: { user: string } | { nonce: string; stale: boolean } | 'malformed'
}

export interface RegisterAnswer {
  bindings: Bindings
  text: string
  /** whose bindings they are now; null: nothing has changed */
  extension: string | null
}

/** A refusal changes nothing. Nobody registers for somebody else: the user of To is the one whose secret was used. */
export function answerRegister(bindings: Bindings, asked: Registering): RegisterAnswer {
  const { request, proof, domain } = asked
  const refuse = (status: number, reason: string, headers: Header[] = []): RegisterAnswer => ({
    bindings,
    text: answerText(request, status, reason, { tag: asked.unique, headers }),
    extension: null,
  })
  if (request.vias.length > 1 || request.vias[0]?.host === domain)
    return refuse(403, 'Only the phone itself registers.')
  if (request.target.host !== domain || request.to.uri.host !== domain)
    return refuse(403, 'This domain is not served here.')
  if (proof === 'malformed') return refuse(400, 'The proof of the secret is malformed.')
  if ('nonce' in proof) {
    const value = challenge(domain, proof.nonce, proof.stale)
    return refuse(401, 'The secret of this extension is needed.', [{ name: 'www-authenticate', value }])
  }
  if (request.to.uri.scheme !== 'sip' || request.to.uri.user !== proof.user)
    return refuse(403, 'The secret is of another extension.')
  const result = register(bindings, {
    extension: proof.user,
    socket: asked.socket,
    callId: request.callId,
    cseq: request.cseq.number,
    contacts: valuesOf(request.headers, 'contact'),
    expires: valuesOf(request.headers, 'expires')[0] ?? null,
    atMs: asked.atMs,
  })
  if (result.status === 423) return refuse(423, result.reason, [{ name: 'min-expires', value: String(EXPIRES_MIN) }])
  if (result.status !== 200) return refuse(result.status, result.reason)
  const headers: Header[] = [
    ...result.contacts.map(value => ({ name: 'contact', value })),
    { name: 'date', value: new Date(asked.atMs).toUTCString() },
    { name: 'supported', value: 'path, outbound' },
  ]
  const text = answerText(request, 200, 'OK', { tag: asked.unique, headers })
  return { bindings: result.bindings, text, extension: proof.user }
}

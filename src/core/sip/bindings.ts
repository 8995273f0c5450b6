/**
 * Where the phones of a domain are: which extension may be reached at which connection, and until when. A binding lives as
 * long as its connection, because nobody can open one to a browser.
 */
import { parseAddress } from './address.ts'
import { escaped, parameter, wholeNumber } from './grammar.ts'
import { BINDINGS_MAX, EXPIRES_MAX, EXPIRES_MIN } from './limits.ts'

export interface Binding {
  /** the phone: its instance and reg-id, or its contact when it has told no instance */
  phone: string
  /** the address that the phone has given, as it was read; requests to it name this address */
  contact: string
  /** null: not told */
  instance: string | null
  regId: string | null
  /** the socket that the phone has registered on */
  socket: string
  expiresAtMs: number
  callId: string
  cseq: number
}

/** All bindings of one domain, by extension. A socket is of one extension as long as it has a binding. */
export type Bindings = ReadonlyMap<string, readonly Binding[]>

export const NO_BINDINGS: Bindings = new Map()

export interface Registration {
  /** whose secret the phone knows */
  extension: string
  socket: string
  callId: string
  cseq: number
  /** values of Contact; none: the phone asks what there is */
  contacts: readonly string[]
  /** value of Expires; null: there is none */
  expires: string | null
  atMs: number
}

export interface Registered {
  bindings: Bindings
  status: 200 | 400 | 403 | 416 | 423
  reason: string
  /** values of Contact for the answer: every binding of the extension, with the seconds that are left */
  contacts: string[]
}

interface Wish {
  binding: Binding
  seconds: number
}

/** All contacts of a REGISTER or none: whatever is refused changes nothing. */
export function register(bindings: Bindings, asked: Registration): Registered {
  const refuse = (status: Registered['status'], reason: string): Registered => ({
    bindings,
    status,
    reason,
    contacts: [],
  })
  const owner = extensionOf(bindings, asked.socket, asked.atMs)
  if (owner !== null && owner !== asked.extension) return refuse(403, 'This connection is of another extension.')
  const present = phonesOf(bindings, asked.extension, asked.atMs)
  if (present.some(one => one.callId === asked.callId && one.cseq >= asked.cseq && asked.contacts.length > 0))
    return refuse(400, 'A later registration has been received.')
  if (asked.contacts.includes('*')) {
    if (asked.contacts.length > 1 || asked.expires !== '0')
      return refuse(400, 'Contact * needs Expires 0 and no other.')
    return { bindings: withPhones(bindings, asked.extension, []), status: 200, reason: 'OK', contacts: [] }
  }
  let phones = present
  for (const contact of asked.contacts) {
    const wish = wishOf(contact, asked)
    if ('status' in wish) return refuse(wish.status, wish.reason)
    const others = phones.filter(one => one.phone !== wish.binding.phone)
    phones = wish.seconds === 0 ? others : [...others, wish.binding]
  }
  if (phones.length > BINDINGS_MAX) return refuse(403, `This extension has ${BINDINGS_MAX} phones already.`)
  return {
    bindings: withPhones(bindings, asked.extension, phones),
    status: 200,
    reason: 'OK',
    contacts: phones.map(one => contactValue(one, asked.atMs)),
  }
}

/** The phones of an extension that can be reached now, the one that has registered last at the end. */
export function phonesOf(bindings: Bindings, extension: string, atMs: number): readonly Binding[] {
  return (bindings.get(extension) ?? []).filter(one => one.expiresAtMs > atMs)
}

/** Who may speak on this socket; null: nobody has registered on it. */
export function extensionOf(bindings: Bindings, socket: string, atMs: number): string | null {
  for (const [extension, phones] of bindings)
    if (phones.some(one => one.socket === socket && one.expiresAtMs > atMs)) return extension
  return null
}

/** A socket is closed: nothing that was registered on it can be reached. */
export function socketGone(bindings: Bindings, socket: string): Bindings {
  return keptWhere(bindings, one => one.socket !== socket)
}

export function withoutExpired(bindings: Bindings, atMs: number): Bindings {
  return keptWhere(bindings, one => one.expiresAtMs > atMs)
}

/** When the next binding expires; null: there is none. */
export function nextExpiry(bindings: Bindings): number | null {
  let next: number | null = null
  for (const phones of bindings.values())
    for (const one of phones) next = Math.min(next ?? one.expiresAtMs, one.expiresAtMs)
  return next
}

function keptWhere(bindings: Bindings, stays: (one: Binding) => boolean): Bindings {
  let kept = bindings
  for (const [extension, phones] of bindings)
    if (!phones.every(stays)) kept = withPhones(kept, extension, phones.filter(stays))
  return kept
}

function withPhones(bindings: Bindings, extension: string, phones: readonly Binding[]): Bindings {
  const changed = new Map(bindings)
  if (phones.length === 0) changed.delete(extension)
  else changed.set(extension, phones)
  return changed
}

function wishOf(contact: string, asked: Registration): Wish | { status: 400 | 416 | 423; reason: string } {
  const address = parseAddress(contact)
  if (address === null) return { status: 400, reason: 'Contact is malformed.' }
  if (address.uri.scheme !== 'sip') return { status: 416, reason: 'A contact is an address with sip:.' }
  const told = parameter(address.parameters, 'expires') ?? asked.expires
  const seconds = told === null ? EXPIRES_MAX : wholeNumber(told, 2 ** 32 - 1)
  if (seconds === null) return { status: 400, reason: 'The time of a contact is not a number of seconds.' }
  if (seconds > 0 && seconds < EXPIRES_MIN) return { status: 423, reason: 'The time of a contact is too short.' }
  const instance = parameter(address.parameters, '+sip.instance')
  const regId = parameter(address.parameters, 'reg-id')
  if (instance !== null && !/^<[^<>"\\\s]{1,128}>$/.test(instance))
    return { status: 400, reason: 'The instance of a contact is malformed.' }
  if (regId !== null && !/^[1-9]\d{0,8}$/.test(regId))
    return { status: 400, reason: 'The reg-id of a contact is malformed.' }
  const { text } = address.uri
  const granted = Math.min(seconds, EXPIRES_MAX)
  return {
    seconds,
    binding: {
      phone: instance === null ? `contact ${text}` : `instance ${instance} ${regId ?? ''}`,
      contact: text,
      instance,
      regId: instance === null ? null : regId,
      socket: asked.socket,
      expiresAtMs: asked.atMs + granted * 1_000,
      callId: asked.callId,
      cseq: asked.cseq,
    },
  }
}

function contactValue(one: Binding, atMs: number): string {
  const parts = [`<${one.contact}>`, `expires=${Math.ceil((one.expiresAtMs - atMs) / 1_000)}`]
  if (one.instance !== null) parts.push(`+sip.instance="${escaped(one.instance)}"`)
  if (one.regId !== null) parts.push(`reg-id=${one.regId}`)
  return parts.join(';')
}

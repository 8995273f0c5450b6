/** Addresses of SIP phones outside of ours, as somebody types them, and what a call to one is asked about. */

/** A SIP address as a carrier takes it: parameters and headers may follow. Its longest is the carrier's. */
const ADDRESS =
  /^(?:sip:)?([^\s@<>"';?]{1,64})@([a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?)(:\d{1,5})?((?:[;?][^\s<>"]*)?)$/i
const CHARS_MAX = 250

export interface SipAddress {
  uri: string
  user: string
  /** small letters, without a port */
  host: string
}

/** Null: it is no such address. */
export function sipAddress(text: string): SipAddress | null {
  const [, user, host, port = '', rest = ''] = ADDRESS.exec(text.trim()) ?? []
  if (user === undefined || host === undefined) return null
  const uri = `sip:${user}@${host.toLowerCase()}${port}${rest}`
  return uri.length > CHARS_MAX ? null : { uri, user, host: host.toLowerCase() }
}

export function isSipUri(text: string): boolean {
  return text.startsWith('sip:')
}

/** An exchange of somebody else calls the number that such an address names, so the gate is asked about it. Null: it names none. */
export function numberOfSip(uri: string): string | null {
  return /^sip:(\+\d{6,15})(?:[@;]|$)/.exec(uri)?.[1] ?? null
}

/** What a call to this address is cleared for: the number that it names, or what is used up when it names none. */
export function clearedAs(to: string): { to: string; phone?: true } {
  if (!isSipUri(to)) return { to }
  const number = numberOfSip(to)
  return number === null ? { to: '', phone: true } : { to: number }
}

/** Who is called, for people: an extension is what is before the `@`. */
export function shownSip(uri: string): string {
  return uri.slice('sip:'.length).split('@', 1)[0] ?? uri
}

/** Seven digits or more, with separators as people write them; what is dialled after the answer may follow. */
const WRITTEN_NUMBER = /^(?:\d[-_]*){7,}(?:(?:x|extn?|extension)\d+)?$/

/** Digits that are no number of a telephone, and words: what an extension is. */
export function isExtension(dialled: string): boolean {
  return /^[a-z0-9][a-z0-9_-]{1,31}$/.test(dialled) && !WRITTEN_NUMBER.test(dialled)
}

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

/** What people put between digits. */
const SEPARATORS = /[-_.()~!'/]/g
const FULL_NUMBER = /^(?:\+|00)([1-9]\d{5,14})$/
const NUMBER_DIGITS_MIN = 7

/** The user as an exchange reads it: escapes resolved, without a password and parameters. */
function userOfSip(uri: string): string {
  let user = uri.slice('sip:'.length).split('@', 1)[0] ?? ''
  // An exchange may resolve what another one has left, so escapes of escapes are resolved too. Each turn makes it shorter.
  for (let before = ''; before !== user; ) {
    before = user
    user = user.replace(/(?:%[0-9a-f]{2})+/gi, unescaped)
  }
  return user.normalize('NFKC').split(/[:;]/, 1)[0] ?? ''
}

function unescaped(escapes: string): string {
  try {
    return decodeURIComponent(escapes)
  } catch {
    return escapes
  }
}

/**
 * An exchange of somebody else calls the number that such an address names, so the gate is asked about it. Null: it names none. Digits that do not
 * say their country are taken as they stand.
 */
export function numberOfSip(uri: string): string | null {
  const user = userOfSip(uri)
  const bare = user.replace(SEPARATORS, '')
  const full = FULL_NUMBER.exec(bare)?.[1]
  if (full !== undefined) return `+${full}`
  const digits = (user.match(/\p{Nd}/gu) ?? []).join('')
  const written = !/\p{L}/u.test(user) || /\+\d{7}/.test(bare) || WRITTEN_NUMBER.test(bare.toLowerCase())
  return digits.length >= NUMBER_DIGITS_MIN && written ? `+${digits}` : null
}

/** Which number the exchange calls is its own affair: it may put a country before these digits, or take a prefix away. */
export function isUnclearNumber(uri: string): boolean {
  return numberOfSip(uri) !== null && !FULL_NUMBER.test(userOfSip(uri).replace(SEPARATORS, ''))
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

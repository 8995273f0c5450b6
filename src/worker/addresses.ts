/** Addresses and ranges of addresses that a key works from. Loaded only for a key that has some. */
import ip from 'ipaddr.js'

/** `203.0.113.7`, `203.0.113.0/24`, `2001:db8::/32`. Null: this is neither an address nor a range. */
export function readRange(text: string): string | null {
  if (ip.isValidCIDR(text)) return text
  // An address of fewer parts (`10.1`) is one, but nobody means it.
  return ip.IPv4.isValidFourPartDecimal(text) || ip.IPv6.isValid(text) ? text : null
}

export function isWithin(address: string, ranges: readonly string[]): boolean {
  if (!ip.isValid(address)) return false
  const from = ip.process(address)
  return ranges.some(text => {
    const [range, bits] = ip.isValidCIDR(text) ? ip.parseCIDR(text) : whole(text)
    return from.kind() === range.kind() && from.match(range, bits)
  })
}

function whole(text: string): [ip.IPv4 | ip.IPv6, number] {
  const one = ip.process(text)
  return [one, one.kind() === 'ipv4' ? 32 : 128]
}

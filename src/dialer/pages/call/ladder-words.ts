/** The words of a ladder. */
import type { SipLadder } from '../../../wire/extension.ts'

/** How the ladder names our side. */
const REGISTRAR = 'registrar'

/** The columns: the caller, we, and the phones that were called, in the order in which they appear. */
export function partiesOf(messages: SipLadder['messages']): string[] {
  const named = messages.flatMap(({ from, to }) => [from, to])
  const others = [...new Set(named)].filter(one => one !== REGISTRAR)
  return [...others.slice(0, 1), REGISTRAR, ...others.slice(1)]
}

export function partyWords(party: string): string {
  return party === REGISTRAR ? 'Trunkline' : party
}

/** `INVITE sip:102@… SIP/2.0` → `INVITE`; `SIP/2.0 180 Ringing` → `180 Ringing`. */
export function labelOf(line: string): string {
  return line.startsWith('SIP/2.0 ') ? line.slice('SIP/2.0 '.length) : (line.split(' ', 1)[0] ?? '')
}

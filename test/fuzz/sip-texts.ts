/** Messages of SIP with mistakes in them: lines that are missing, doubled, endless, or hold what no header holds. */
import { sipDomainOf } from '../../src/core/ids.ts'
import { SipPhone } from '../actors/sip-phone.ts'
import type { Random } from '../simulation/random.ts'

export function sipSamples(workspaceId: string): string[] {
  const phone = new SipPhone(
    { domain: sipDomainOf(workspaceId), user: '2000', secret: 'none' },
    { send: () => undefined },
  )
  const challenge = `nonce="${'a'.repeat(40)}"`
  const invite = phone.request('INVITE', '2000', { body: 'v=0' })
  return [
    invite,
    phone.request('REGISTER', '2000'),
    phone.request('REGISTER', '2000', { lines: [phone.credentials(challenge)] }),
    phone.request('OPTIONS', '2000'),
    phone.request('ACK', '2000', { toTag: 'a' }),
    phone.request('BYE', '2000', { toTag: 'a', lines: [`Route: <sip:abc@${sipDomainOf(workspaceId)};lr>`] }),
    phone.request('CANCEL', '2000'),
    phone.answer(invite, 200),
  ]
}

const ODD = [
  ...[
    '',
    ' ',
    '\0',
    '\t',
    '%',
    '%zz',
    '<',
    '>',
    '"',
    ';',
    ',',
    '\\',
    '🙂',
    '\ud800',
    '-1',
    '99999999999999999999',
    '*',
    ':::',
  ],
  ...['sip:', 'sips:a@b', 'tel:+1', '<sip:a@[::1]:99999>', '"\\"', '__proto__', 'x'.repeat(5_000), ';a=b'.repeat(500)],
]

export function mutatedSip(samples: readonly string[], random: Random): string {
  let lines = random.pick(samples).split('\r\n')
  for (let edits = random.between(1, 4); edits > 0; edits -= 1) lines = edited(lines, random)
  return lines.join(random.chance(0.9) ? '\r\n' : random.pick(['\n', '\r', '\r\n ', '']))
}

function edited(lines: string[], random: Random): string[] {
  const at = random.between(0, lines.length - 1)
  const line = lines[at] ?? ''
  const put = (...instead: string[]) => [...lines.slice(0, at), ...instead, ...lines.slice(at + 1)]
  const colon = line.indexOf(':') + 1
  const cut = random.between(0, line.length)
  switch (random.between(0, 6)) {
    case 0:
      return put()
    case 1:
      return put(line, line)
    case 2:
      return put(`${line.slice(0, colon)} ${random.pick(ODD)}`)
    case 3:
      return put(line.slice(0, cut) + random.pick(ODD) + line.slice(cut))
    case 4:
      return put(...Array<string>(random.pick([9, 101])).fill(line))
    case 5:
      return put(line.slice(0, cut))
    default:
      return [...lines, 'x'.repeat(random.pick([1, 70_000]))]
  }
}

/**
 * One INVITE at the two phones of an extension, in every order of what phones, caller, connections and clocks may do. After every step
 * the rules hold, and from every step on, time alone brings the call to an end.
 */

import { tagOf } from '../../src/core/sip/address.ts'
import type { step } from '../../src/core/sip/proxy.ts'
import { brief, messageOf, replyText, requestText, World } from '../../src/core/sip/testing.ts'

export type Works = typeof step

interface Phone {
  socket: string
  gone: boolean
  /** the highest provisional answer it has given */
  told: 0 | 100 | 180
  final: number
}

interface Node {
  world: World
  caller: { gone: boolean; cancelled: boolean }
  phones: readonly [Phone, Phone]
  jumps: number
  path: string
}

export interface Explored {
  states: number
  violations: string[]
}

const CALLER = 's1'
export interface SipSize {
  /** what each of the two phones may say, besides 487 when it was cancelled */
  says: readonly [readonly number[], readonly number[]]
  /** how often time may go on to the next deadline of a phone */
  jumps: number
}
export const SMALL_SIP: SipSize = {
  says: [
    [100, 180, 200, 486],
    [180, 200, 486],
  ],
  jumps: 2,
}
export const LARGE_SIP: SipSize = {
  says: [
    [100, 180, 200, 486, 603],
    [100, 180, 200, 486, 603],
  ],
  jumps: 4,
}
/** Longer than a phone may ring, be cancelled and come back. */
const LONG_MS = 600_000

/** Stops at the first violation. */
export function exploreSip(works: Works, size: SipSize): Explored {
  const world = new World({ s1: '101', s2: '102', s3: '102' }, works)
  world.send(CALLER, requestText())
  const phone = (socket: string): Phone => ({ socket, gone: false, told: 0, final: 0 })
  const open: Node[] = [
    { world, caller: { gone: false, cancelled: false }, phones: [phone('s2'), phone('s3')], jumps: 0, path: '' },
  ]
  const seen = new Set<string>()
  while (open.length > 0) {
    const node = open.pop() as Node
    const key = keyOf(node)
    if (seen.has(key)) continue
    seen.add(key)
    const found = [...safety(node), ...liveness(node)].map(one => `${one}, after${node.path}`)
    if (found.length > 0) return { states: seen.size, violations: found }
    open.push(...nextOf(node, size))
  }
  return { states: seen.size, violations: [] }
}

function nextOf(node: Node, size: SipSize): Node[] {
  const next: Node[] = []
  const grow = (word: string, act: (world: World) => void, change: Partial<Node>) => {
    const world = node.world.copy()
    act(world)
    next.push({ ...node, ...change, world, path: `${node.path} ${word}` })
  }
  for (const [at, phone] of node.phones.entries()) {
    const with_ = (change: Partial<Phone>): Partial<Node> => {
      const phones = node.phones.map((one, place) => (place === at ? { ...one, ...change } : one))
      return { phones: phones as unknown as [Phone, Phone] }
    }
    const says = (status: number) => (world: World) => {
      world.send(phone.socket, replyText(world.lastAt(phone.socket, 'INVITE'), status, { tag: `t-${phone.socket}` }))
    }
    if (phone.gone) continue
    grow(`${phone.socket}:gone`, world => world.gone(phone.socket), with_({ gone: true }))
    if (phone.final !== 0) continue
    const words = size.says[at] ?? []
    if (words.includes(100) && phone.told < 100) grow(`${phone.socket}:100`, says(100), with_({ told: 100 }))
    if (phone.told < 180) grow(`${phone.socket}:180`, says(180), with_({ told: 180 }))
    const cancelled = node.world.heardBy(phone.socket).includes('CANCEL')
    for (const status of [...words.filter(one => one >= 200), ...(cancelled ? [487] : [])])
      grow(`${phone.socket}:${status}`, says(status), with_({ final: status }))
  }
  if (!node.caller.gone) {
    grow('caller:gone', world => world.gone(CALLER), { caller: { ...node.caller, gone: true } })
    const cancel = (world: World) => world.send(CALLER, requestText({ method: 'CANCEL', branch: 'INVITE1' }))
    if (!node.caller.cancelled) grow('caller:CANCEL', cancel, { caller: { ...node.caller, cancelled: true } })
  }
  if (node.jumps < size.jumps) {
    const wake = (world: World) => {
      const times = [...world.proxy.forks.values()].flatMap(one => one.branches.map(branch => branch.deadlineMs))
      world.pass(Math.max(1, Math.min(...times.filter(one => one > world.atMs), world.atMs + 30_000) - world.atMs))
    }
    grow('time', wake, { jumps: node.jumps + 1 })
  }
  return next
}

/** What must never be, at any time. */
function safety({ world, phones, caller }: Node): string[] {
  const wrong: string[] = []
  const heard = world.heardBy(CALLER).filter(one => /^\d/.test(one))
  const answers = answersTo(world)
  if (heard.filter(one => one === '100').length !== 1) wrong.push('100 was not sent once')
  if (answers.length > 1) wrong.push('the caller got two last answers')
  const last = world.sent.findIndex(one => one.socket === CALLER && answers[0] === one.text)
  const after = world.sent.slice(last + 1).filter(one => one.socket === CALLER)
  if (last >= 0 && after.some(one => /^1\d\d$/.test(brief(one.text)))) wrong.push('180 came after the last answer')
  for (const phone of phones) {
    const texts = world.heardBy(phone.socket)
    if (phone.told === 0 && phone.final === 0 && texts.includes('CANCEL')) wrong.push('CANCEL came too early')
    // One for the call, and one for each sign of life of a phone that has been given up.
    if (texts.filter(one => one === 'CANCEL').length > 2) wrong.push('CANCEL came too often')
    const rings = phone.told > 0 && phone.final === 0 && !phone.gone
    const over = answers.length > 0 || caller.gone
    if (rings && over && !texts.includes('CANCEL')) wrong.push('a phone rings for a call that is over')
    if (texts.filter(one => one === 'INVITE').length !== 1) wrong.push('INVITE was not sent once')
  }
  return wrong
}

/** What must be when time has passed and nobody has done anything more. */
function liveness(node: Node): string[] {
  const world = node.world.copy()
  world.pass(LONG_MS)
  const wrong = safety({ ...node, world })
  const [answer] = answersTo(world)
  if (answer === undefined && !node.caller.gone) wrong.push('the caller got no last answer')
  const winner = answer === undefined || brief(answer) !== '200' ? '' : tagOf(messageOf(answer).to)
  if (world.proxy.forks.size + world.proxy.keys.size > 0) wrong.push('a request stays')
  const present = !node.caller.gone && node.phones.some(one => winner === `t-${one.socket}` && !one.gone)
  const facts = world.factTypes()
  const ends = facts.filter(one => one.startsWith('ended')).length
  if (ends !== (present ? 0 : 1)) wrong.push(`the call has ended ${ends} times`)
  if (world.proxy.dialogs.size !== (present ? 1 : 0)) wrong.push('a call stays, or is lost')
  if (facts.filter(one => one === 'answered').length !== (winner === '' ? 0 : 1)) wrong.push('answered is wrong')
  for (const phone of node.phones.filter(one => !one.gone)) wrong.push(...endOf(world, phone, winner, present))
  return wrong
}

/** Every phone that is still there knows how it ended. */
function endOf(world: World, phone: Phone, winner: string, present: boolean): string[] {
  const count = (word: string) => world.heardBy(phone.socket).filter(one => one === word).length
  if (phone.final === 0)
    return (phone.told === 0 ? count('CANCEL') === 0 : count('CANCEL') > 0) ? [] : ['a phone rings for ever']
  // The ACK of the caller is not played, so the phone that has won hears only the BYE of a call whose caller is gone.
  if (winner === `t-${phone.socket}`)
    return count('BYE') === (present ? 0 : 1) && count('ACK') === 0 ? [] : ['who has won is turned away or left']
  if (count('ACK') !== 1) return ['an answer has no ACK']
  return count('BYE') === (phone.final === 200 ? 1 : 0) ? [] : ['who has lost is not told']
}

/** The last answers to INVITE. */
function answersTo(world: World): string[] {
  return world.sent
    .filter(one => one.socket === CALLER && /^[2-6]/.test(brief(one.text)) && /CSeq: 1 INVITE/.test(one.text))
    .map(one => one.text)
}

/** Two nodes with one key have the same future and the same past, as far as a rule asks for it. */
function keyOf({ world, caller, phones, jumps }: Node): string {
  const forks = [...world.proxy.forks.values()].map(fork => [
    fork.final,
    fork.socket,
    fork.ackByMs === null ? null : fork.ackByMs - world.atMs,
    fork.startedAtMs - world.atMs,
    ...fork.branches.map(one => [one.heard, one.cancel, one.open, one.status, one.tag, one.deadlineMs - world.atMs]),
  ])
  const dialogs = [...world.proxy.dialogs.values()].map(one => [
    one.ended,
    one.ringing,
    ...[one.caller, one.callee].map(side => side && [side.tag, side.socket, side.goneAtMs - world.atMs]),
  ])
  const heard = ['s1', 's2', 's3'].map(socket => world.heardBy(socket))
  return JSON.stringify([forks, dialogs, heard, world.factTypes(), caller, phones, jumps])
}

/**
 * The world of a consultation in few words: a person, the agent who asks, a colleague whose line visits, a number with a leg of its own, and what
 * is on its way between them.
 */
import { call } from '../../src/core/call/call.ts'
import { instructionsFor } from '../../src/core/call/instruction.ts'
import type { CallEffect, CallInput, CallState } from '../../src/core/call/state.ts'
import { isTalking, type Phase } from '../../src/core/call/transfer/moves.ts'
import type { TransferEnd } from '../../src/core/call/transfer/state.ts'
import type { TransferMachine } from './explore-transfer.ts'

export interface AttendedWorld {
  target: 'desk' | 'number'
  /** how often each of these may happen */
  asks: number
  moves: number
  /** the colleague or the number declines, leaves, hangs up */
  declines: number
  losses: number
  /** the agent who asks loses their line */
  ownLosses: number
  strikes: number
  /** requests to the carrier that it refuses, and words of the carrier that are lost */
  refusals: number
  lostWords: number
  /** the person hangs up */
  hangUps: number
}

export type ToA = { phase: Phase } | { outcome: TransferEnd; transferId: string } | 'offer' | 'end'

export type ToB =
  | { offer: string }
  | { callIn: string }
  | { sendHome: string }
  | { end: string }
  | 'arrived'
  | { phase: Phase }

export type ToCall = Extract<CallInput, { type: `transfer.${string}` }> extends infer T ? Omit<T & object, 'at'> : never

export type ToLeg = 'call' | 'move' | 'end'

export type Where = 'a' | 'b' | 't' | 'hold' | 'voicemail' | 'gone' | 'dropped'

export interface Story {
  at: number
  call: CallState
  where: Where
  redirects: number
  /** in the agent's room */
  held: { person: boolean; target: boolean }
  a: { line: boolean; handing: string | null; phase: Phase | null; talks: boolean; rung: boolean }
  b: { line: 'home' | 'a' | 'down'; lease: string | null; took: boolean; visit: 'going' | 'there' | 'returning' | null }
  /** where the carrier was asked to take the colleague's line */
  lineTo: ('a' | 'home')[]
  leg: 'none' | 'rings' | 'a' | 't' | 'gone'
  toA: ToA[]
  toB: ToB[]
  toLeg: ToLeg[]
  toRoom: { who: 'person' | 'target'; held: boolean }[]
  toCall: { a: ToCall[]; b: ToCall[]; leg: ToCall[] }
  left: Omit<AttendedWorld, 'target'>
  begun: number
  told: Record<string, TransferEnd[]>
  refused: number
  /** words of the carrier about the colleague's line that were lost */
  unheard: number
  wrong: string[]
}

export const CALL = 'w_a.call_1'

export const LEG = 'w_a.call_2'

export const LINE_B = 'w_a.d_b.l1'

export const ROOM = { a: 'room-a', b: 'room-b', t: 'room-t' }

export const SPOKEN = {
  safeHarbour: [],
  voicemail: [{ kind: 'say' as const, text: 'voicemail' }],
  apology: '',
  music: 'm',
}

export function begin(world: AttendedWorld, machine: TransferMachine): Story {
  const { target: _target, ...left } = world
  const story: Story = {
    at: 1_000,
    call: call.initial,
    where: 'a',
    redirects: 0,
    held: { person: false, target: false },
    a: { line: true, handing: null, phase: null, talks: true, rung: false },
    b: { line: 'home', lease: null, took: false, visit: null },
    lineTo: [],
    leg: 'none',
    toA: [],
    toB: [],
    toLeg: [],
    toRoom: [],
    toCall: { a: [], b: [], leg: [] },
    left,
    begun: 0,
    told: {},
    refused: 0,
    unheard: 0,
    wrong: [],
  }
  const none = { batchId: null, campaignId: null, contactId: null, deskId: null, agentName: null }
  input(story, machine, {
    type: 'call.received',
    at: story.at,
    links: { kind: 'inbound', ...none },
    party: { from: '+14155550101', to: '+14155550100', name: 'Pat' },
    providerId: 'CA1',
    talk: null,
  })
  input(story, machine, { type: 'call.answer-seen', at: story.at, providerId: 'CA1' })
  return story
}

export function input(story: Story, machine: TransferMachine, given: CallInput): void {
  for (const fact of machine.decide(story.call, given)) {
    story.call = machine.evolve(story.call, fact)
    for (const effect of machine.react(fact, story.call)) perform(story, effect)
  }
}

export const isA = (deskId: string) => deskId.endsWith('a')

export function perform(story: Story, effect: CallEffect): void {
  switch (effect.type) {
    case 'redirect-call':
      story.redirects += 1
      return
    case 'offer-person':
      if (isA(effect.deskId)) story.toA.push('offer')
      else story.toB.push({ offer: effect.offerId })
      return
    case 'end-offer-of-person':
      if (isA(effect.deskId)) story.toA.push('end')
      else story.toB.push({ end: effect.offerId })
      return
    case 'call-in':
      story.toB.push({ callIn: effect.offerId })
      return
    case 'send-home':
      story.toB.push({ sendHome: effect.offerId })
      return
    case 'tell-taker':
      if (!isA(effect.deskId)) story.toB.push('arrived')
      return
    case 'tell-phase':
      if (isA(effect.deskId)) story.toA.push({ phase: effect.phase })
      return
    case 'tell-origin':
      story.toA.push({ outcome: effect.end, transferId: effect.transferId })
      story.told[effect.transferId] = [...(story.told[effect.transferId] ?? []), effect.end]
      if (effect.end === 'moved' && story.where === 'a')
        story.wrong.push('an agent was told that somebody had gone who had not')
      return
    case 'call-target':
      story.toLeg.push('call')
      return
    case 'move-target':
      story.toLeg.push('move')
      return
    case 'end-target':
      story.toLeg.push('end')
      return
    case 'hold-in-room':
      story.toRoom.push({ who: effect.callId === null ? 'person' : 'target', held: effect.held })
      return
    default:
      return
  }
}

export const isOver = ({ where }: Story) => where === 'gone' || where === 'dropped'

export function wanted(transferId: string, to: 'desk' | 'number'): ToCall {
  const origin = { deskId: 'w_a.d_a', agentName: 'A', room: ROOM.a }
  const target = to === 'desk' ? { to, deskId: 'w_a.d_b' } : { to, number: '+14155550109' }
  return { type: 'transfer.wanted', transferId, origin, target, ask: { legId: LEG, home: ROOM.t } } as ToCall
}

/** As the desk does it: the call hears of it as soon as the target is there. */
export function lostOwn(next: Story): void {
  const { a } = next
  if (!a.line && a.handing !== null && a.phase !== null && (isTalking(a.phase) || a.phase === 'parting'))
    next.toCall.a.push({ type: 'transfer.origin-lost', transferId: a.handing } as ToCall)
}

export function answered(offerId: string, answer: 'accepted' | 'declined' | 'refused' | 'left'): ToCall {
  return { type: 'transfer.answered', offerId, answer, room: ROOM.b, reason: null } as ToCall
}

export function visited(visitId: string, is: 'in' | 'home' | 'gone', because = 'not-there'): ToCall {
  const callId = visitId === LEG ? LEG : LINE_B
  return { type: 'transfer.visited', visitId, callId, is, because } as ToCall
}

export function loseLine(next: Story): void {
  const { lease } = next.b
  Object.assign(next.b, { line: 'down', visit: null })
  next.lineTo = []
  if (lease !== null) next.toCall.b.push(answered(lease, 'left'))
}

export function goHome(next: Story): void {
  if (next.b.visit === null || next.b.visit === 'returning') return
  next.b.visit = 'returning'
  next.lineTo.push('home')
}

export function atA(next: Story, word: ToA): void {
  const { a } = next
  if (word === 'offer') {
    if (a.line) a.rung = true
    else {
      const { stage } = next.call.transfer ?? {}
      if (stage?.is === 'offered') next.toCall.a.push(answered(stage.offerId, 'refused'))
    }
  } else if (word === 'end') a.rung = false
  else if ('phase' in word) {
    if (a.handing === null) return
    a.phase = word.phase
    lostOwn(next)
  } else if (a.handing === word.transferId || word.outcome === 'moved') {
    if (a.handing === word.transferId) Object.assign(a, { handing: null, phase: null })
    if (word.outcome === 'moved') a.talks = false
  }
}

export function atB(next: Story, word: ToB): void {
  const { b } = next
  if (word === 'arrived') return
  if ('offer' in word) {
    if (b.line === 'home' && b.lease === null && b.visit === null) Object.assign(b, { lease: word.offer, took: false })
    else next.toCall.b.push(answered(word.offer, 'refused'))
  } else if ('callIn' in word) {
    if (b.lease === word.callIn && b.line === 'home' && b.visit === null) {
      b.visit = 'going'
      next.lineTo.push('a')
    } else next.toCall.b.push(visited(word.callIn, 'gone'))
  } else if ('sendHome' in word) {
    if (b.lease === word.sendHome) goHome(next)
  } else if ('end' in word && b.lease === word.end) {
    Object.assign(b, { lease: null, took: false })
    goHome(next)
  }
}

export function atLeg(next: Story, word: ToLeg): void {
  if (next.leg === 'gone') return
  if (word === 'call') next.leg = 'rings'
  else if (word === 'end') {
    next.leg = 'gone'
    next.toCall.leg.push(visited(LEG, 'gone', 'left'))
  } else if (next.leg === 'a') {
    next.leg = 't'
    next.held.target = false
    next.toCall.leg.push(visited(LEG, 'home'))
  }
}

export function heardIn({ call: state, where, leg }: Story): Where {
  const [first] = instructionsFor(state, CALL, SPOKEN)
  switch (first?.kind) {
    case 'join-room':
      return first.room === ROOM.a ? 'a' : first.room === ROOM.b ? 'b' : 't'
    case 'play':
      return 'hold'
    case 'say':
      return 'voicemail'
    default:
      // The number that they spoke with has hung up, so their call ends.
      return where === 't' && leg === 'gone' ? 'gone' : 'dropped'
  }
}

/**
 * All orders of a transfer: a person, the agent who hands over, a colleague who is asked, a number; messages between the call and each
 * desk that are on their way for any time, a carrier that is slow or never asks. Desks and carrier are written here in few words. In a world
 * that rings the person comes to the first agent by that agent's phone, and to their open line.
 */
import { call } from '../../src/core/call/call.ts'
import { instructionsFor } from '../../src/core/call/instruction.ts'
import type { CallEffect, CallFact, CallInput, CallState } from '../../src/core/call/state.ts'
import { PICKED_UP, type TransferEnd } from '../../src/core/call/transfer/state.ts'
import { deskRoomId } from '../../src/core/ids.ts'
import { type Searched, search } from './search.ts'
import { atDesk, type Desk, type ToCall, type ToDesk } from './transfer-desk.ts'

export interface TransferMachine {
  decide(state: CallState, input: CallInput): CallFact[]
  evolve(state: CallState, fact: CallFact): CallState
  react(fact: CallFact, state: CallState): CallEffect[]
  deadline(state: CallState): number | null
}
export interface TransferWorld {
  /** absent: the person is with the first agent already */
  rings?: true
  /** how often an agent may hand over in one story */
  transfers: number
  /** the targets that may be chosen */
  targets: readonly ('desk' | 'number' | 'queue')[]
  /** how often each of these may happen */
  declines: number
  losses: number
  strikes: number
  takeBacks: number
  /** requests to the carrier that are never carried out */
  refusals: number
}

/** Where the person hears something. */
type Where = 'ring' | 'a' | 'b' | 'hold' | 'voicemail' | 'number' | 'queue' | 'gone' | 'dropped'

interface Story {
  at: number
  call: CallState
  desks: { a: Desk; b: Desk }
  toDesk: { a: ToDesk[]; b: ToDesk[] }
  toCall: { a: ToCall[]; b: ToCall[] }
  where: Where
  /** redirects that the carrier has not carried out */
  redirects: number
  left: Omit<TransferWorld, 'targets' | 'rings'>
  begun: number
  /** outcomes that each transfer was told */
  told: Record<string, TransferEnd[]>
  /** requests to the carrier that were refused */
  refused: number
  /** somebody was told a thing that was not so */
  lied: boolean
}

type Name = 'a' | 'b'
const NAMES: readonly Name[] = ['a', 'b']
const other = (name: Name): Name => (name === 'a' ? 'b' : 'a')
const deskAt = (name: Name) => `w_a.d_${name}`
const nameOf = (deskId: string) => deskId.slice(-1) as Name
export const roomAt = (name: Name) => deskRoomId(deskAt(name), 1)
const CALL = 'w_a.call_1'
const SPOKEN = { safeHarbour: [], voicemail: [{ kind: 'say' as const, text: 'voicemail' }], apology: '', music: 'm' }

export function exploreTransfer(world: TransferWorld, machine: TransferMachine = call, most = 1_000_000): Searched {
  return search({
    first: begin(world, machine),
    keyOf,
    broken: story => broken(story, machine),
    nexts: story => nexts(story, world, machine),
    most,
    enough: 5,
  })
}

/** Times are kept as distances, because only these matter. */
function keyOf(story: Story): string {
  const { call: life, transfer, flow } = story.call
  return JSON.stringify({ ...story, call: [life.phase, waitsForAgent(story), transfer, flow?.phase] })
}

/** The person has reached nobody yet, and nothing else has them. */
function waitsForAgent({ call: { call: life } }: Story): boolean {
  return life.phase === 'live' && life.links.deskId !== null && life.answeredAt === null && !life.voicemail
}

function begin(world: TransferWorld, machine: TransferMachine): Story {
  const desk = { line: true, lease: null, took: false, handing: null, talks: false, rings: false, pickedUp: false }
  const story: Story = {
    at: 1_000,
    call: call.initial,
    desks: { a: { ...desk, talks: !world.rings }, b: { ...desk } },
    toDesk: { a: [], b: [] },
    toCall: { a: [], b: [] },
    where: world.rings ? 'ring' : 'a',
    redirects: 0,
    left: { ...world },
    begun: 0,
    told: {},
    refused: 0,
    lied: false,
  }
  const none = { batchId: null, campaignId: null, contactId: null, deskId: null, agentName: null }
  input(story, machine, {
    type: 'call.received',
    at: story.at,
    links: { kind: 'inbound', ...none, deskId: world.rings ? deskAt('a') : null },
    party: { from: '+14155550101', to: '+14155550100', name: 'Pat' },
    providerId: 'CA1',
    talk: null,
  })
  if (!world.rings) input(story, machine, { type: 'call.answer-seen', at: story.at, providerId: 'CA1' })
  return story
}

function input(story: Story, machine: TransferMachine, given: CallInput): void {
  for (const fact of machine.decide(story.call, given)) {
    story.call = machine.evolve(story.call, fact)
    for (const effect of machine.react(fact, story.call)) perform(story, effect)
  }
}

function perform(story: Story, effect: CallEffect): void {
  switch (effect.type) {
    case 'redirect-call':
      story.redirects += 1
      return
    case 'ring-desk':
      story.toDesk.a.push('rang')
      return
    case 'tell-picked-up':
      story.toDesk.a.push('picked-up')
      return
    case 'tell-desk':
      story.toDesk.a.push(effect.word === 'answered' ? 'arrived' : 'ring-over')
      return
    case 'offer-person':
      story.toDesk[nameOf(effect.deskId)].push({ offer: effect.offerId })
      return
    case 'end-offer-of-person':
      story.toDesk[nameOf(effect.deskId)].push({ end: effect.offerId, over: effect.over })
      return
    case 'tell-taker':
      story.toDesk[nameOf(effect.deskId)].push('arrived')
      return
    case 'tell-origin':
      story.toDesk[nameOf(effect.deskId)].push({ outcome: effect.end, transferId: effect.transferId })
      story.told[effect.transferId] = [...(story.told[effect.transferId] ?? []), effect.end]
      story.lied ||= effect.end === 'moved' && story.where === nameOf(effect.deskId)
      return
    default:
      return
  }
}

function changed(story: Story, change: (next: Story) => void): Story {
  const next = structuredClone(story)
  change(next)
  return next
}

function* nexts(story: Story, world: TransferWorld, machine: TransferMachine): Generator<Story> {
  const over = story.where === 'gone' || story.where === 'dropped'
  if (!over) yield changed(story, next => hangUp(next, machine))
  for (const name of NAMES) {
    if (!over) yield* agentMoves(story, world, name)
    yield* deliveries(story, machine, name)
  }
  if (!over) yield* carrierMoves(story, machine)
  const { transfer } = story.call
  if (transfer?.stage.is === 'judged' && transfer.target.to === 'number')
    for (const cleared of [true, false])
      yield changed(story, next =>
        input(next, machine, { type: 'transfer.judged', at: next.at, transferId: transfer.transferId, cleared }),
      )
  const due =
    transfer && (transfer.stage.is === 'offered' || transfer.stage.is === 'leaving') ? transfer.stage.untilMs : null
  if (due !== null && story.left.strikes > 0 && !over)
    yield changed(story, next => {
      next.left.strikes -= 1
      next.at = Math.max(next.at, due)
      input(next, machine, { type: 'clock.struck', at: next.at })
    })
}

function hangUp(next: Story, machine: TransferMachine): void {
  next.where = 'gone'
  next.redirects = 0
  input(next, machine, { type: 'call.reported', at: next.at, providerId: 'CA1', status: 'completed' } as CallInput)
}

function* carrierMoves(story: Story, machine: TransferMachine): Generator<Story> {
  // The phone has rung long enough, or has stopped.
  if (story.where === 'ring') yield changed(story, next => phoneStops(next, machine))
  if (story.redirects > 0) {
    yield changed(story, next => {
      next.redirects -= 1
      fetches(next, machine)
    })
    if (story.left.refusals > 0)
      yield changed(story, next => {
        next.redirects -= 1
        next.left.refusals -= 1
        next.refused += 1
        const delivery = { kind: 'effect', effect: 'redirect-call', attempts: 9, lastError: 'down' }
        input(next, machine, { type: 'delivery.given-up', at: next.at, ...delivery } as unknown as CallInput)
      })
  }
  if (story.where === 'number')
    for (const reached of [true, false])
      yield changed(story, next => {
        input(next, machine, { type: 'transfer.dialed', at: next.at, reached })
        const heard = heardIn(next)
        // The number has had its conversation, or nobody has.
        next.where = heard === 'gone' && !reached ? 'dropped' : heard
      })
}

/** The carrier asks what comes after the ringing, as `Replies` has it answered. Whoever comes to a room is answered then. */
function phoneStops(next: Story, machine: TransferMachine): void {
  const { at } = next
  if (next.call.transfer?.place) fetches(next, machine)
  else {
    const end = { status: 'no-answer' as const, talkedMs: null }
    input(next, machine, { type: 'call.dial-ended', at, providerId: 'CA1', end })
    next.where = heardIn(next)
  }
  if (next.where === 'a') input(next, machine, { type: 'call.answer-seen', at, providerId: 'CA1' })
}

/** The carrier asks, as `Replies` has it answered. */
function fetches(next: Story, machine: TransferMachine): void {
  if (next.call.transfer?.stage.is === 'leaving') {
    // By the time that it asks, the person is out of the room.
    next.where = heardIn(next)
    input(next, machine, { type: 'transfer.fetched', at: next.at })
    if (next.call.transfer?.place?.at === 'queue')
      next.call = { ...next.call, transfer: { ...next.call.transfer, flowDue: false } }
  } else next.where = heardIn(next)
}

function heardIn({ call: state, where }: Story): Where {
  if (state.transfer?.place?.at === 'queue') return 'queue'
  const [first] = instructionsFor(state, CALL, SPOKEN)
  switch (first?.kind) {
    case 'join-room':
      return first.room === roomAt('a') ? 'a' : 'b'
    case 'play':
      return 'hold'
    case 'say':
      return 'voicemail'
    case 'dial':
      return where === 'ring' ? 'ring' : 'number'
    default:
      // The number is done with the call, so it ends.
      return state.transfer?.place?.at === 'nobody' && where === 'number' ? 'gone' : 'dropped'
  }
}

function* agentMoves(story: Story, world: TransferWorld, name: Name): Generator<Story> {
  const desk = story.desks[name]
  const { lease } = desk
  if (desk.talks && desk.handing === null && story.left.transfers > 0)
    for (const target of world.targets)
      yield changed(story, next => {
        next.left.transfers -= 1
        next.begun += 1
        const wanted = `x${next.begun}`
        next.desks[name].handing = wanted
        next.toCall[name].push({ wanted, target })
      })
  if (desk.handing !== null && story.left.takeBacks > 0)
    yield changed(story, next => {
      next.left.takeBacks -= 1
      next.toCall[name].push({ unwanted: desk.handing ?? '' })
    })
  if (desk.rings && desk.line && lease === null && !desk.talks)
    yield changed(story, next => {
      Object.assign(next.desks[name], { rings: false, lease: PICKED_UP.offerId, took: true })
      next.toCall[name].push({ answer: 'accepted', offerId: PICKED_UP.offerId })
    })
  if (lease !== null && !desk.took) {
    yield changed(story, next => {
      next.desks[name].took = true
      next.toCall[name].push({ answer: 'accepted', offerId: lease })
    })
    if (story.left.declines > 0)
      yield changed(story, next => {
        next.left.declines -= 1
        next.desks[name].lease = null
        next.toCall[name].push({ answer: 'declined', offerId: lease })
      })
  }
  // Only a line that a lease holds is spoken of; the first agent's own call is their batch's or queue's business.
  if (desk.line && lease !== null && story.left.losses > 0)
    yield changed(story, next => {
      next.left.losses -= 1
      Object.assign(next.desks[name], { line: false })
      next.toCall[name].push({ answer: 'left', offerId: lease })
    })
}

function* deliveries(story: Story, machine: TransferMachine, name: Name): Generator<Story> {
  const [order] = story.toDesk[name]
  if (order !== undefined)
    yield changed(story, next => {
      next.toDesk[name].shift()
      atDesk(next.desks[name], order, answer => void next.toCall[name].push(answer))
    })
  const [word] = story.toCall[name]
  if (word === undefined) return
  yield changed(story, next => {
    next.toCall[name].shift()
    const { at } = next
    if ('answer' in word)
      input(next, machine, { type: 'transfer.answered', at, ...word, room: roomAt(name), reason: null })
    else if ('unwanted' in word) input(next, machine, { type: 'transfer.unwanted', at, transferId: word.unwanted })
    else input(next, machine, { type: 'transfer.wanted', at, transferId: word.wanted, ...wantedOf(name, word.target) })
  })
}

function wantedOf(name: Name, to: 'desk' | 'number' | 'queue') {
  const origin = { deskId: deskAt(name), agentName: name, room: roomAt(name) }
  if (to === 'desk') return { origin, target: { to, deskId: deskAt(other(name)) } }
  return { origin, target: to === 'number' ? { to, number: '+14155550109' } : { to, queueId: 'w_a.q_1' } }
}

/** The laws. Some hold always, some when nothing is on its way. */
function* broken(story: Story, machine: TransferMachine): Generator<string> {
  const { where, desks, toDesk, toCall } = story
  if (where === 'dropped') yield 'a person was dropped'
  if (story.lied) yield 'an agent was told that somebody had gone who had not'
  for (const ends of Object.values(story.told)) if (ends.length > 1) yield 'a transfer ended twice'
  const still = [...toDesk.a, ...toDesk.b, ...toCall.a, ...toCall.b].length === 0 && story.redirects === 0
  if (!still) return
  if (where === 'gone') {
    for (const name of NAMES) if (desks[name].lease !== null) yield 'an agent is held for a call that is over'
    return
  }
  // The phone stops as soon as it is told, and else when it has rung long enough.
  if (where === 'ring') {
    if (desks.a.lease === PICKED_UP.offerId && !desks.a.pickedUp)
      yield 'the phone of an agent who has said yes rings on'
    return
  }
  const { transfer } = story.call
  const stage = transfer?.stage
  if (stage?.is === 'leaving' && story.refused === 0) yield 'the carrier was never asked to take the person along'
  if (stage?.is === 'offered' && NAMES.every(name => desks[name].lease !== stage.offerId)) yield 'nobody rings'
  if (machine.deadline(story.call) !== null && transfer !== null && transfer.stage.is !== 'there') return
  if (transfer?.stage.is === 'judged') return
  for (const name of NAMES) {
    if (desks[name].handing !== null) yield 'an agent waits for a transfer for ever'
    if (desks[name].lease !== null && where !== name) yield 'an agent is held for somebody who is elsewhere'
  }
  if (where === 'voicemail' && transfer?.place?.at === 'room')
    yield 'a person who leaves a message is not with an agent'
  if (where === 'hold') yield 'a person hears music for ever'
  if ((where === 'a' || where === 'b') && !desks[where].line) yield 'a person is alone in a room'
  if (where === 'b' && !desks.b.talks) yield 'a person is with an agent who does not know'
}

import type { BatchFact } from '../batch/state.ts'
import { lineId } from '../ids.ts'
import { Draft, givenUp } from '../machine.ts'
import type { RoomFact } from '../room/state.ts'
import { agentDid } from './agent.ts'
import { strikeArrival } from './arrival.ts'
import { VISIT_AFTER_MS } from './consult.ts'
import { evolve } from './evolve.ts'
import { handRoundReplied, handRoundTried } from './hand-round.ts'
import { ownLineLost, phaseTold, transferOver } from './handover.ts'
import { inbound } from './inbound.ts'
import { laneAfter } from './lanes.ts'
import { holdKept, leftAlone } from './line-away.ts'
import { offerForgotten, offerMade, offerOver, queueJoined, queueLeft, reportFree } from './offers.ts'
import { savedAsChosen } from './outcome.ts'
import {
  type DeskFactOf,
  type DeskInput,
  type DeskState,
  type Lease,
  type LeasedTo,
  LINE_GRACE_MS,
  LINE_OPENING_MS,
  roomOf,
  type SeatAsk,
  TYPING_MS,
} from './state.ts'
import { supervisionReported } from './supervisors.ts'
import { told } from './told.ts'
import type { Lane, SessionView } from './view.ts'
import { cameHome, replaced, strikeVisit, visitSaid } from './visit.ts'

export class Desk {
  readonly at: number
  readonly #draft: Draft<DeskState, DeskFactOf>

  constructor(state: DeskState, at: number) {
    this.at = at
    this.#draft = new Draft(evolve, state)
  }

  get facts(): DeskFactOf[] {
    return this.#draft.facts
  }
  get state(): DeskState {
    return this.#draft.state
  }
  add(fact: DeskFactOf): void {
    this.#draft.add(fact)
  }

  phone(ownerTabId: string | null, state: 'off' | 'registered'): void {
    const { phone } = this.state
    if (phone.ownerTabId !== ownerTabId || phone.state !== state)
      this.add({ type: 'phone-changed', at: this.at, ownerTabId, state })
  }

  lineRequested(providerId: string): void {
    const { line } = this.state
    if (line.providerId === providerId) return
    replaced(this)
    // The old leg may stay in the room for a while without an agent, so no new answer is seated before the new leg is in.
    if (line.callId !== null) this.lineLeft(line.callId)
    this.openLine(providerId)
  }

  openLine(providerId: string): void {
    const { line, agent } = this.state
    const generation = line.state === 'closed' ? line.generation + 1 : line.generation
    const callId = lineId(agent?.deskId ?? 'desk', line.opened + 1)
    this.add({ type: 'line-opening', at: this.at, callId, providerId, generation })
  }

  lineJoined(callId: string): void {
    cameHome(this, callId)
    const { line, lease } = this.state
    if (line.callId !== callId || line.state === 'open') return
    const wasAway = line.graceUntilMs !== null
    this.add({ type: 'line-opened', at: this.at })
    holdKept(this, line.kept ?? null, false)
    if (wasAway && lease) this.add({ type: 'seat-paused', at: this.at, lease, paused: false })
  }

  /** A line that drops under a lease gets a grace time, because a customer may be waiting; without a lease it is closed. */
  lineLeft(callId: string): void {
    const { line, lease, visit, visitedMs } = this.state
    if (line.callId !== callId || line.state === 'closed' || line.state === 'away') return
    // It visits a colleague's room, and is not lost.
    if (visit) return
    // Two requests to the carrier after a visit overtook each other, and the line is on its way into its own room once more.
    const comesBack = this.at - (visitedMs ?? Number.NEGATIVE_INFINITY) < VISIT_AFTER_MS
    const kept = leftAlone(this)
    if (lease || comesBack)
      this.add({ type: 'line-away', at: this.at, graceUntilMs: this.at + LINE_GRACE_MS, ...(kept ? { kept } : {}) })
    else this.add({ type: 'line-closed', at: this.at })
    holdKept(this, this.state.line.kept ?? null, true)
    if (lease) this.add({ type: 'seat-paused', at: this.at, lease, paused: true })
    ownLineLost(this)
  }

  lineEnded(providerId: string): void {
    const { line } = this.state
    if (line.providerId === providerId && line.callId !== null) this.lineLeft(line.callId)
  }

  closeLine(): void {
    const { lease } = this.state
    this.add({ type: 'line-closed', at: this.at })
    if (lease) this.add({ type: 'seat-revoked', at: this.at, lease, because: 'line-closed' })
  }

  requestSeat(input: Extract<DeskInput, { type: 'seat.requested' }>): void {
    const { askId, asker, shared } = input
    const { lease, asked } = this.state
    const ask = { askId, asker, for: input.for, ...(shared ? { shared } : {}) }
    // Of a pool, the seat before may not be back yet: it is no answer to a new question.
    if (isFor(lease, ask.for) && (!shared || lease.askId === askId)) return this.grant(ask, lease)
    const reason = this.whyNoSeat()
    if (reason === null) this.grantTo(ask)
    else if (reason === 'busy' && asked === null && this.isWindingDown())
      this.add({ type: 'seat-asked', at: this.at, ask })
    else this.add({ type: 'seat-refused', at: this.at, askId, asker, reason })
  }

  /** True when only the rest of a round is in the way, which ends soon and by itself. */
  isWindingDown(): boolean {
    const { conversation, parked, inbound } = this.state
    return !conversation && !parked && !inbound?.accepted
  }

  /** Runs after every input: a seat that is being asked for is granted, refused, or left waiting. */
  answerAsked(): void {
    const { asked } = this.state
    if (!asked) return
    const reason = this.whyNoSeat()
    if (reason === null) return this.grantTo(asked)
    if (reason === 'busy' && this.isWindingDown()) return
    this.add({ type: 'seat-refused', at: this.at, askId: asked.askId, asker: asked.asker, reason })
  }

  grantTo(ask: SeatAsk): void {
    const { askId } = ask
    this.grant(ask, { leaseId: this.nextLeaseId(), for: ask.for, ...(ask.shared ? { askId } : {}) })
  }

  grant({ askId, asker }: SeatAsk, lease: Lease): void {
    this.add({ type: 'seat-granted', at: this.at, askId, asker, lease, room: roomOf(this.state) })
  }

  nextLeaseId(): string {
    return `${this.state.agent?.deskId ?? 'desk'}:${this.state.leases + 1}`
  }

  /** The readiness gate (S3-29, S3-44): a registered phone, an open line, nobody else's seat. */
  whyNoSeat(): string | null {
    const { phone, line, lease, leaving, guests, inbound, conversation, parked, paused, visit } = this.state
    if (phone.state !== 'registered') return 'phone-not-ready'
    if (line.state !== 'open') return 'line-not-open'
    if (lease || leaving || guests.length > 0 || conversation || parked || inbound?.accepted || visit) return 'busy'
    return paused ? 'paused' : null
  }

  returned(by: LeasedTo): void {
    const { asked } = this.state
    const lease = this.state.lease ?? this.state.leaving
    if (asked && isFor(asked, by)) this.add({ type: 'seat-ask-withdrawn', at: this.at, askId: asked.askId })
    if (isFor(lease, by)) this.add({ type: 'seat-returned', at: this.at, leaseId: lease.leaseId })
  }

  /** The batch says that this seat is free: it is the lease that this agent has, or one that was revoked. */
  seatBack(seatId: string): void {
    const lease = this.state.lease ?? this.state.leaving
    if (lease?.leaseId === seatId) this.add({ type: 'seat-returned', at: this.at, leaseId: seatId })
  }

  batchReported(batchId: string, facts: BatchFact[], lane?: Lane): void {
    if (lane && this.state.batchId === batchId && !this.state.lanes.some(one => one.callId === lane.callId))
      this.add({ type: 'lane-shown', at: this.at, callId: lane.callId, batchId, personal: { lane } })
    for (const fact of facts) {
      if (this.state.batchId === batchId) this.showLane(fact)
      handRoundTried(this, batchId, fact)
      this.followTalk(batchId, fact)
      if (fact.type === 'seat-returned' && fact.deskId === this.state.agent?.deskId) this.seatBack(fact.seatId)
    }
  }

  showLane(fact: BatchFact): void {
    if (!('legId' in fact)) return
    const lane = this.state.lanes.find(one => one.callId === fact.legId)
    const patch = lane ? laneAfter(lane, fact, this.state.lanes) : null
    if (patch) this.add({ type: 'lane-changed', at: this.at, callId: fact.legId, patch })
  }

  /** A leg that holds this desk's seat becomes a conversation; the end of a won one owes an outcome. */
  followTalk(batchId: string, fact: BatchFact): void {
    if (fact.type === 'leg-held' && fact.deskId === this.state.agent?.deskId) this.talk(batchId, fact.legId)
    if (fact.type === 'race-won') this.won(fact.legId)
    if (fact.type === 'leg-dismissed' || fact.type === 'leg-ended') this.endTalk(fact.legId)
    if (fact.type === 'leg-ended' && this.state.guests.includes(fact.legId))
      this.add({ type: 'guest-gone', at: this.at, callId: fact.legId })
  }

  talk(batchId: string, callId: string): void {
    const lane = this.state.lanes.find(one => one.callId === callId)
    const shown = [this.state.conversation, this.state.parked].some(one => one?.callId === callId)
    if (!lane || shown) return
    const { campaignId } = this.state
    const kind = campaignId === null ? ('single' as const) : ('campaign' as const)
    const talk = { callId, kind, contact: lane.contact, sinceMs: this.at, provisional: true, held: false }
    this.add({
      type: 'conversation-started',
      at: this.at,
      callId,
      personal: { talk: { ...talk, answerToRoomMs: null, note: '', batchId, campaignId } },
    })
  }

  won(callId: string): void {
    const talk = [this.state.conversation, this.state.parked].find(one => one?.callId === callId)
    if (talk?.provisional) this.add({ type: 'conversation-won', at: this.at, callId })
  }

  endTalk(callId: string): void {
    const talk = [this.state.conversation, this.state.parked].find(one => one?.callId === callId)
    if (!talk) return
    const owes = !talk.provisional && talk.campaignId !== null
    this.add({ type: 'conversation-ended', at: this.at, callId, talkedMs: this.at - talk.sinceMs, owes })
    if (owes && savedAsChosen(this, callId)) return
    if (owes && !this.state.wrapUp) this.add({ type: 'wrap-up-started', at: this.at })
    else if (talk.offer && talk.offer.wrapUpMs > 0 && !this.state.wrapUp)
      this.add({ type: 'wrap-up-started', at: this.at, totalMs: talk.offer.wrapUpMs })
  }

  /** The parked customer comes back from hold when the inbound call is over. */
  resume(): void {
    const { parked, conversation } = this.state
    if (!parked || conversation) return
    this.add({ type: 'conversation-resumed', at: this.at, callId: parked.callId })
    this.add({ type: 'hold-asked', at: this.at, callId: parked.callId, held: false, room: roomOf(this.state) })
  }

  roundOpened(input: Extract<DeskInput, { type: 'round.opened' }>): void {
    const { campaignId, batchId, lanes, settings } = input
    const isNews = this.state.lanes.length > 0 || JSON.stringify(this.state.settings) !== JSON.stringify(settings)
    if (this.state.batchId === batchId && !(input.shared && isNews)) return
    this.add({ type: 'round-shown', at: this.at, campaignId, batchId, personal: { lanes }, settings })
  }

  /** A late word of the campaign before says nothing of the one that was begun after it. */
  sessionReported(session: SessionView): void {
    const { startedIn = session.campaignId } = this.state
    if (startedIn === session.campaignId) this.add({ type: 'session-changed', at: this.at, session })
  }

  laneQueued(callId: string, untilMs: number): void {
    const lane = this.state.lanes.find(one => one.callId === callId)
    if (lane && (lane.state === 'queued' || lane.state === 'dialing'))
      this.add({ type: 'lane-changed', at: this.at, callId, patch: { state: 'queued', untilMs } })
  }

  /** Reads the facts of the desk's own room: its line, the customers in it, and their hold. */
  roomReported(facts: RoomFact[]): void {
    for (const fact of facts) {
      if (fact.type === 'participant-joined') {
        if (fact.role === 'agent') this.lineJoined(fact.callId)
        else this.joinedRoom(fact.callId)
      }
      if (fact.type === 'participant-left' && fact.role === 'agent') this.lineLeft(fact.callId)
      if (fact.type === 'call-held') this.heldChanged(fact.callId, fact.held)
      supervisionReported(this, fact)
    }
  }

  joinedRoom(callId: string): void {
    const ring = this.state.inbound
    if (ring?.callId === callId && ring.transfer && ring.accepted) inbound(this, { type: 'inbound.answered', callId })
    const talk = this.state.conversation
    if (talk?.callId === callId && talk.answerToRoomMs === null)
      this.add({ type: 'conversation-heard', at: this.at, callId, answerToRoomMs: this.at - talk.sinceMs })
  }

  heldChanged(callId: string, held: boolean): void {
    const talk = [this.state.conversation, this.state.parked].find(one => one?.callId === callId)
    if (talk && talk.held !== held) this.add({ type: 'conversation-held', at: this.at, callId, held })
  }

  saveNote(callId: string, text: string): void {
    this.add({ type: 'note-saved', at: this.at, callId, personal: { text } })
    if (this.state.wrapUp) this.add({ type: 'wrap-up-held', at: this.at, untilMs: this.at + TYPING_MS })
  }

  strike(): void {
    strikeVisit(this)
    strikeArrival(this)
    const { line, wrapUp } = this.state
    if (line.graceUntilMs !== null && this.at >= line.graceUntilMs) this.closeLine()
    else if (line.state === 'opening' && this.at >= line.sinceMs + LINE_OPENING_MS) this.closeLine()
    if (!wrapUp) return
    if (wrapUp.typingUntilMs !== null && this.at >= wrapUp.typingUntilMs)
      this.add({ type: 'wrap-up-resumed', at: this.at })
    else if (wrapUp.runningSinceMs !== null && this.at >= wrapUp.runningSinceMs + wrapUp.remainingMs)
      this.add({ type: 'wrap-up-ended', at: this.at, campaignId: this.state.session?.campaignId ?? null })
  }
}

function isFor(one: { for: LeasedTo } | null, by: LeasedTo): one is Lease {
  return one !== null && one.for.kind === by.kind && one.for.id === by.id
}

export function decide(state: DeskState, input: DeskInput): DeskFactOf[] {
  const desk = new Desk(state, input.at)
  dispatch(desk, input)
  desk.answerAsked()
  reportFree(desk)
  return desk.facts
}

function dispatch(desk: Desk, input: DeskInput): void {
  switch (input.type) {
    case 'desk.opened':
      if (JSON.stringify(desk.state.agent) !== JSON.stringify(input.agent))
        desk.add({ type: 'desk-opened', at: input.at, agent: input.agent })
      return
    case 'line.requested':
      return desk.lineRequested(input.providerId)
    case 'line.ended':
      return desk.lineEnded(input.providerId)
    case 'seat.requested':
      return desk.requestSeat(input)
    case 'lease.returned':
      return desk.returned({ kind: 'batch', id: input.batchId })
    case 'round.opened':
      return desk.roundOpened(input)
    case 'batch.reported':
      return desk.batchReported(input.batchId, input.facts, input.lane)
    case 'leg.queued':
      return desk.laneQueued(input.callId, input.untilMs)
    case 'room.reported':
      return desk.roomReported(input.facts)
    case 'session.reported':
      return desk.sessionReported(input.session)
    case 'clock.struck':
      return desk.strike()
    case 'delivery.given-up':
      desk.add(givenUp(input))
      if (input.effect === 'move-line')
        return visitSaid(desk, { type: 'line.unmoved', at: input.at, callId: desk.state.line.callId ?? '' })
      return input.effect === 'answer-offer' ? offerForgotten(desk) : undefined
    case 'single.opened':
    case 'single.refused':
      return handRoundReplied(desk, input)
    case 'queue.joined':
      return queueJoined(desk, input.queueId)
    case 'queue.left':
      return queueLeft(desk, input.queueId)
    case 'offer.made':
      return offerMade(desk, input)
    case 'offer.over':
      return offerOver(desk, input)
    case 'transfer.over':
      return transferOver(desk, input)
    case 'transfer.phase':
      return phaseTold(desk, input)
    case 'visit.wanted':
    case 'visit.over':
    case 'visit.reported':
    case 'line.unmoved':
      return visitSaid(desk, input)
    case 'message.left':
    case 'agent.forced':
      return told(desk, input)
    case 'inbound.rang':
    case 'inbound.answered':
    case 'inbound.picked-up':
    case 'inbound.ended':
      return inbound(desk, input)
    default:
      return agentDid(desk, input)
  }
}

import type { Profile, Rule } from '../../clearance/rules.ts'
import { type GivenUpInput, unreachable } from '../../machine.ts'
import type { FactOf, InputOf, Making } from '../../parts.ts'
import { type CallState, maskOf, type PartFact, type PartInput } from '../state.ts'
import {
  CALL_LIMIT_MS,
  type DialEnd,
  type HangupReason,
  type LiveCall,
  type ProviderStatus,
  RECONCILE_LOOKS_MAX,
  THROTTLED_MAX,
  THROTTLED_MS,
} from './state.ts'

type Input = InputOf<'call', PartInput>
type Fact = FactOf<'call', PartFact>

/** So many first characters of a masked number are kept, by which it is charged. Six digits at least stay unknown, and more of a short number. */
const PRICED_CHARS = { most: 7, least: 5, hidden: 6 }

function pricedPart(number: string): string {
  const { most, least, hidden } = PRICED_CHARS
  return number.slice(0, Math.max(least, Math.min(most, number.length - hidden)))
}

/** A status of a lower rank than the known one came late and changes nothing: callbacks only confirm. */
const RANK: Record<ProviderStatus, number> = {
  queued: 0,
  initiated: 1,
  ringing: 2,
  'in-progress': 3,
  completed: 4,
  busy: 4,
  'no-answer': 4,
  failed: 4,
  canceled: 4,
}

export class CallDecision {
  readonly #making: Making<CallState, Fact>

  constructor(making: Making<CallState, Fact>) {
    this.#making = making
  }

  get at(): number {
    return this.#making.at
  }
  get life(): CallState['call'] {
    return this.#making.state.call
  }
  get live(): LiveCall | null {
    const { life } = this
    return life.phase === 'live' ? life : null
  }
  add(fact: Fact): void {
    this.#making.add(fact)
  }

  /** The agent whom a program calls has declined, was not there, or has hung up at their desk. */
  settle(): void {
    const { ring } = this.#making.state
    const live = this.live
    if (live === null || ring?.stage !== 'over' || ring.ask !== null || live.wanted === 'complete') return
    if (live.answeredAt !== null) return this.complete()
    const { providerId } = live
    this.hangUp('noanswer')
    if (providerId !== null) this.add({ type: 'call-stray', at: this.at, providerId })
  }

  begin(input: Extract<Input, { type: 'call.requested' | 'call.received' }>): void {
    if (this.life.phase !== 'empty') return
    const { at, links, party: personal, talk = null } = input
    if (input.type === 'call.requested')
      this.add({ type: 'call-created', at, links, options: input.options, talk, personal })
    else {
      const { clearance, record } = input
      const recorded = record ? { record } : {}
      const next = input.unanswered === undefined ? {} : { unanswered: input.unanswered }
      this.add({ type: 'call-received', at, links, providerId: input.providerId, talk, ...recorded, ...next, personal })
      if (clearance?.cleared) this.add({ type: 'call-cleared', at, profile: clearance.profile })
      else if (clearance) this.holdBack(clearance.rule, clearance.untilMs)
      // Nobody has this number.
      const nobody = links.deskId === null && talk === null && input.flow === undefined
      if (links.kind === 'inbound' && nobody) this.takeMessage()
    }
  }

  identified(input: Extract<Input, { type: 'call.identified' }>): void {
    const { at, name, contactId, agentName, crm } = input
    // A call that is over keeps what was known of it, because its debt to the CRM was made at its end.
    if (this.live) this.add({ type: 'call-identified', at, contactId, agentName, crm, personal: { name } })
  }

  slot(notBefore: number, profile: Profile): void {
    if (this.live?.attempt.state !== 'waiting-slot') return
    this.add({ type: 'call-cleared', at: this.at, profile })
    if (notBefore > this.at) this.add({ type: 'call-queued', at: this.at, untilMs: notBefore, throttled: false })
    else this.add({ type: 'call-attempted', at: this.at })
  }

  notCleared(rule: Rule, untilMs: number | null): void {
    const state = this.live?.attempt.state
    if (state !== 'waiting-slot' && state !== 'sent') return
    this.holdBack(rule, untilMs)
  }

  holdBack(rule: Rule, untilMs: number | null): void {
    this.add({ type: 'call-not-cleared', at: this.at, rule, untilMs })
    this.hangUp('not-cleared', null, false, null, { held: { rule, untilMs } })
  }

  refused({ code, ours }: Extract<Input, { type: 'call.create-refused' }>): void {
    const state = this.live?.attempt.state
    if (state === 'sent' || state === 'unknown') this.hangUp('refused', code, false, null, ours ? { ours } : {})
  }

  throttled(retryAfterMs: number): void {
    const live = this.live
    if (live?.attempt.state !== 'sent') return
    if (this.at - live.createdAt > THROTTLED_MAX * THROTTLED_MS * 4) return this.hangUp('refused', 20429)
    if (live.wanted !== 'nothing') return this.hangUp('cancel')
    this.add({
      type: 'call-queued',
      at: this.at,
      untilMs: this.at + Math.max(retryAfterMs, THROTTLED_MS),
      throttled: true,
    })
  }

  unknown(): void {
    if (this.live?.attempt.state === 'sent') this.add({ type: 'call-outcome-unknown', at: this.at })
  }

  /** If the slot or the create was given up, the call is over; every other dead letter is only recorded. */
  gaveUp({ effect }: GivenUpInput): void {
    const waits = this.live?.attempt.state
    if (waits === 'waiting-slot' && effect === 'reserve-slot') this.hangUp('failed')
    if (waits === 'sent' && effect === 'create-call') this.hangUp('failed')
  }

  /** The first report of the carrier gives the call its id; a second id for one leg is a stray call and is ended. */
  report(providerId: string, status: ProviderStatus, remote = false, talkedMs: number | null = null): void {
    if (!this.adopt(providerId, status)) return
    const live = this.live
    if (!live) return
    const known = live.providerStatus
    if (known !== null && RANK[status] < RANK[known]) return
    if (known !== status) this.add({ type: 'call-progressed', at: this.at, status })
    this.follow(status, remote, talkedMs)
  }

  /** The caller at a browser or SIP phone has hung up: nothing was said of the answer, so it lasted as long as the carrier says. */
  talked(lastedMs: number | undefined): number | null {
    const live = this.live
    return live?.links.kind === 'browser' && live.answeredAt === null ? (lastedMs ?? null) : null
  }

  adopt(providerId: string, status: ProviderStatus): boolean {
    const state = this.life
    if (state.phase === 'empty') return false
    if (state.providerId !== null && state.providerId !== providerId) return this.flagStray(providerId, status)
    if (state.phase === 'over') return state.providerId === null ? this.flagStray(providerId, status) : false
    if (state.providerId === null) this.add({ type: 'call-placed', at: this.at, providerId, status: 'queued' })
    return true
  }

  flagStray(providerId: string, status: ProviderStatus): false {
    if (RANK[status] < RANK.completed) this.add({ type: 'call-stray', at: this.at, providerId })
    return false
  }

  follow(status: ProviderStatus, remote: boolean, talkedMs: number | null): void {
    const live = this.live
    if (!live) return
    if (status === 'ringing' && live.ringingAt === null && live.answeredAt === null)
      this.add({ type: 'call-ringing', at: this.at })
    if (status === 'in-progress') this.answered()
    const reason = endOf(status, live)
    if (reason) this.hangUp(reason, null, remote, talkedMs)
  }

  /**
   * The party did not take the call, or is gone. A browser phone's call is what became of the number that it dialled. A person who
   * calls us and reaches nobody of ours waits in a queue, by the number's setting, or leaves a message; a repeat changes nothing.
   */
  dialEnded(providerId: string, { status, talkedMs }: DialEnd): void {
    const live = this.live
    if (live?.voicemail) return
    const reached = status === 'completed'
    if (live?.links.kind === 'browser') return this.report(providerId, status, false, reached ? talkedMs : 0)
    const queueId = live === null ? null : queueInstead(live, providerId, status)
    const missed = live?.links.kind === 'inbound' && live.providerId === providerId && live.answeredAt === null
    // A repeat: the queue has the caller already.
    if (missed && live.unanswered !== undefined && live.links.deskId === null) return
    if (queueId !== null) this.add({ type: 'call-unanswered', at: this.at, deskId: live?.links.deskId ?? '', queueId })
    else if (missed && !reached) this.takeMessage()
    else this.report(providerId, reached ? 'completed' : 'no-answer')
  }

  takeMessage(): void {
    this.add({ type: 'call-voicemail-began', at: this.at })
  }

  /** The carrier's announcement has the caller in a voicemail: no person of ours has answered. */
  answered(): void {
    const live = this.live
    if (live === null || live.voicemail || live.answeredAt !== null) return
    this.add({ type: 'call-answered', at: this.at })
    // The cancel came too late. A round has a message for this person; nobody else has anything to say.
    if (live.wanted === 'cancel' && live.links.batchId === null) this.complete()
  }

  onwardAnswered(at: number, providerId: string): void {
    const maskId = maskOf(this.#making.state)
    if (this.live !== null) this.add({ type: 'call-onward-answered', at, providerId, maskId })
  }

  /** It may be told after the end of this call, and its bill comes of it. */
  onwardEnded({ at, providerId, number, talkedMs }: Extract<Input, { type: 'call.onward-ended' }>): void {
    const { life } = this
    if (life.phase === 'empty' || talkedMs <= 0) return
    const shown = maskOf(this.#making.state) === null ? number : pricedPart(number)
    this.add({ type: 'call-onward-ended', at, providerId, talkedMs, personal: { number: shown } })
  }

  search(found: { providerId: string; status: ProviderStatus } | null): void {
    if (found) return this.report(found.providerId, found.status)
    const attempt = this.live?.attempt
    if (attempt?.state === 'unknown' && attempt.looks >= RECONCILE_LOOKS_MAX) this.hangUp('failed')
  }

  cancel(): void {
    const live = this.live
    if (!live || live.answeredAt !== null) return
    if (live.attempt.state === 'waiting-slot') return this.hangUp('cancel')
    this.add({ type: 'call-canceling', at: this.at })
  }

  complete(): void {
    if (!this.live) return
    if (this.live.attempt.state === 'waiting-slot') return this.hangUp('cancel')
    this.add({ type: 'call-terminating', at: this.at })
  }

  check(): void {
    if (this.live) this.add({ type: 'call-checked', at: this.at })
  }

  strike(): void {
    const live = this.live
    if (!live) return
    const { attempt } = live
    if (attempt.state === 'waiting-slot' && attempt.untilMs !== null && this.at >= attempt.untilMs)
      this.add({ type: 'call-attempted', at: this.at })
    if (attempt.state === 'unknown' && this.at >= attempt.lookAt) this.look(attempt.looks)
    if (this.live && live.links.batchId === null && this.at >= live.watchAt) {
      if (this.at >= live.createdAt + CALL_LIMIT_MS) this.complete()
      this.check()
    }
  }

  agentJoined(deskId: string, agentName: string | null): void {
    if (this.live) this.add({ type: 'call-agent-joined', at: this.at, deskId, agentName })
  }

  agentLeft(): void {
    const deskId = this.live?.links.deskId ?? null
    if (deskId !== null) this.add({ type: 'call-agent-left', at: this.at, deskId })
  }

  look(looks: number): void {
    // The last look found nothing, or got no answer. We keep asking, because the call may exist.
    this.add({ type: 'call-searched', at: this.at, looks: looks + 1 })
  }

  /** `heardMs`: how long they talked, where the carrier says so; null: since the answer */
  hangUp(
    reason: HangupReason,
    code: number | null = null,
    remote = false,
    heardMs: number | null = null,
    more: { held?: { rule: Rule; untilMs: number | null }; ours?: true } = {},
  ): void {
    const live = this.live
    if (!live) return
    const talkedMs = heardMs ?? (live.answeredAt === null ? 0 : this.at - live.answeredAt)
    const { talk } = this.#making.state
    const missed = reason === 'normal' && live.voicemail === true
    const by = reason === 'normal' && !missed ? endedBy(live, talk?.next.to === 'agent', remote) : {}
    const { providerStatus } = live
    const why = missed ? 'noanswer' : reason
    this.add({ type: 'call-hungup', at: this.at, reason: why, providerStatus, talkedMs, code, ...more, ...by })
  }
}

/** The caller has reached nobody yet, and waits for the agent whose phone rings. */
export function ringsAtDesk({ links, answeredAt, voicemail }: LiveCall): boolean {
  return links.kind === 'inbound' && links.deskId !== null && answeredAt === null && !voicemail
}

/** The queue in which a caller waits whom the desk has not taken; null: this is no such call. */
export function queueInstead(live: LiveCall, providerId: string, status: DialEnd['status']): string | null {
  const missed = ringsAtDesk(live) && live.providerId === providerId
  return missed && status !== 'completed' ? (live.unanswered ?? null) : null
}

/**
 * The carrier's final status does not say which side hung up. While an AI agent has the call, only we or the other side can end
 * it, and our own request is in the state. With a colleague, a number or the carrier's announcement, any of them may have.
 */
function endedBy({ wanted }: LiveCall, withAgent: boolean, remote: boolean): { by?: 'us' | 'remote' } {
  if (remote) return { by: 'remote' }
  if (wanted === 'complete') return { by: 'us' }
  return wanted === 'nothing' && withAgent ? { by: 'remote' } : {}
}

function endOf(status: ProviderStatus, live: LiveCall): HangupReason | null {
  switch (status) {
    case 'completed':
      return live.answeredAt === null && live.wanted === 'cancel' ? 'cancel' : 'normal'
    case 'busy':
      return 'busy'
    case 'no-answer':
      return 'noanswer'
    case 'failed':
      return 'failed'
    case 'canceled':
      return 'cancel'
    default:
      return null
  }
}

export function decideLife(decision: CallDecision, input: Input): void {
  switch (input.type) {
    case 'call.requested':
    case 'call.received':
      return decision.begin(input)
    case 'call.identified':
      return decision.identified(input)
    case 'call.slot-granted':
      return decision.slot(input.notBefore, input.profile)
    case 'call.not-cleared':
      return decision.notCleared(input.rule, input.untilMs)
    case 'call.create-answered':
      return decision.report(input.providerId, input.status)
    case 'call.create-refused':
      return decision.refused(input)
    case 'call.create-throttled':
      return decision.throttled(input.retryAfterMs)
    case 'call.create-unknown':
      return decision.unknown()
    case 'call.reported':
      return decision.report(input.providerId, input.status, input.remote, decision.talked(input.lastedMs))
    case 'call.dial-ended':
      return decision.dialEnded(input.providerId, input.end)
    case 'call.onward-answered':
      return decision.onwardAnswered(input.at, input.providerId)
    case 'call.onward-ended':
      return decision.onwardEnded(input)
    case 'call.missing':
      return decision.hangUp('failed')
    case 'call.searched':
      return decision.search(input.found)
    case 'call.answer-seen':
      if (input.providerId !== null && !decision.adopt(input.providerId, 'in-progress')) return
      return decision.answered()
    case 'call.cancel-wanted':
      return decision.cancel()
    case 'call.complete-wanted':
      return decision.complete()
    case 'call.redirect-wanted':
      return decision.live ? decision.add({ type: 'call-redirected', at: input.at }) : undefined
    case 'call.check-wanted':
      return decision.check()
    case 'call.agent-joined':
      return decision.agentJoined(input.deskId, input.agentName)
    case 'call.agent-left':
      return decision.agentLeft()
    case 'call.judged':
      return decision.live ? decision.add({ type: 'call-judged', at: input.at, verdict: input.verdict }) : undefined
    default:
      return unreachable(input)
  }
}

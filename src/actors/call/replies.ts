/** What the carrier is answered when it asks about a call: its question is committed, and the reply is a projection of the state. */
import type { ConsultOrder } from '../../core/call/consult/consult.ts'
import { turnOfToken } from '../../core/call/control/state.ts'
import { isHeard, speakingFlow } from '../../core/call/flow/pages.ts'
import { instructionsFor, type Spoken } from '../../core/call/instruction.ts'
import { queueInstead } from '../../core/call/life/decide.ts'
import type {
  CallEffect,
  CallFact,
  CallInput,
  CallLinks,
  CallParty,
  CallState,
  DialEnd,
  PlaceOptions,
} from '../../core/call/state.ts'
import type { TalkOrder } from '../../core/call/talk/talk.ts'
import { GENERAL_BOX } from '../../core/call/voicemail/state.ts'
import { queueFlow, unansweredFlow } from '../../core/flow/unnamed.ts'
import { agentOfDesk, workspaceOf } from '../../core/ids.ts'
import type { Instructions } from '../../core/instruction/instruction.ts'
import { hiddenNumber } from '../../core/mask/hidden.ts'
import type { FlowToRun } from '../books.ts'
import type { FinishedStep, Incoming, Route } from '../contracts.ts'
import type { Env } from '../env.ts'
import { neighboursOf } from '../neighbours.ts'
import { safeHarbourOf, voicemailOf } from '../seller.ts'
import type { Arrivals } from '../shell/arrivals.ts'
import type { Shell } from '../shell/shell.ts'
import { flowAsked, flowBegins, heldMs } from './flow-of-call.ts'
import { received } from './incoming.ts'
import { apologyOf } from './voice/agent-of-call.ts'

interface Order {
  links: CallLinks
  party: CallParty
  options: PlaceOptions
  talk: TalkOrder | null
}

export class Replies {
  readonly #env: Env
  readonly #callId: string
  readonly #shell: Shell<CallState, CallInput, CallFact, CallEffect>
  readonly #arrivals: Arrivals

  constructor(env: Env, callId: string, shell: Shell<CallState, CallInput, CallFact, CallEffect>, arrivals: Arrivals) {
    this.#env = env
    this.#callId = callId
    this.#shell = shell
    this.#arrivals = arrivals
  }

  async ring(incoming: Incoming, route: Route): Promise<Instructions> {
    const call = received(neighboursOf(this.#env), this.#callId, incoming, route)
    // What follows from the call has its time, or the timeline would show it before the call.
    const { at } = call
    if (route.to === 'flow') {
      const { to } = incoming
      // What a flow knows is shown to whoever looks at it.
      const isMasked = route.flow.maskId !== undefined
      const from = isMasked ? hiddenNumber(incoming.from) : incoming.from
      const name = isMasked ? '' : (incoming.name ?? '')
      const sides = { callId: this.#callId, direction: 'incoming' as const, from, to, name }
      this.#commitAll(call, flowBegins(route.flow, sides, this.#soundsUrl, at))
      return this.says(null)
    }
    this.#shell.commit(call)
    // A talk begins with the webhook itself; a person's call is answered when a phone is taken up.
    if (route.to === 'agent') this.#shell.commit({ type: 'call.answer-seen', at, providerId: incoming.providerId })
    return this.#instructions(null)
  }

  /** False: it cannot be stored. */
  request(order: Order, flow: FlowToRun | null, consult: ConsultOrder | null): boolean {
    const at = this.#shell.now()
    const requested = { type: 'call.requested' as const, at, ...order }
    if (consult !== null) {
      this.#commitAll(requested, { type: 'consult.ordered', at, ...consult })
      return this.#shell.state.consult !== null
    }
    if (flow === null) return !this.#shell.commit(requested)?.refused
    const sides = { ...order.party, callId: this.#callId, direction: 'outgoing' as const }
    const { phone, ringLimitMs } = order.options
    const rings = { type: 'ring.wanted' as const, at, ringId: 'p', ask: null, ringMs: ringLimitMs }
    const asked = phone === undefined ? [] : [{ ...rings, deskId: phone }]
    this.#commitAll(requested, flowBegins(flow, sides, this.#soundsUrl, at), ...asked)
    return this.#shell.state.call.phase !== 'empty'
  }

  async answer(providerId: string): Promise<Instructions> {
    this.#shell.commit({ type: 'call.answer-seen', at: this.#shell.now(), providerId })
    if (this.#shell.state.consult !== null) this.#shell.commit({ type: 'consult.fetched', at: this.#shell.now() })
    this.#handsOver()
    return this.says(null)
  }

  /** Of a repeated webhook the flow runs already. */
  async runFlow(flow: FlowToRun, providerId: string): Promise<Instructions> {
    const { call, flow: running } = this.#shell.state
    if (call.phase === 'live' && running === null) {
      const sides = { ...call.party, callId: this.#callId, direction: 'outgoing' as const }
      this.#shell.commit(flowBegins(flow, sides, this.#soundsUrl, this.#shell.now()))
    }
    return this.answer(providerId)
  }

  /**
   * `step`: what the carrier has finished; null: it begins, or was redirected. A reply for which somebody outside is asked waits a
   * moment, so that the caller hears no gap.
   */
  async says(step: FinishedStep | null): Promise<Instructions> {
    const turn = step === null ? null : turnOfToken(step.token)
    if (turn !== null) {
      this.#shell.commit({ type: 'control.said', at: this.#shell.now(), turn })
      return this.#instructions(null)
    }
    const asked = flowAsked(this.#shell.state, step, this.#shell.now())
    if (asked === null) return this.#instructions(null)
    this.#shell.commit(asked)
    const now = this.#shell.now()
    await this.#arrivals.until(() => heldMs(this.#shell.state, now) === 0, heldMs(this.#shell.state, now))
    this.#takenUp()
    return this.#instructions(step?.token ?? null)
  }

  /** The carrier takes the call up with the first page that is heard, and tells nobody. */
  #takenUp(): void {
    const { call, flow, transfer } = this.#shell.state
    if (call.phase !== 'live' || call.answeredAt !== null || call.providerId === null) return
    if (isHeard(flow) || transfer?.place?.at === 'room')
      this.#shell.commit({ type: 'call.answer-seen', at: this.#shell.now(), providerId: call.providerId })
  }

  async dialEnded(providerId: string, end: DialEnd): Promise<Instructions> {
    const at = this.#shell.now()
    const { flow, talk, transfer } = this.#shell.state
    // The carrier asks where they go before it has carried out our request.
    if (transfer?.stage.is === 'leaving' && transfer.place?.at !== 'number') {
      this.#handsOver()
      return this.#instructions(null)
    }
    // Whoever was handed over from a browser's phone has left that leg behind: its end is no end of the call.
    if (transfer != null && transfer.place !== null && transfer.place.at !== 'queue') {
      if (transfer.place.at === 'number')
        this.#shell.commit({ type: 'transfer.dialed', at, reached: end.status === 'completed' })
      this.#takenUp()
      return this.#instructions(null)
    }
    if (speakingFlow(flow) !== null) {
      this.#shell.commit({ type: 'flow.dialed', at, end })
      return this.#instructions(null)
    }
    const queued = this.#waitsInstead(providerId, end)
    if (queued !== null) {
      this.#commitAll({ type: 'call.dial-ended', at, providerId, end }, queued)
      return this.says(null)
    }
    if (talk !== null) this.#shell.commit({ type: 'talk.dial-ended', at, reached: end.status === 'completed' })
    else this.#shell.commit({ type: 'call.dial-ended', at, providerId, end })
    return this.#instructions(null)
  }

  /** The flow of a caller whom an agent has not taken, and who waits in a queue by the setting of the number; null: there is none. */
  #waitsInstead(providerId: string, end: DialEnd): CallInput | null {
    const { call } = this.#shell.state
    if (call.phase !== 'live') return null
    const queueId = queueInstead(call, providerId, end.status)
    if (queueId === null) return null
    const actions = unansweredFlow(queueId, agentOfDesk(call.links.deskId ?? '') ?? '')
    const flow = { flowId: null, version: 0, actionsJson: JSON.stringify(actions), variables: {} }
    const sides = { callId: this.#callId, direction: 'incoming' as const, ...call.party }
    return flowBegins(flow, sides, this.#soundsUrl, this.#shell.now())
  }

  /** The carrier asks where somebody goes who is handed over; a queue is waited in by a flow, which begins now. */
  #handsOver(): void {
    const at = this.#shell.now()
    const { call, transfer } = this.#shell.state
    if (transfer?.stage.is !== 'leaving' || call.phase !== 'live') return
    const fetched = { type: 'transfer.fetched' as const, at }
    const { place } = transfer
    if (place?.at !== 'queue') return void this.#shell.commit(fetched)
    const direction = call.links.kind === 'inbound' ? ('incoming' as const) : ('outgoing' as const)
    const sides = { callId: this.#callId, direction, ...call.party }
    // A queue that is full, gone or does not answer is no reason to lose the person: they may leave a message for its members.
    const actionsJson = JSON.stringify(queueFlow(place.queueId))
    const flow = { flowId: null, version: 0, actionsJson, variables: {} }
    this.#commitAll(fetched, flowBegins(flow, sides, this.#soundsUrl, at))
  }

  #commitAll(...inputs: CallInput[]): void {
    this.#shell.journal.commitAll(inputs.map(input => ({ input, inputId: null })))
  }

  get #soundsUrl(): string {
    return `${this.#env.PUBLIC_BASE_URL ?? ''}/sounds`
  }

  /** Projects the stored state. Sentences that are not in the state are fetched only when this answer says them. */
  async #instructions(token: string | null): Promise<Instructions> {
    const { state } = this.#shell
    const near = neighboursOf(this.#env)
    const spoken: Spoken = { safeHarbour: [], voicemail: [], apology: '', music: `${this.#soundsUrl}/hold.wav` }
    const said = instructionsFor(state, this.#callId, spoken, token)
    if (said === spoken.safeHarbour) return safeHarbourOf(near, workspaceOf(this.#callId))
    if (said === spoken.voicemail)
      return voicemailOf(near, workspaceOf(this.#callId), state.voicemail?.box ?? GENERAL_BOX)
    const [first] = said
    if (first?.kind !== 'say' || state.talk === null || speakingFlow(state.flow) !== null) return said
    const apology = await apologyOf(near, this.#callId, state.talk)
    return instructionsFor(state, this.#callId, { ...spoken, apology }, token)
  }
}

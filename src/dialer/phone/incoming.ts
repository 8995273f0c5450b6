/**
 * The only dispatcher of calls that the carrier offers to this browser (S3-42). It routes by the call's parameters and the
 * desk's view. It has the only listener, so no page can take another page's call.
 */
import type { DeskView } from '../../wire/desk.ts'

/** The part of the SDK's `Call` that the dispatcher uses. */
export interface OfferedCall {
  readonly customParameters: ReadonlyMap<string, string>
  on(event: string, listener: (...args: unknown[]) => void): unknown
  accept(): void
  reject(): void
}

/** So long another call has rung at the desk, or has the agent, when a further one is told that they are busy. */
export const BUSY_AFTER_MS = 1_500

/** More offers than this at one time are a fault of the network, so the oldest is dropped and rings out. */
const OFFERS_MAX = 4

/**
 * `ring`: the desk shows the call and the person decides · `line`: the agent has accepted it, and it comes to the open line · `away`: and the
 * phone may stop ringing · `busy`: the desk shows another call · `unknown`: the desk does not show this call, or not yet. A campaign's people
 * come to the open line, never as a call of their own (decision 033).
 */
export type OfferRoute = 'ring' | 'line' | 'away' | 'busy' | 'unknown'

export function routeOffer(parameters: ReadonlyMap<string, string>, view: DeskView | null): OfferRoute {
  const callId = parameters.get('callId')
  const inbound = view?.inbound ?? null
  if (callId === undefined || inbound === null) return 'unknown'
  if (inbound.callId !== callId) return 'busy'
  // A program calls the agent at this phone.
  if (inbound.transfer == null || inbound.transfer.program !== undefined) return 'ring'
  return inbound.pickedUp ? 'away' : 'line'
}

export interface IncomingParts<C extends OfferedCall> {
  view(): DeskView | null
  /** this call was accepted, so it is the call that the agent hears now */
  onAccepted(callId: string, call: C): void
  log(text: string): void
  setTimer(run: () => void, ms: number): void
}

export class IncomingCalls<C extends OfferedCall> {
  readonly #parts: IncomingParts<C>
  readonly #offers = new Map<string, C>()
  readonly #busy = new WeakSet<C>()
  #wanted: string | null = null
  /** id of a call that was declined on the desk before the carrier offered it here */
  #declined: string | null = null

  constructor(parts: IncomingParts<C>) {
    this.#parts = parts
  }

  /** Handles the SDK's `incoming` event. */
  offered(call: C): void {
    const callId = call.customParameters.get('callId')
    if (callId === undefined) {
      this.#parts.log('a call without our call id was offered; ignored')
      return
    }
    if (callId === this.#declined) {
      this.#declined = null
      call.reject()
      return
    }
    this.#offers.set(callId, call)
    for (const oldest of this.#offers.keys()) {
      if (this.#offers.size <= OFFERS_MAX) break
      this.#offers.delete(oldest)
    }
    for (const event of ['cancel', 'disconnect', 'reject']) {
      call.on(event, () => {
        if (this.#offers.get(callId) === call) this.#offers.delete(callId)
      })
    }
    if (routeOffer(call.customParameters, this.#parts.view()) === 'unknown') {
      // The desk may show this call in its next view, so it is not rejected, which would end it.
      this.#parts.log(`call ${callId} was offered and is not on this desk; waiting`)
    }
    this.settle()
  }

  /** The desk has accepted the call: it is taken now, or as soon as the carrier offers it. */
  accept(callId: string): void {
    this.#wanted = callId
    this.settle()
  }

  decline(callId: string): void {
    const call = this.#offers.get(callId)
    this.#offers.delete(callId)
    if (this.#wanted === callId) this.#wanted = null
    if (call === undefined) this.#declined = callId
    else call.reject()
  }

  /** Called after each view, because a call that was unknown may be known now. */
  settle(): void {
    for (const [callId, call] of this.#offers) {
      const view = this.#parts.view()
      const route = routeOffer(call.customParameters, view)
      const wanted = callId === this.#wanted
      if (route === 'away') this.decline(callId)
      else if (wanted && route === 'ring' && view?.inbound?.accepted) this.#take(callId, call)
      else if (wanted && route === 'unknown' && view?.conversation?.callId === callId) this.#take(callId, call)
      else if (route === 'busy') this.#busySoon(callId, call)
    }
  }

  /** The other call may be over in a moment, and this one the next that the desk shows. A busy agent's caller does not wait for them. */
  #busySoon(callId: string, call: C): void {
    if (this.#busy.has(call)) return
    this.#busy.add(call)
    this.#parts.setTimer(() => {
      this.#busy.delete(call)
      if (this.#offers.get(callId) !== call || routeOffer(call.customParameters, this.#parts.view()) !== 'busy') return
      this.#parts.log(`call ${callId} was offered while another one has the agent; rejected`)
      this.decline(callId)
    }, BUSY_AFTER_MS)
  }

  clear(): void {
    this.#offers.clear()
    this.#wanted = null
  }

  #take(callId: string, call: C): void {
    this.#offers.delete(callId)
    if (this.#wanted === callId) this.#wanted = null
    this.#parts.onAccepted(callId, call)
    call.accept()
  }
}

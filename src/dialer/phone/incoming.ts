/**
 * The one dispatcher of calls that the carrier offers to this browser (S3-42). It routes by the call's own parameters,
 * checked against the desk's view: nobody else registers a listener, so no page can take another page's call.
 */
import type { DeskView } from '../../wire/desk.ts'

/** The part of the SDK's `Call` that the dispatcher uses. */
export interface OfferedCall {
  readonly customParameters: ReadonlyMap<string, string>
  on(event: string, listener: (...args: unknown[]) => void): unknown
  accept(): void
  reject(): void
}

/** More offers than this at once is a fault of the network; the oldest is forgotten (it rings out by itself). */
const OFFERS_MAX = 4

/**
 * `ring`: the desk shows it and the person decides · `take`: a call of this desk's own that needs no question (the
 * carrier is set to ring the agent for a campaign call, S3-41) · `unknown`: not this desk's, or not yet.
 */
export function routeOffer(
  parameters: ReadonlyMap<string, string>,
  view: DeskView | null,
): 'ring' | 'take' | 'unknown' {
  const callId = parameters.get('callId')
  if (callId === undefined || view === null) return 'unknown'
  if (view.inbound?.callId === callId) return 'ring'
  if (parameters.get('outbound') === 'true' && view.conversation?.callId === callId) return 'take'
  return 'unknown'
}

export interface IncomingParts<C extends OfferedCall> {
  view(): DeskView | null
  /** the sound of this call is on: it becomes the call that the agent hears */
  onAccepted(callId: string, call: C): void
  log(text: string): void
}

export class IncomingCalls<C extends OfferedCall> {
  readonly #parts: IncomingParts<C>
  readonly #offers = new Map<string, C>()
  #wanted: string | null = null
  /** declined on the desk before the carrier offered it here */
  #declined: string | null = null

  constructor(parts: IncomingParts<C>) {
    this.#parts = parts
  }

  /** The SDK's `incoming` event. */
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
      // rejecting would end a call that the desk may be about to show: leave it, the next view decides
      this.#parts.log(`call ${callId} was offered and is not on this desk; waiting`)
    }
    this.settle()
  }

  /** The desk accepted: take the sound now, or as soon as the carrier offers it. */
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

  /** After each view: what was unknown may be known now. */
  settle(): void {
    for (const [callId, call] of this.#offers) {
      const route = routeOffer(call.customParameters, this.#parts.view())
      if (route === 'take' || (callId === this.#wanted && route !== 'unknown')) this.#take(callId, call)
      else if (callId === this.#wanted && this.#parts.view()?.conversation?.callId === callId) this.#take(callId, call)
    }
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

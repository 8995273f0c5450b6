/** Turns the carrier's answers into inputs of the call. It is pure, so that the simulated call reads them in the same way. */
import type { CallInput } from '../../core/call/state.ts'
import type { Carried, CarrierCall } from '../../providers/telephony/port.ts'
import { Retry } from '../shell/outbox.ts'

export function created(answer: Carried<CarrierCall>, at: number): CallInput {
  if (answer.ok) return { type: 'call.create-answered', at, ...answer.value }
  const { failure } = answer
  switch (failure.kind) {
    case 'refused':
      return { type: 'call.create-refused', at, code: failure.code, ...(failure.ours ? { ours: true } : {}) }
    case 'throttled':
      return { type: 'call.create-throttled', at, retryAfterMs: failure.retryAfterMs }
    default:
      return { type: 'call.create-unknown', at }
  }
}

export function searched(answer: Carried<CarrierCall | null>, at: number): CallInput[] {
  if (!answer.ok) throw new Retry('the list could not be read')
  return [{ type: 'call.searched', at, found: answer.value }]
}

/** "Already over" counts as done; the carrier's word comes back as a report. */
export function heard(
  answer: Carried<CarrierCall>,
  providerId: string,
  at: number,
  whenGone: 'call.missing' | 'call.check-wanted' = 'call.check-wanted',
): CallInput[] {
  if (answer.ok) return [{ type: 'call.reported', at, providerId, status: answer.value.status }]
  const { failure } = answer
  if (failure.kind === 'gone') return [{ type: whenGone, at }]
  if (failure.kind === 'throttled') throw new Retry('throttled', failure.retryAfterMs)
  if (failure.kind === 'unknown') throw new Retry(failure.message)
  return []
}

/** Who has the person of a call now, as far as a transfer must know it. */
import type { CallState } from '../state.ts'
import type { Helper, Place, Stage, Transfer } from './state.ts'

/** A word may come late, when the person is with somebody else already. Whoever has them from a queue or a round was never told of here. */
export function isWith(before: Transfer | null, deskId: string): boolean {
  const place = before?.place ?? null
  if (before === null || place === null || place.at === 'queue') return true
  return place.at === 'room' && place.deskId === deskId && !before.alone
}

export function helperIn(stage: Stage): Helper | null {
  return 'helper' in stage ? stage.helper : null
}

export function idOf(helper: Helper): string {
  return helper.kind === 'desk' ? helper.offerId : helper.legId
}

/**
 * Where a carrier that asks late finds the person: where they were before they were to leave. Undefined: it was not told to ask. A flow
 * that had brought them goes on then, or its queue would believe that they have left.
 */
export function backTo({ transfer, flow, talk }: CallState): Place | null | undefined {
  if (transfer?.stage.is !== 'leaving' || transfer.origin.room === null) return undefined
  const { stage, origin } = transfer
  const before = stage.before ?? null
  if (before !== null) return before
  const brought = talk !== null || (flow !== null && flow.phase !== 'over')
  return brought ? null : { at: 'room', room: origin.room ?? '', deskId: origin.deskId }
}

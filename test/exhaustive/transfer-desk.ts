/** A desk in the worlds of transfers, in few words: its line, its one seat, whom it believes to have. */
import { PICKED_UP, type TransferEnd } from '../../src/core/call/transfer/state.ts'

export interface Desk {
  line: boolean
  /** the offer that has this agent's seat */
  lease: string | null
  took: boolean
  /** the transfer that this agent waits for */
  handing: string | null
  /** this agent believes that the person is with them */
  talks: boolean
  /** the agent's phone rings */
  rings: boolean
  /** it may stop, because the person comes to the open line */
  pickedUp: boolean
}
export type ToDesk =
  | { offer: string }
  | { end: string; over: boolean }
  | { outcome: TransferEnd; transferId: string }
  | 'arrived'
  | 'rang'
  | 'ring-over'
  | 'picked-up'
export type ToCall =
  | { answer: 'accepted' | 'declined' | 'refused' | 'left'; offerId: string }
  | { wanted: string; target: 'desk' | 'number' | 'queue' }
  | { unwanted: string }
export function atDesk(desk: Desk, order: ToDesk, say: (answer: ToCall) => void): void {
  if (order === 'rang') desk.rings = true
  else if (order === 'ring-over') {
    Object.assign(desk, { rings: false, talks: false })
    if (desk.lease === PICKED_UP.offerId) Object.assign(desk, { lease: null, took: false })
  } else if (order === 'picked-up') desk.pickedUp = true
  else if (order === 'arrived') {
    if (desk.lease !== null && desk.took) desk.talks = true
  } else if ('offer' in order) {
    if (desk.line && desk.lease === null && !desk.talks) Object.assign(desk, { lease: order.offer, took: false })
    else say({ answer: 'refused', offerId: order.offer })
  } else if ('end' in order) {
    if (order.over) Object.assign(desk, { talks: false, handing: null })
    if (desk.lease === order.end) Object.assign(desk, { lease: null, took: false, talks: false })
  } else if (order.outcome === 'moved') Object.assign(desk, { talks: false, handing: null, lease: null, took: false })
  else if (desk.handing === order.transferId) desk.handing = null
}

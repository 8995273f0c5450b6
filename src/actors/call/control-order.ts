/** What somebody orders for a call under way, as an input, and why it cannot be now. */
import { whyNoPause, whyNoRecording, whyNoRecordingPause } from '../../core/call/control/control.ts'
import type { NoControl } from '../../core/call/control/state.ts'
import type { CallInput, CallState } from '../../core/call/state.ts'
import type { ControlOrder } from '../contracts.ts'

/** Why it cannot be done now; null: it can. */
export function whyNot(state: CallState, order: ControlOrder): NoControl | null {
  if (order.do === 'record') return whyNoRecording(state, order.on)
  return order.do === 'pause-record' ? whyNoRecordingPause(state, order.on) : whyNoPause(state)
}

function afterwards(onEndFlowId = ''): { onEndFlowId?: string } {
  return onEndFlowId === '' ? {} : { onEndFlowId }
}

export function orderOf(order: ControlOrder, at: number): CallInput {
  switch (order.do) {
    case 'pause':
      return { type: 'control.pause-wanted', at, pause: order.pause, on: order.on }
    case 'talk':
      return { type: 'control.talk-wanted', at, text: order.text, language: order.language }
    case 'record':
      return { type: 'control.record-wanted', at, on: order.on, ...afterwards(order.onEndFlowId) }
    case 'pause-record':
      return { type: 'control.record-pause-wanted', at, on: order.on }
  }
}

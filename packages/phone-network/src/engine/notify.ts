import { intend, type Turn } from './turn.ts'
import { amdFields, statusFields } from './webhook-fields.ts'
import type { Call, CallEvent } from './world.ts'

/** Tell the status callback, if this event was asked for. `SequenceNumber` counts what is sent, from 0. */
export function notifyStatus(turn: Turn, call: Call, event: CallEvent): void {
  const callback = call.statusCallback
  if (callback === null || !callback.events.includes(event)) return
  const status = event === 'answered' ? 'in-progress' : event === 'initiated' ? 'initiated' : call.status
  const fields = statusFields(turn.world, call, status, call.statusSequence, turn.at)
  call.statusSequence += 1
  intend(turn, {
    do: 'notify',
    webhook: 'status',
    lane: call.sid,
    callSid: call.sid,
    target: { url: callback.url, method: callback.method },
    fields,
  })
}

/** Tell the asynchronous answering machine detection's verdict. */
export function notifyVerdict(turn: Turn, call: Call): void {
  const target = call.detection?.callback
  if (!target) return
  intend(turn, {
    do: 'notify',
    webhook: 'amd',
    lane: `amd ${call.sid}`,
    callSid: call.sid,
    target,
    fields: amdFields(turn.world, call),
  })
}

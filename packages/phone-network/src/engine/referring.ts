import type { Fact } from './input.ts'
import type { Referring } from './media-world.ts'
import { fact, intend, type Turn } from './turn.ts'
import { voiceFields } from './webhook-fields.ts'
import type { Call } from './world.ts'

/** A `<Refer>` tells its result to the action's URL and to the log, also when the call ends before it. */

/** Twilio leaves out the fields whose values it does not know, and so does this. */
export function referFields({ status, sip, notify }: Referring): Record<string, string> {
  return {
    ...(status === '' ? {} : { ReferCallStatus: status }),
    ...(sip === null ? {} : { ReferSipResponseCode: String(sip) }),
    ...(notify === null ? {} : { NotifySipResponseCode: String(notify) }),
  }
}

export function referOver({ sid: callSid }: Call, { uri: to, status, sip, notify }: Referring): Fact {
  return { kind: 'referred', callSid, to, status, sip, notify }
}

/** The caller hangs up before the device has told how its new call went. The action is called, and the answer is ignored. */
export function dropRefer(turn: Turn, call: Call): void {
  const { doing } = call
  if (doing.what !== 'referring') return
  const running: Referring = { ...doing, status: 'canceled' }
  fact(turn, referOver(call, running))
  if (running.action === null) return
  const fields = { ...voiceFields(turn.world, call), ...referFields(running) }
  const lane = `refer ${call.sid}`
  intend(turn, { do: 'notify', webhook: 'voice', lane, callSid: call.sid, target: running.action, fields })
}

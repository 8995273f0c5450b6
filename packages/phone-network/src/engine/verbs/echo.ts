import { openCall } from '../ringing.ts'
import { intend } from '../turn.ts'
import type { Verb } from './verb.ts'

/** `<Echo>`: the caller hears itself until it hangs up. */
export const echo: Verb = {
  start(turn, call) {
    openCall(turn, call)
    call.doing = { what: 'waiting' }
    intend(turn, { do: 'bridge', callSid: call.sid, other: call.sid })
  },
}

import { endCall, hangUpFromTwiml } from '../end-call.ts'
import type { Verb } from './verb.ts'

export const reject: Verb = {
  start(turn, call, { attributes }) {
    if (call.direction !== 'inbound' || call.status !== 'ringing') {
      // In the document of `<Number url>` this is how the callee declines.
      hangUpFromTwiml(turn, call)
      return
    }
    const busy = attributes.reason === 'busy'
    endCall(turn, call, busy ? 'busy' : 'no-answer', busy ? 486 : 603)
  },
}

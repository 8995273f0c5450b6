/** Reasons for which Twilio refuses a call (its error dictionary), where the person who asked for the call can act on them. */
import type { CallRefusal } from '../carrier.ts'

const INVALID = 'the carrier says that it is not valid'
const KNOWN: Record<number, CallRefusal> = {
  21210: { side: 'from', words: 'the carrier does not know it as ours' },
  21211: { side: 'to', words: INVALID },
  21212: { side: 'from', words: INVALID },
  21214: { side: 'to', words: 'cannot be reached from here' },
  21215: { side: 'to', words: 'calls to this country or number are not permitted in the carrier’s console' },
  21216: { side: 'to', words: 'the carrier does not call it' },
  21217: { side: 'to', words: INVALID },
}

export function twilioRefusal(code: number): CallRefusal {
  return KNOWN[code] ?? { side: 'to', words: 'refused' }
}

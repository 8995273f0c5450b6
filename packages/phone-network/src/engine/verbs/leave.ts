import { leaveQueue } from '../queue.ts'
import type { Verb } from './verb.ts'

/** `<Leave>`, from the document that a call hears while it waits in a queue. */
export const leaveVerb: Verb = {
  start(turn, call) {
    leaveQueue(turn, call, 'leave')
  },
}

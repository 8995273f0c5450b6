import type { Turn } from '../turn.ts'
import type { Call, Doing } from '../world.ts'
import { connect } from './connect.ts'
import { dial } from './dial.ts'
import { echo } from './echo.ts'
import { enqueue } from './enqueue.ts'
import { gather } from './gather.ts'
import { hangup } from './hangup.ts'
import { leaveVerb } from './leave.ts'
import { record } from './record.ts'
import { redirect } from './redirect.ts'
import { refer } from './refer.ts'
import { reject } from './reject.ts'
import { sms } from './sms.ts'
import { pause, play, say } from './sound.ts'
import { start } from './start.ts'
import { stop } from './stop.ts'
import type { Verb, VerbInput } from './verb.ts'

/**
 * Every TwiML verb that is performed. Only this file imports the verbs, and no verb imports another one: a verb ends
 * with `proceed`, and `documents.ts` starts the next. `test/tidy/circles.test.ts` enforces it.
 */
export const VERBS: ReadonlyMap<string, Verb> = new Map(
  Object.entries({
    Connect: connect,
    Dial: dial,
    Echo: echo,
    Enqueue: enqueue,
    Gather: gather,
    Hangup: hangup,
    Leave: leaveVerb,
    Pause: pause,
    Play: play,
    Record: record,
    Redirect: redirect,
    Refer: refer,
    Reject: reject,
    Say: say,
    Sms: sms,
    Start: start,
    Stop: stop,
  }),
)

/** Which verb is running follows from what the call is doing. */
const RUNNING: Partial<Record<Doing['what'], Verb>> = {
  connected: connect,
  dialing: dial,
  gathering: gather,
  queued: enqueue,
  recording: record,
  referring: refer,
  // `<Say>`, `<Play>` and `<Pause>` end in the same way.
  sounding: say,
}

/** Give an input to the verbs under way on a call, the innermost document first. True when one of them took it. */
export function tellVerb(turn: Turn, call: Call, input: VerbInput): boolean {
  for (const { doing } of [call, ...call.outer]) {
    if (RUNNING[doing.what]?.input?.(turn, call, doing, input)) return true
  }
  return false
}

import type { Script } from '../people/script.ts'
import { personOf } from './acting.ts'
import { notifyVerdict } from './notify.ts'
import { fact, intend, later, soon, type Turn, touch } from './turn.ts'
import type { Call, Detection } from './world.ts'

/** Answering machine detection: from the sound when there is any, otherwise from the person's script. */

const HUMAN_VERDICT_MS = 1_200
const MACHINE_VERDICT_MS = 2_400
const FAX_VERDICT_MS = 1_500
const DEAF_MS = 1_000

interface Verdict {
  answeredBy: string
  afterMs: number
}

/** How long the person is silent before the first word; null when there is no word. */
function firstWordMs(script: Script): number | null {
  let ms = 0
  for (const act of script.acts) {
    if ('pauseMs' in act) ms += act.pauseMs
    else return ms
  }
  return null
}

function natural(script: Script, detection: Detection): Verdict | null {
  if (script.kind === 'fax') return { answeredBy: 'fax', afterMs: FAX_VERDICT_MS }
  // A developer at the microphone says hello as anybody does.
  if (script.kind === 'manual') return { answeredBy: 'human', afterMs: HUMAN_VERDICT_MS }
  const first = firstWordMs(script)
  if (first === null || first > detection.silenceMs) return { answeredBy: 'unknown', afterMs: detection.silenceMs }
  if (script.kind !== 'voicemail') return { answeredBy: 'human', afterMs: first + HUMAN_VERDICT_MS }
  // For DetectMessageEnd the verdict follows the beep: see `acting.ts`.
  if (detection.mode === 'DetectMessageEnd') return null
  return { answeredBy: 'machine_start', afterMs: first + MACHINE_VERDICT_MS }
}

/** Detection starts when the call is answered. */
export function startDetection(turn: Turn, call: Call): void {
  const { detection } = call
  if (detection === null || call.far.kind === 'application') return
  if (call.far.kind !== 'person') return detectMachine(turn, call, detection)
  const { script } = personOf(turn.world, call.far.number)
  const callSid = call.sid
  if (script.amd === 'never' && detection.async) return
  if (turn.world.hears && script.amd === null && script.kind !== 'manual') return listen(turn, call, detection)
  const verdict = script.amd === 'never' ? null : (script.amd ?? natural(script, detection))
  if (verdict !== null && verdict.afterMs < detection.limitMs) {
    later(turn, verdict.afterMs, { kind: 'verdict.due', callSid, answeredBy: verdict.answeredBy })
  } else later(turn, detection.limitMs, { kind: 'verdict.due', callSid, answeredBy: 'unknown' })
}

/** No script says who is there: the sound decides, and without sound nobody knows. */
function detectMachine(turn: Turn, call: Call, detection: Detection): void {
  if (turn.world.hears) return listen(turn, call, detection)
  later(turn, detection.silenceMs, { kind: 'verdict.due', callSid: call.sid, answeredBy: 'unknown' })
}

/** The detector of the sound keeps the time limit itself. The timer is for a leg that makes no sound at all. */
function listen(turn: Turn, call: Call, detection: Detection): void {
  const { mode, speechMs, speechEndMs, silenceMs, limitMs } = detection
  const messageEnd = mode === 'DetectMessageEnd'
  intend(turn, { do: 'detect', callSid: call.sid, settings: { messageEnd, speechMs, speechEndMs, silenceMs, limitMs } })
  later(turn, limitMs + DEAF_MS, { kind: 'verdict.due', callSid: call.sid, answeredBy: 'unknown' })
}

/** The verdict. With synchronous detection the TwiML is fetched now; asynchronous detection calls its callback. */
export function giveVerdict(turn: Turn, call: Call, answeredBy: string): void {
  const { detection } = call
  if (detection === null || call.answeredBy !== null || call.answeredAt === null || call.status !== 'in-progress')
    return
  call.answeredBy = answeredBy
  call.detectionMs = turn.at - call.answeredAt
  touch(turn, call)
  fact(turn, { kind: 'answered-by', callSid: call.sid, answeredBy, ms: call.detectionMs })
  if (detection.async) notifyVerdict(turn, call)
  else if (call.doing.what === 'waiting') soon(turn, { kind: 'instructions.wanted', callSid: call.sid })
}

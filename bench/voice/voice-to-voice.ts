/**
 * Measures how long a caller waits for our voice, on the recording of the call: fifty turns of a person on the phone
 * network, with the local models. It also measures our own part, in workerd with providers that take no time.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { createSound } from '../../packages/phone-network/src/media/start-sound.ts'
import { AiStage } from '../../test/voice/ai-stage.ts'
import { quantile } from '../vad/score.ts'
import { Line, pace, serveLines } from './lines.ts'
import { answersOf, fetchRecording, tracksOf } from './recording.ts'

type Kind = 'plain' | 'digits' | 'unfinished'
interface Turn {
  kind: Kind
  acts: Record<string, unknown>[]
}
interface Taken {
  kind: Kind
  waitedMs: number
  cut: boolean
}

/** At one time: the caller's voice, the recogniser and the agent's voice share this machine. */
const CALLS_AT_ONCE = 2
const CALL_LIMIT_MS = 150_000
const LISTEN = { listen: true }
const ORCHESTRATED_LINES = 10
const ORCHESTRATED_TURNS = 5
const SPEECH_FRAMES = 60
const TURN_FRAMES = 190

export async function benchVoiceToVoice(turns: number): Promise<Record<string, number>> {
  const calls = planned(turns)
  const overhead = await orchestration()
  const stage = await AiStage.set(6500)
  try {
    await warm(stage)
    const taken: Taken[] = []
    const queue = [...calls]
    const work = async () => {
      for (let call = queue.shift(); call !== undefined; call = queue.shift())
        taken.push(...(await oneCall(stage, call)))
    }
    await Promise.all(Array.from({ length: CALLS_AT_ONCE }, work))
    return { ...figureOf(taken), ...overhead }
  } finally {
    await stage.close()
  }
}

/** As many turns as wanted, of the named ones; each call has some of each kind. */
function planned(turns: number): Turn[][] {
  const calls = JSON.parse(readFileSync(path.join(import.meta.dirname, 'turns.json'), 'utf8')) as Turn[][]
  let left = turns
  return calls
    .map(call => {
      const some = call.slice(0, Math.max(0, left))
      left -= some.length
      return some
    })
    .filter(call => call.length > 0)
}

/** The first call of a process loads the recogniser and both voices. */
async function warm(stage: AiStage): Promise<void> {
  const call = await stage.dial([LISTEN, { say: 'what are your opening hours' }, LISTEN, { hangUp: true }])
  await call.over(CALL_LIMIT_MS)
}

async function oneCall(stage: AiStage, turns: Turn[]): Promise<Taken[]> {
  const acts = turns.flatMap(turn => [...turn.acts, LISTEN])
  const held = await stage.dial([LISTEN, ...acts, { hangUp: true }])
  await held.over(CALL_LIMIT_MS)
  const answers = answersOf(tracksOf(await fetchRecording(stage, held)))
  if (answers.length !== turns.length)
    throw new Error(`${answers.length} answers to ${turns.length} turns: ${held.told().join(' | ')}`)
  for (const [at, { waitedMs, cut }] of answers.entries())
    console.error(
      `${String(waitedMs).padStart(5)} ms ${cut ? 'CUT ' : ''}${turns[at]?.kind} ${JSON.stringify(turns[at]?.acts)}`,
    )
  return answers.map((answer, at) => ({ ...answer, kind: (turns[at] as Turn).kind }))
}

function figureOf(taken: Taken[]): Record<string, number> {
  const of = (kind: Kind) => taken.filter(one => one.kind === kind).map(one => one.waitedMs)
  const plain = of('plain')
  return {
    turns: taken.length,
    plainTurns: plain.length,
    p50Ms: quantile(plain, 0.5),
    p95Ms: quantile(plain, 0.95),
    digitsTurns: of('digits').length,
    digitsP95Ms: quantile(of('digits'), 0.95),
    unfinishedTurns: of('unfinished').length,
    unfinishedP95Ms: quantile(of('unfinished'), 0.95),
    unfinishedCut: taken.filter(one => one.kind === 'unfinished' && one.cut).length,
    otherwiseCut: taken.filter(one => one.kind !== 'unfinished' && one.cut).length,
  }
}

/** From "the caller has finished" to the first sound on the socket, with providers that answer at once. */
async function orchestration(): Promise<{ overheadTurns: number; overheadP95Ms: number }> {
  const bare = await serveLines()
  const { voices } = createSound({ seed: 7 })
  try {
    const speech = await voices.say('could you please tell me when you are open this week', 'man')
    const silence = new Uint8Array(160).fill(0xff)
    const lines: Line[] = []
    for (let at = 0; at < ORCHESTRATED_LINES; at += 1) lines.push(await Line.open(bare, `turn-${at}`, 'turn'))
    await pace(lines, (ORCHESTRATED_TURNS * TURN_FRAMES * 20) / 1_000, (line, frame) => {
      const at = frame % TURN_FRAMES
      line.frame(at < SPEECH_FRAMES ? speech.subarray(at * 160, (at + 1) * 160) : silence, false)
    })
    const counts = await Promise.all(
      lines.map(
        async line => (await (await fetch(`${bare.url}/count?call=${line.name}`)).json()) as { turnsMs: number[] },
      ),
    )
    const took = counts.flatMap(one => one.turnsMs)
    const wanted = ORCHESTRATED_LINES * ORCHESTRATED_TURNS
    if (took.length < wanted) throw new Error(`only ${took.length} of ${wanted} turns were answered`)
    return { overheadTurns: took.length, overheadP95Ms: quantile(took, 0.95) }
  } finally {
    bare.stop()
  }
}

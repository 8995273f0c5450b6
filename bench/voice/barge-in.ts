/**
 * Measures calls in which the caller speaks while we do: how soon we are silent, whether old words still come, and which
 * words we believe were heard. People of the phone network interrupt a long opening. All is read from the stereo recording.
 */
import { decode } from '../../packages/phone-network/src/media/mulaw.ts'
import { createSound } from '../../packages/phone-network/src/media/start-sound.ts'
import { AiStage, type Held, type OwnAgent } from '../../test/voice/ai-stage.ts'
import { quantile } from '../vad/score.ts'
import { Line, pace, serveLines } from './lines.ts'
import { onsetOf, rmsOf, type Stereo, silentFrom, soundFrom, stereoOf } from './stereo.ts'

/** One sentence without a comma: it has no pause in which we would be silent anyway. */
const OPENING =
  'Welcome to Northwind Supplies where we sell paper and pens and chairs and tables and lamps and shelves to offices in forty countries of the world and where this long sentence goes on and on until somebody who has a question says a word about it and then we listen'
const INTERRUPTIONS = [
  'what are your opening hours',
  'can I talk to a person please',
  'how much does it cost',
  'I want to book an appointment',
  'excuse me I have a question',
  'please stop for a moment',
  'no that is not why I am calling',
  'where is your office',
  'take me off your list please',
  'hold on a second please',
]
const BACKCHANNELS = [
  'okay',
  'yeah',
  'uh huh',
  'mm',
  'right',
  'yes',
  'sure',
  'I see',
  'oh okay',
  'alright',
  // the voice spells "mm hmm" and "mhm" letter by letter; so it says the sound
  'um hum',
  'ah',
]
/** The noise behind the caller; null is a silent room. */
const SNR_DB = [null, 20, 15, 12, 10]
const AT_ONCE = 3
const FIRST_PAUSE_MS = 2_200
const PAUSE_STEP_MS = 370
const PAUSES = 7
const CALL_LIMIT_MS = 60_000
/** If noise has made us silent before the caller speaks, there is nothing to interrupt: that is counted and tried again. */
const TRIES = 4
/** A shorter pause of ours does not count (reference on turn-taking). */
const SHORT_PAUSE_MS = 700

interface Interrupted {
  snrDb: number | null
  /** null: noise had made us fall silent before the caller spoke */
  clearMs: number | null
  oldWords: boolean
  heardDiffers: number | null
}

export async function benchBargeIn(interruptions: number): Promise<Record<string, number>> {
  const processing = await processingMs()
  const stage = await AiStage.set(6600)
  const { voices } = createSound({ seed: 7 })
  try {
    const ends = await wordEnds(text => voices.say(text, 'slt'))
    const agents = await Promise.all(Array.from({ length: AT_ONCE }, () => stage.ownAgent()))
    for (const agent of agents) await agent.change({ opening: OPENING })
    const found: Interrupted[] = []
    await shared(agents, interruptions, async (agent, at) => {
      const words = INTERRUPTIONS[at % INTERRUPTIONS.length] as string
      const snrDb = SNR_DB[Math.floor(at / INTERRUPTIONS.length) % SNR_DB.length] ?? null
      const clip = decode(await voices.say(words, 'man'))
      let one = await interrupt(stage, agent, at, words, snrDb, clip, ends)
      for (let again = 1; one.clearMs === null && again < TRIES; again += 1) {
        found.push(one)
        one = await interrupt(stage, agent, at + again, words, snrDb, clip, ends)
      }
      console.error(`${snrDb ?? 'clean'} dB "${words}": ${JSON.stringify(one)}`)
      found.push(one)
    })
    const pauses: (number | 'interrupted')[] = []
    await shared(agents, Math.ceil((interruptions * BACKCHANNELS.length) / 50), async (agent, at) => {
      pauses.push(await backchannel(agent, at))
    })
    return { ...figureOf(found, processing), ...backchannelsOf(pauses) }
  } finally {
    await stage.close()
  }
}

/** Tasks 0 to `count` − 1, each agent one after another. */
async function shared(
  agents: OwnAgent[],
  count: number,
  task: (agent: OwnAgent, at: number) => Promise<void>,
): Promise<void> {
  let next = 0
  await Promise.all(
    agents.map(async agent => {
      for (let at = next++; at < count; at = next++) await task(agent, at)
    }),
  )
}

async function interrupt(
  stage: AiStage,
  agent: OwnAgent,
  at: number,
  words: string,
  snrDb: number | null,
  clip: Int16Array,
  ends: number[],
): Promise<Interrupted> {
  const noise = snrDb === null ? 0 : rmsOf(clip) / 32_768 / 10 ** (snrDb / 20)
  const pauseMs = FIRST_PAUSE_MS + (at % PAUSES) * PAUSE_STEP_MS
  const acts = [{ pauseMs }, { say: words }, { pauseMs: 900 }, { hangUp: true }]
  const held = await agent.isCalled({ kind: 'human', voice: 'man', noise, acts })
  await held.over(CALL_LIMIT_MS)
  const sound = await stereoOf(stage, held)
  const onset = onsetOf(sound.caller, clip)
  const silent = silentFrom(sound.agent, onset)
  const began = soundFrom(sound.agent, silent)
  if (silent <= onset || pausesBeforeCut(held) > 1) return { snrDb, clearMs: null, oldWords: false, heardDiffers: null }
  return {
    snrDb,
    clearMs: (silent - onset) / 8,
    oldWords: hasSound(sound, silent, onset + clip.length),
    heardDiffers: heardDiffers(held, (silent - began) / 8, ends),
  }
}

function pausesBeforeCut(held: Held): number {
  const cutSeq = held.notes('interrupted')[0]?.seq ?? Number.POSITIVE_INFINITY
  return held.notes('paused').filter(note => note.seq < cutSeq).length
}

function hasSound({ agent }: Stereo, from: number, to: number): boolean {
  return agent.subarray(from, to).some(sample => sample !== 0)
}

/** The words that we believe were heard minus those of which at least half was played. Null: nothing was cut. */
function heardDiffers(held: Held, playedMs: number, ends: number[]): number | null {
  const cut = held.entries.find(entry => entry.who === 'agent' && entry.interrupted)
  if (cut === undefined) return null
  const played = ends.filter((end, at) => ((ends[at - 1] ?? 0) + end) / 2 <= playedMs).length
  return cut.text.split(/\s+/).filter(word => word !== '').length - played
}

/**
 * The end of each word of the opening, measured with the voice itself: the lengths of its beginnings, scaled to the whole.
 * The product counts letters, so this measure is independent of it.
 */
async function wordEnds(say: (text: string) => Promise<Uint8Array>): Promise<number[]> {
  const words = OPENING.split(' ')
  const lengths: number[] = []
  for (let count = 1; count <= words.length; count += 1)
    lengths.push(spokenMs(decode(await say(words.slice(0, count).join(' ')))))
  return lengths
}

/** Cuts off the silence at the end. */
function spokenMs(samples: Int16Array): number {
  return (samples.findLastIndex(sample => Math.abs(sample) > 200) + 1) / 8
}

/** How long we were silent because of the caller's sound; 0 if we were not. */
async function backchannel(agent: OwnAgent, at: number): Promise<number | 'interrupted'> {
  const words = BACKCHANNELS[at % BACKCHANNELS.length] as string
  const acts = [
    { pauseMs: FIRST_PAUSE_MS + (at % PAUSES) * PAUSE_STEP_MS },
    { say: words },
    { pauseMs: 4_000 },
    { hangUp: true },
  ]
  const held = await agent.isCalled({ kind: 'human', voice: 'man', acts })
  await held.over(CALL_LIMIT_MS)
  const [paused] = held.notes('paused')
  const [resumed] = held.notes('resumed')
  const cut = held.notes('interrupted').length > 0
  console.error(
    `"${words}": ${cut ? 'INTERRUPTED' : paused && resumed ? `paused ${resumed.at - paused.at} ms` : 'spoke on'}`,
  )
  if (cut || (paused !== undefined && resumed === undefined)) return 'interrupted'
  return paused !== undefined && resumed !== undefined ? resumed.at - paused.at : 0
}

function backchannelsOf(pauses: (number | 'interrupted')[]): Record<string, number> {
  const lengths = pauses.filter(pause => pause !== 'interrupted')
  return {
    backchannels: pauses.length,
    backchannelInterruptions: pauses.length - lengths.filter(ms => ms <= SHORT_PAUSE_MS).length,
    backchannelPauseP95Ms: quantile(lengths, 0.95),
  }
}

function figureOf(found: Interrupted[], processing: number[]): Record<string, number> {
  const cleared = found.flatMap(({ clearMs }) => clearMs ?? [])
  const heard = found.flatMap(({ heardDiffers }) => heardDiffers ?? [])
  return {
    interruptions: cleared.length,
    falseAlarms: found.length - cleared.length,
    onsetToClearP50Ms: quantile(cleared, 0.5),
    onsetToClearP95Ms: quantile(cleared, 0.95),
    processingP95Ms: quantile(processing, 0.95),
    oldWordsAfterClear: found.filter(one => one.oldWords).length,
    heardTextExact: heard.filter(differs => Math.abs(differs) <= 1).length,
    heardTextOf: heard.length,
  }
}

const LINES = 10
const SPEECH_AFTER_FRAMES = 130
const ROUND_FRAMES = 230
const ROUNDS = 5

/** Measures the time from the deciding frame to the clear on the socket, in workerd, with providers that take no time. */
async function processingMs(): Promise<number[]> {
  const bare = await serveLines()
  const { voices } = createSound({ seed: 7 })
  try {
    const speech = await voices.say(INTERRUPTIONS[0] as string, 'man')
    const silence = new Uint8Array(160).fill(0xff)
    const took: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const lines: Line[] = []
      for (let at = 0; at < LINES; at += 1) lines.push(await Line.open(bare, `barge-${round}-${at}`, 'barge'))
      await pace(lines, (ROUND_FRAMES * 20) / 1_000, (line, frame) => {
        const at = (frame - SPEECH_AFTER_FRAMES) * 160
        line.frame(at >= 0 && at + 160 <= speech.length ? speech.subarray(at, at + 160) : silence, false)
      })
      for (const line of lines) {
        const { clearsMs } = (await (await fetch(`${bare.url}/count?call=${line.name}`)).json()) as {
          clearsMs: number[]
        }
        took.push(...clearsMs.slice(0, 1))
        line.close()
      }
    }
    if (took.length < LINES * ROUNDS) throw new Error(`only ${took.length} of ${LINES * ROUNDS} were cleared`)
    return took
  } finally {
    bare.stop()
  }
}

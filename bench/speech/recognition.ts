import { seededRandom } from '../../packages/phone-network/src/engine/random.ts'
import { decode, encode, silence } from '../../packages/phone-network/src/media/mulaw.ts'
import { SpokenVoices } from '../../packages/phone-network/src/media/voices.ts'
import { loadScripts, ruleFor } from '../../packages/phone-network/src/speech/dialogue/script-file.ts'
import { grammarFor } from '../../packages/phone-network/src/speech/listen/grammars.ts'
import { Recogniser } from '../../packages/phone-network/src/speech/listen/recogniser.ts'
import type { Grammar, Heard } from '../../packages/phone-network/src/speech/listen/recogniser-messages.ts'
import { type Inside, insideSentences, OUTSIDE } from './sentences.ts'

/**
 * Measures how well the speech sidecar understands synthetic callers over a telephone line, and refuses speech that is none
 * of its phrases. "Understood" is the same rule with the same slots, as the script would act on it.
 */

const VOICES = ['rms', 'slt', 'awb']
/** −30 dB under the loudest sample of a voice: an audible line. */
const NOISE_PEAK = 500

interface Sums {
  inside: number
  exact: number
  understood: number
  refusedInside: number
  outside: number
  refusedOutside: number
  /** sentences from outside on which the receptionist would have acted */
  actedOutside: number
  soundMs: number
  workMs: number
}

export async function benchSpeechRecognition(): Promise<object> {
  const voices = new SpokenVoices(7)
  const recogniser = new Recogniser()
  const scripts = loadScripts()
  const union = grammarFor(scripts, null) as Grammar
  const ofState = (item: Inside): Grammar => grammarFor(scripts, `${item.script.name}.${item.state}`) as Grammar
  const run = { voices, recogniser, noise: 0, grammarOf: () => union }
  let values: Record<string, string | number> = {}
  try {
    for (const voice of VOICES) values = { ...values, ...shown(voice, await measure({ ...run, voice })) }
    values = { ...values, ...shown('rmsNoisy', await measure({ ...run, voice: 'rms', noise: NOISE_PEAK })) }
    values = { ...values, ...shown('rmsStateGrammar', await measure({ ...run, voice: 'rms', grammarOf: ofState })) }
  } finally {
    await recogniser.close()
    await voices.close()
  }
  return { ...values, rssMb: Math.round(process.memoryUsage().rss / 1e6) }
}

interface Run {
  voices: SpokenVoices
  recogniser: Recogniser
  voice: string
  noise: number
  grammarOf(item: Inside): Grammar
}

async function hear(
  { voices, recogniser, voice, noise }: Run,
  text: string,
  grammar: Grammar,
  sums: Sums,
): Promise<Heard> {
  const random = seededRandom(text)
  const line = Buffer.concat([silence(240), await voices.say(text, voice), silence(300)])
  const samples = decode(encode(decode(line).map(sample => sample + Math.round((random.next() * 2 - 1) * noise))))
  const utterance = recogniser.begin(grammar, () => undefined)
  const began = performance.now()
  utterance.push(samples)
  const heard = await utterance.end()
  sums.workMs += performance.now() - began
  sums.soundMs += samples.length / 8
  return heard
}

async function measure(run: Run): Promise<Sums> {
  const sums: Sums = {
    inside: 0,
    exact: 0,
    understood: 0,
    refusedInside: 0,
    outside: 0,
    refusedOutside: 0,
    actedOutside: 0,
    soundMs: 0,
    workMs: 0,
  }
  const random = seededRandom('sentences')
  const inside = insideSentences(() => random.next())
  for (const item of inside) {
    const heard = await hear(run, item.text, run.grammarOf(item), sums)
    const meant = heard.text === '' ? null : ruleFor(item.script, item.state, heard.text)
    const same = meant?.rule === item.rule && JSON.stringify(meant.values) === JSON.stringify(item.values)
    sums.inside += 1
    sums.exact += heard.text === item.text ? 1 : 0
    sums.understood += same ? 1 : 0
    sums.refusedInside += heard.refused ? 1 : 0
    if (process.env.VERBOSE && !same) console.log(`${run.voice}: "${item.text}" → "${heard.text}"`)
  }
  const [first] = inside
  for (const text of first ? OUTSIDE : []) {
    const heard = await hear(run, text, run.grammarOf(first as Inside), sums)
    sums.outside += 1
    sums.refusedOutside += heard.text === '' ? 1 : 0
    const acts = heard.text !== '' && ruleFor((first as Inside).script, (first as Inside).state, heard.text) !== null
    sums.actedOutside += acts ? 1 : 0
    if (process.env.VERBOSE && heard.text !== '') console.log(`${run.voice}: outside "${text}" → "${heard.text}"`)
  }
  return sums
}

function shown(name: string, sums: Sums): Record<string, string | number> {
  return {
    [`${name}Understood`]: `${sums.understood} of ${sums.inside}`,
    [`${name}WordForWord`]: `${sums.exact} of ${sums.inside}`,
    [`${name}WronglyRefused`]: `${sums.refusedInside} of ${sums.inside}`,
    [`${name}OutsideRefused`]: `${sums.refusedOutside} of ${sums.outside}`,
    [`${name}OutsideActedOn`]: `${sums.actedOutside} of ${sums.outside}`,
    [`${name}WorkPerSound`]: Math.round((sums.workMs / sums.soundMs) * 1_000) / 1_000,
  }
}

/**
 * Reads recordings of people from two Debian packages. They serve only for tuning and are kept out of the repository: one
 * package is under CC-BY-SA 3.0, the other under the GPL. Nothing in CI needs them.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { filter, highPass } from '../../bench/vad/clips/filters.ts'
import { type PoolVoice, utteranceOf } from '../../bench/vad/clips/speech-pool.ts'
import { RATE_HZ } from '../../bench/vad/clips/voices.ts'

const SOUNDS = '/usr/share/asterisk/sounds'
/** Both speakers are women. Packages with recordings of men were not tried. */
const SPEAKERS = [
  { voice: 'Allison Smith, English', folder: 'en_US_f_Allison', of: 'asterisk-core-sounds-en-wav' },
  { voice: 'July E. Jiménez, Spanish', folder: 'es', of: 'asterisk-prompt-es-co' },
]
/** These files hold tones, silence or animals. */
const NO_SPEECH = /^(beep|beeperr|ascending-2tone|descending-2tone|tt-monkeys|confbridge-(join|leave))\.|^silence\//
/** The Spanish recordings begin with an offset that settles within 0.1 s. It would be labelled as speech, so it is taken out. */
const OFFSET_BELOW_HZ = 200
/** Longer recordings would leave a clip of 24 s without a pause. */
const SECONDS_MAX = 8

/** Throws with the packages to install if one of them, or the program `sox` that decodes them, is missing. */
export function recordedVoices(): PoolVoice[] {
  const missing = SPEAKERS.filter(({ folder }) => !existsSync(path.join(SOUNDS, folder))).map(one => one.of)
  if (!runs('sox')) missing.push('sox')
  if (missing.length > 0) throw new Error(`missing (Debian): apt-get install ${missing.join(' ')}`)
  return SPEAKERS.map(({ voice, folder }) => ({ voice, synthetic: false, utterances: utterancesIn(folder) }))
}

function utterancesIn(folder: string): PoolVoice['utterances'] {
  const files = readdirSync(path.join(SOUNDS, folder), { recursive: true, encoding: 'utf8' })
  return files
    .filter(file => /\.(wav|gsm)$/.test(file) && !NO_SPEECH.test(file))
    .sort()
    .map(file => samplesOf(path.join(SOUNDS, folder, file)))
    .filter(samples => samples.length > 0 && samples.length <= SECONDS_MAX * RATE_HZ)
    .map(samples => utteranceOf(filter(samples, [highPass(OFFSET_BELOW_HZ)])))
}

/** Reads WAV (16-bit PCM) and GSM 06.10 alike, because sox knows the format by the name. */
function samplesOf(file: string): Float32Array {
  const raw = ['-t', 'raw', '-r', String(RATE_HZ), '-e', 'signed-integer', '-b', '16', '-c', '1', '-']
  const bytes = execFileSync('sox', ['-D', file, ...raw], { maxBuffer: 1 << 25 })
  return Float32Array.from({ length: bytes.length >> 1 }, (_, at) => bytes.readInt16LE(at * 2))
}

function runs(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

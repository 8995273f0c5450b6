/** A speaker for tests, benches and simulation: it makes a tone for each word, as long as the word. */
import { mulawOf } from '../../sound/mulaw.ts'
import { ProviderFailure } from '../failure.ts'
import { brokeOff, type Mood, untilAborted, type Wait, WELL, waitByTimer } from '../scripted.ts'
import type { Speaker, Speech, SpeechOptions } from './port.ts'

export interface ScriptedSpeechOptions {
  provider?: string
  /** time from the request to the first sound */
  firstMs?: number
  pieceMs?: number
  /** makes the sound of a text; default: `toneOf` */
  sound?: (text: string) => Uint8Array
  mood?: Mood
  wait?: Wait
}

export const SCRIPTED_MS_PER_LETTER = 60
const PIECE_MS = 100
const BYTES_PER_MS = 8
const TONE_HZ = 440
/** −18 dB of full scale, as loud as a voice, so that a gate opens. */
const AMPLITUDE = 4_000

export class ScriptedSpeech implements Speech {
  readonly provider: string
  readonly #options: ScriptedSpeechOptions

  constructor(options: ScriptedSpeechOptions = {}) {
    this.provider = options.provider ?? 'scripted'
    this.#options = options
  }

  async open(_options: SpeechOptions, _signal: AbortSignal): Promise<Speaker> {
    const { provider } = this
    const settings = this.#options
    const closed = new AbortController()
    return {
      provider,
      say: (text, signal) => say(provider, settings, text, AbortSignal.any([signal, closed.signal])),
      close: () => closed.abort(),
    }
  }
}

async function* say(
  provider: string,
  { firstMs = 0, pieceMs = PIECE_MS, sound = toneOf, mood = WELL, wait = waitByTimer }: ScriptedSpeechOptions,
  text: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const now = mood()
  if (now === 'mute') await untilAborted(signal)
  if (signal.aborted) return
  if (now instanceof ProviderFailure) throw now
  await wait(firstMs, signal)
  const whole = sound(text)
  for (let at = 0; at < whole.length && !signal.aborted; at += pieceMs * BYTES_PER_MS) {
    yield whole.slice(at, at + pieceMs * BYTES_PER_MS)
    if (now === 'cut') throw brokeOff(provider)
  }
}

/** Makes 60 ms of tone for each letter or digit, and 60 ms of silence for every other character. */
export function toneOf(text: string): Uint8Array {
  const perLetter = SCRIPTED_MS_PER_LETTER * BYTES_PER_MS
  return Uint8Array.from({ length: text.length * perLetter }, (_, at) => {
    const loud = /[\p{L}\p{N}]/u.test(text[Math.floor(at / perLetter)] ?? '')
    return mulawOf(loud ? Math.round(AMPLITUDE * Math.sin((2 * Math.PI * TONE_HZ * at) / 8_000)) : 0)
  })
}

import { deepgramRefusal } from '../answering.ts'
import type { AudioFormat, Encoding } from './audio-format.ts'

/** The parameters of `/v1/speak`: https://developers.deepgram.com/docs/tts-media-output-settings */

export interface SpeakParameters {
  model: string
  /** a built-in voice of the synthesizer */
  voice: string
  format: AudioFormat
  speed: number
}

export const DEFAULT_MODEL = 'aura-2-thalia-en'

/** Aura's male voices; its other voices are female. Of Aura's voice only the sex is imitated here. */
const MEN = new Set(
  'apollo aries arcas atlas draco hermes hyperion jupiter mars neptune odysseus orion orpheus pluto perseus saturn zeus'.split(
    ' ',
  ),
)
const SCOTS = new Set(['angus', 'helios'])
const OWN = new Set(['slt', 'rms', 'awb', 'kal'])
const RATES: Record<Encoding, readonly number[]> = {
  linear16: [8_000, 16_000, 24_000, 32_000, 48_000],
  mulaw: [8_000],
  alaw: [8_000],
  mp3: [22_050],
}
const SPEED_MIN = 0.7
const SPEED_MAX = 1.5

function badQuery(message: string): Error {
  return deepgramRefusal(400, 'INVALID_QUERY_PARAMETER', message)
}

/** `aura-2-orion-en` → rms; the synthesizer's own names work too: `aura-2-slt-en`. */
export function voiceOf(model: string): string {
  const name = /^aura(?:-2)?-([a-z]+)-[a-z]{2}$/.exec(model)?.[1]
  if (name === undefined) {
    throw badQuery(`No such model \`${model}\`. Models are named like aura-2-thalia-en.`)
  }
  if (OWN.has(name)) return name
  if (SCOTS.has(name)) return 'awb'
  return MEN.has(name) ? 'rms' : 'slt'
}

/** `streaming`: over a WebSocket there is only raw sound, and no MP3. Throws `Refusal`. */
export function readSpeakParameters(query: URLSearchParams, streaming: boolean): SpeakParameters {
  const model = query.get('model') ?? DEFAULT_MODEL
  const encoding = query.get('encoding') ?? (streaming ? 'linear16' : 'mp3')
  const known: readonly string[] = streaming ? ['linear16', 'mulaw', 'alaw'] : ['linear16', 'mulaw', 'alaw', 'mp3']
  if (!known.includes(encoding)) {
    throw deepgramRefusal(
      400,
      'UNSUPPORTED_AUDIO_FORMAT',
      `Unsupported audio format: \`encoding=${encoding}\`. Known here: ${known.join(', ')}.`,
    )
  }
  const rates = RATES[encoding as Encoding]
  const hz = Number(query.get('sample_rate') ?? (encoding === 'linear16' ? 24_000 : rates[0]))
  if (!rates.includes(hz)) {
    throw deepgramRefusal(
      400,
      'UNSUPPORTED_AUDIO_FORMAT',
      `Unsupported audio format: \`sample_rate=${query.get('sample_rate')}\` is not applicable when \`encoding=${encoding}\`.`,
    )
  }
  const container = query.get('container') ?? (streaming || encoding === 'mp3' ? 'none' : 'wav')
  if (container !== 'none' && (container !== 'wav' || streaming || encoding === 'mp3')) {
    throw deepgramRefusal(
      400,
      'UNSUPPORTED_AUDIO_FORMAT',
      `Unsupported audio format: \`container=${container}\` is invalid when \`encoding=${encoding}\`.`,
    )
  }
  const speed = Number(query.get('speed') ?? 1)
  if (!(speed >= SPEED_MIN && speed <= SPEED_MAX)) throw badQuery(`speed must be from ${SPEED_MIN} to ${SPEED_MAX}`)
  return {
    model,
    voice: voiceOf(model),
    format: { encoding: encoding as Encoding, hz, wav: container === 'wav' },
    speed,
  }
}

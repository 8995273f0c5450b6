import { deepgramRefusal } from '../answering.ts'

/** The query of `WS /v1/listen`: https://developers.deepgram.com/reference/speech-to-text/listen-streaming */

export interface ListenParameters {
  model: string
  encoding: 'mulaw' | 'linear16'
  hz: 8_000 | 16_000
  interim: boolean
  /** null: speech ends only when the client says so */
  endpointingMs: number | null
  /** null: no `UtteranceEnd` */
  utteranceEndMs: number | null
  vadEvents: boolean
  punctuate: boolean
  /** not Deepgram's: `script` or `script.state` */
  grammar: string | null
  /** not Deepgram's: false forces all speech into the phrases, as a noisy line may need */
  refuses: boolean
  /** not Deepgram's: what is answered for speech that is none of the grammar; default '' */
  unclear: string
}

/** https://developers.deepgram.com/docs/endpointing: 10 ms by default. */
const ENDPOINTING_MS = 10
const ENDPOINTING_MS_MAX = 10_000
/** https://developers.deepgram.com/docs/utterance-end: 1000 at least, and only with interim results. */
const UTTERANCE_END_MS_MIN = 1_000
const UTTERANCE_END_MS_MAX = 10_000
const UNCLEAR_CHARS_MAX = 100

function bad(message: string): Error {
  return deepgramRefusal(400, 'Bad Request', `Bad Request: ${message}`)
}

function flag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name)
  if (value === null || value === 'false') return false
  if (value === 'true') return true
  throw bad(`${name} must be true or false, not ${value}`)
}

function whole(query: URLSearchParams, name: string, min: number, max: number): number | null {
  const text = query.get(name)
  if (text === null) return null
  const value = Number(text)
  if (!Number.isInteger(value) || value < min || value > max)
    throw bad(`${name} must be a whole number from ${min} to ${max}`)
  return value
}

function endpointingOf(query: URLSearchParams): number | null {
  const text = query.get('endpointing')
  if (text === 'false') return null
  if (text === null || text === 'true') return ENDPOINTING_MS
  return whole(query, 'endpointing', 0, ENDPOINTING_MS_MAX)
}

/** Throws `Refusal`. Parameters that are not read here are ignored, as the real service ignores what it does not know. */
export function readListenParameters(query: URLSearchParams): ListenParameters {
  const encoding = query.get('encoding')
  if (encoding === null) throw bad('sound in containers is not read here: encoding must be mulaw or linear16')
  if (encoding !== 'mulaw' && encoding !== 'linear16')
    throw bad(`Unsupported encoding: ${encoding}. Here: mulaw, linear16`)
  const hz = Number(query.get('sample_rate') ?? Number.NaN)
  if (Number.isNaN(hz)) throw bad('sample_rate is required when encoding is given')
  if ((hz !== 8_000 && hz !== 16_000) || (encoding === 'mulaw' && hz !== 8_000)) {
    throw bad(
      `Unsupported sample_rate ${query.get('sample_rate')} for ${encoding}. Here: mulaw 8000, linear16 8000 or 16000`,
    )
  }
  if ((query.get('channels') ?? '1') !== '1' || flag(query, 'multichannel')) throw bad('only one channel is heard here')
  const language = query.get('language') ?? 'en'
  if (!/^(en(-[A-Z]{2})?|multi)$/.test(language)) {
    throw bad(`No such model/language/tier combination found: this recogniser understands English, not ${language}`)
  }
  const interim = flag(query, 'interim_results')
  const utteranceEndMs = whole(query, 'utterance_end_ms', UTTERANCE_END_MS_MIN, UTTERANCE_END_MS_MAX)
  if (utteranceEndMs !== null && !interim) throw bad('utterance_end_ms requires interim_results=true')
  return {
    model: query.get('model') ?? 'base-general',
    encoding,
    hz,
    interim,
    endpointingMs: endpointingOf(query),
    utteranceEndMs,
    vadEvents: flag(query, 'vad_events'),
    punctuate: flag(query, 'punctuate') || flag(query, 'smart_format'),
    grammar: query.get('grammar'),
    refuses: query.get('refuse') === null || flag(query, 'refuse'),
    unclear: (query.get('unclear') ?? '').slice(0, UNCLEAR_CHARS_MAX),
  }
}

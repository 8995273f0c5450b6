import type { HeardWord } from './recogniser-messages.ts'

/** Messages of `/v1/listen`, as https://developers.deepgram.com/reference/speech-to-text/listen-streaming lists them. */

export interface Transcript {
  text: string
  words: readonly HeardWord[]
  startMs: number
  durationMs: number
}

export interface Flags {
  isFinal: boolean
  speechFinal: boolean
  fromFinalize: boolean
  punctuate: boolean
}

const ASKS = /^(what|when|where|who|why|how|can|could|are|is|do|does|am|may)\b/
const MODEL_UUID = '00000000-0000-4000-8000-000000000001'

function seconds(ms: number): number {
  return Math.round(ms) / 1_000
}

/** "what are your hours" → "What are your hours?" */
export function punctuated(text: string): string {
  if (text === '') return ''
  const words = text.replace(/\bi\b/g, 'I').replace(/\bi'/g, "I'")
  return `${words[0]?.toUpperCase()}${words.slice(1)}${ASKS.test(text) ? '?' : '.'}`
}

export function resultsMessage(requestId: string, model: string, said: Transcript, flags: Flags): unknown {
  const shown = flags.punctuate && flags.isFinal ? punctuated(said.text) : said.text
  const pretty = shown.split(' ')
  const confidence =
    said.words.length === 0 ? 0 : said.words.reduce((sum, word) => sum + word.confidence, 0) / said.words.length
  const words = said.words.map((word, index) => ({
    word: word.word,
    start: seconds(said.startMs + word.startMs),
    end: seconds(said.startMs + word.endMs),
    confidence: word.confidence,
    ...(flags.punctuate ? { punctuated_word: pretty[index] ?? word.word } : {}),
  }))
  return {
    type: 'Results',
    channel_index: [0, 1],
    duration: seconds(said.durationMs),
    start: seconds(said.startMs),
    is_final: flags.isFinal,
    speech_final: flags.speechFinal,
    channel: { alternatives: [{ transcript: shown, confidence: Math.round(confidence * 1e4) / 1e4, words }] },
    metadata: {
      request_id: requestId,
      model_info: { name: model, version: 'demo', arch: 'soundswallower' },
      model_uuid: MODEL_UUID,
    },
    from_finalize: flags.fromFinalize,
  }
}

export function metadataMessage(requestId: string, model: string, durationMs: number, created: number): unknown {
  return {
    type: 'Metadata',
    transaction_key: 'deprecated',
    request_id: requestId,
    sha256: '0'.repeat(64),
    created: new Date(created).toISOString(),
    duration: seconds(durationMs),
    channels: 1,
    models: [MODEL_UUID],
    model_info: { [MODEL_UUID]: { name: model, version: 'demo', arch: 'soundswallower' } },
  }
}

export function speechStartedMessage(atMs: number): unknown {
  return { type: 'SpeechStarted', channel: [0, 1], timestamp: seconds(atMs) }
}

export function utteranceEndMessage(lastWordEndMs: number): unknown {
  return { type: 'UtteranceEnd', channel: [0, 1], last_word_end: seconds(lastWordEndMs) }
}

/**
 * Deepgram's Aura behind the Worker's own AI binding. Its default is MP3, which a telephone cannot play, so µ-law is
 * requested each time and the answer is checked. Source: developers.cloudflare.com/workers-ai/models/aura-1 and
 * aura-2-en, aura-2-es. The binding does not run locally, so it was tested against a look-alike only.
 */
import { failureOfStatus, ProviderFailure } from '../failure.ts'
import { bodyOf, refuseText } from '../http.ts'
import type { AiBinding } from '../transcription/workers-ai.ts'
import { failureOfBinding } from '../workers-ai-failure.ts'
import type { Speaker, Speech, SpeechOptions } from './port.ts'
import { rawMulaw } from './raw-mulaw.ts'

export class WorkersAiSpeech implements Speech {
  readonly provider = 'workers-ai'
  readonly #ai: AiBinding

  constructor(ai: AiBinding) {
    this.#ai = ai
  }

  async open(options: SpeechOptions): Promise<Speaker> {
    const closed = new AbortController()
    return {
      provider: this.provider,
      say: (text, signal) => say(this.#ai, options, text, AbortSignal.any([signal, closed.signal])),
      close: () => closed.abort(),
    }
  }
}

async function* say(
  ai: AiBinding,
  { voice, language }: SpeechOptions,
  text: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (signal.aborted) return
  const model = language.startsWith('es') ? '@cf/deepgram/aura-2-es' : '@cf/deepgram/aura-2-en'
  const inputs = {
    text,
    ...(voice ? { speaker: voice } : {}),
    encoding: 'mulaw',
    container: 'none',
    sample_rate: 8_000,
  }
  let answer: unknown
  try {
    answer = await ai.run(model, inputs, { returnRawResponse: true, signal })
  } catch (error) {
    if (signal.aborted) return
    throw failureOfBinding(error)
  }
  if (signal.aborted) return
  if (!(answer instanceof Response)) throw new ProviderFailure('workers-ai', 'unavailable', 'an answer without sound')
  if (!answer.ok) throw failureOfStatus('workers-ai', answer.status, answer.headers.get('Retry-After'))
  refuseText('workers-ai', answer)
  yield* rawMulaw('workers-ai', bodyOf('workers-ai', answer, signal))
}

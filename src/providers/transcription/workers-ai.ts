/**
 * Models behind the Worker's own AI binding, which need no key and no other account. Nova-3 and Flux are Deepgram's, over a
 * socket (`websocket: true`); whisper takes whole utterances. Source: developers.cloudflare.com/workers-ai/models and the types
 * of `Ai.run`. The binding does not run locally, so it was tested against a look-alike only.
 */
import { base64FromBytes } from '../../sound/base64.ts'
import { ProviderFailure } from '../failure.ts'
import { dial, HandshakeRefused, overWebSocket } from '../socket.ts'
import { failureOfBinding } from '../workers-ai-failure.ts'
import { DeepgramSession, deepgramLanguage, ENDPOINTING_MS } from './deepgram.ts'
import { FluxSession } from './deepgram-flux.ts'
import type { Heard, Transcriber, Transcription, TranscriptionOptions } from './port.ts'
import { type Recognised, UtteranceTranscriber, wavOfMulaw } from './utterance.ts'

export type WorkersAiModel = 'nova-3' | 'flux' | 'whisper'
const WHISPER = '@cf/openai/whisper-large-v3-turbo'

/** The part of the AI binding that is used. */
export interface AiBinding {
  run(model: string, inputs: Record<string, unknown>, options?: Record<string, unknown>): Promise<unknown>
}

export class WorkersAiTranscription implements Transcription {
  readonly provider = 'workers-ai'
  readonly #ai: AiBinding
  readonly #model: WorkersAiModel

  constructor(ai: AiBinding, model: WorkersAiModel = 'nova-3') {
    this.#ai = ai
    this.#model = model
  }

  async open(options: TranscriptionOptions, heard: (event: Heard) => void, signal: AbortSignal): Promise<Transcriber> {
    if (this.#model === 'whisper') {
      const recognise = (mulaw: Uint8Array, until: AbortSignal) => whisper(this.#ai, options, mulaw, until)
      return new UtteranceTranscriber(this.provider, recognise, heard)
    }
    const flux = this.#model === 'flux'
    const session = flux ? new FluxSession(this.provider, 'linear16', heard) : new DeepgramSession(this.provider, heard)
    const inputs = flux ? fluxInputs(options) : novaInputs(options)
    const connect = async () => {
      const answer = (await this.#ai.run(`@cf/deepgram/${this.#model}`, inputs, { websocket: true })) as Response
      if (!answer.webSocket) throw new HandshakeRefused(answer.status, answer.headers.get('Retry-After'))
      return overWebSocket(answer.webSocket, session.ears)
    }
    let refused: unknown
    const remembering = () =>
      connect().catch((error: unknown) => {
        refused = error
        throw error
      })
    try {
      session.start(await dial(this.provider, remembering, { url: '', headers: {} }, session.ears, signal))
    } catch (failure) {
      // The binding reports a refusal by an error code of its own, not by the status of the handshake.
      if (refused === undefined || refused instanceof HandshakeRefused) throw failure
      throw failureOfBinding(refused)
    }
    return session
  }
}

/** Only one key term can be passed, because the binding's input has a single field for it. */
function novaInputs({ language, hints: [hint] }: TranscriptionOptions): Record<string, unknown> {
  return {
    language: deepgramLanguage(language),
    encoding: 'mulaw',
    sample_rate: '8000',
    channels: 1,
    interim_results: true,
    punctuate: true,
    endpointing: String(ENDPOINTING_MS),
    ...(hint ? { keyterm: hint } : {}),
  }
}

/** The binding's type allows only 16-bit samples; the rate of 8,000 is from the model's own documentation. */
function fluxInputs({ hints: [hint] }: TranscriptionOptions): Record<string, unknown> {
  return { encoding: 'linear16', sample_rate: '8000', ...(hint ? { keyterm: hint } : {}) }
}

async function whisper(
  ai: AiBinding,
  { language, hints }: TranscriptionOptions,
  mulaw: Uint8Array,
  signal: AbortSignal,
): Promise<Recognised | null> {
  const inputs = {
    audio: base64FromBytes(wavOfMulaw(mulaw)),
    task: 'transcribe',
    language: language.split('-')[0] ?? language,
    ...(hints.length > 0 ? { initial_prompt: hints.join(', ') } : {}),
  }
  let answer: { text?: unknown }
  try {
    answer = (await ai.run(WHISPER, inputs, { signal })) as { text?: unknown }
  } catch (error) {
    if (signal.aborted) return null
    throw failureOfBinding(error)
  }
  if (typeof answer?.text !== 'string')
    throw new ProviderFailure('workers-ai', 'unavailable', 'an answer without words')
  return { text: answer.text.trim(), confidence: null }
}

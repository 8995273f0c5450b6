/**
 * The Worker's AI binding, as its types and model pages describe it, in Node: sockets and sound come from the Deepgram
 * look-alike behind it, refusals come as the binding's own errors.
 */
import { WebSocket } from 'ws'
import { startDeepgram } from './deepgram.ts'
import { mulawOfWav } from './openai.ts'
import { hear } from './spelled-sound.ts'
import type { VendorServer } from './vendor-server.ts'

export const startWorkersAi = startDeepgram

/** The binding's codes for what the service behind it answered. */
const CODE_OF: Record<number, string> = {
  400: '5004: Invalid data',
  401: '5018: Account is not allowed to access this model',
  429: '3040: Capacity temporarily exceeded, please try again.',
}

export interface FakeAi {
  run(model: string, inputs: Record<string, unknown>, options?: Record<string, unknown>): Promise<unknown>
}

export function aiBinding(vendor: Pick<VendorServer, 'url' | 'faults'>, key = 'test-key'): FakeAi {
  return {
    async run(model, inputs, options = {}) {
      if (model === '@cf/openai/whisper-large-v3-turbo') return whisper(vendor, inputs, key)
      if (options.websocket === true) return { webSocket: await socketOf(vendor.url, key, model, inputs) }
      if (!/^@cf\/deepgram\/aura-2-e[ns]$/.test(model) || options.returnRawResponse !== true)
        throw new Error('5007: No such model')
      return speech(vendor.url, key, inputs, options.signal as AbortSignal)
    },
  }
}

const NOVA = [
  'language',
  'encoding',
  'sample_rate',
  'channels',
  'interim_results',
  'punctuate',
  'endpointing',
  'keyterm',
]
const FLUX = ['encoding', 'sample_rate', 'keyterm']

/** A client's socket with the Worker's interface: it has `accept` and keeps what came before. */
function socketOf(url: string, key: string, model: string, inputs: Record<string, unknown>): Promise<unknown> {
  const flux = model === '@cf/deepgram/flux'
  if (!flux && model !== '@cf/deepgram/nova-3') throw new Error('5007: No such model')
  for (const name of Object.keys(inputs))
    if (!(flux ? FLUX : NOVA).includes(name)) throw new Error(`5004: Invalid data ${name}`)
  if (flux && inputs.encoding !== 'linear16') throw new Error('5004: Invalid data encoding')
  const query = new URLSearchParams({ model: flux ? 'flux-general-en' : 'nova-3' })
  for (const [name, value] of Object.entries(inputs)) query.append(name, String(value))
  const socket = new WebSocket(`${url.replace('http', 'ws')}/${flux ? 'v2' : 'v1'}/listen?${query}`, {
    headers: { Authorization: `Token ${key}` },
  })
  return new Promise((resolve, reject) => {
    socket.on('unexpected-response', (_request, response) => {
      reject(new Error(CODE_OF[response.statusCode ?? 0] ?? 'InferenceUpstreamError'))
      socket.terminate()
    })
    socket.on('error', reject)
    socket.on('open', () => {
      socket.pause()
      resolve(Object.assign(socket, { accept: () => socket.resume() }))
    })
  })
}

async function speech(
  url: string,
  key: string,
  inputs: Record<string, unknown>,
  signal: AbortSignal,
): Promise<Response> {
  const { text, speaker = 'thalia', encoding, container, sample_rate: hz, ...rest } = inputs
  if (Object.keys(rest).length > 0 || typeof hz !== 'number') throw new Error('5004: Invalid data')
  const query = new URLSearchParams({
    model: `aura-2-${String(speaker)}-en`,
    encoding: String(encoding),
    container: String(container),
    sample_rate: String(hz),
  })
  const response = await fetch(`${url}/v1/speak?${query}`, {
    method: 'POST',
    headers: { Authorization: `Token ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ text }),
    signal,
  })
  if (!response.ok) throw new Error(CODE_OF[response.status] ?? 'InferenceUpstreamError')
  return response
}

function whisper(vendor: Pick<VendorServer, 'faults'>, inputs: Record<string, unknown>, key: string): unknown {
  const fault = vendor.faults.shift()
  if (fault?.kind === 'status') throw new Error(CODE_OF[fault.status] ?? 'InferenceUpstreamError')
  if (fault?.kind === 'cut') throw new Error('InferenceUpstreamError')
  if (key !== 'test-key') throw new Error(CODE_OF[401])
  const { audio, task, language, initial_prompt: _prompt, ...rest } = inputs
  if (task !== 'transcribe' || language !== 'en' || Object.keys(rest).length > 0) throw new Error('5004: Invalid data')
  const words = hear(mulawOfWav(new Uint8Array(Buffer.from(String(audio), 'base64'))))
  return { text: words.map(word => ` ${word.text}`).join(''), transcription_info: { language }, segments: [], vtt: '' }
}

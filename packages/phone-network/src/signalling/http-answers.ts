/**
 * Requests of the browser SDK beside signalling: its fifteen sounds, the one that `runPreflight({fakeMicInput: true})`
 * speaks with, and the insights that it reports.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { SAMPLE_RATE_HZ } from '../media/mulaw.ts'
import { tone } from '../media/tones.ts'
import { pathOf } from '../request-url.ts'

const SOUNDS_PATH = '/js/client/sounds/releases/1.0.0/'
const INSIGHTS_PATH = /^\/v\d+\/Endpoint(Events|Metrics)$/
/** Insights are read and thrown away; more than this is cut off. */
const MAX_INSIGHTS_BYTES = 1024 * 1024
const ANY_ORIGIN = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': '*',
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-max-age': '86400',
}

const DTMF_HZ: Record<string, number[]> = {
  '1': [697, 1209],
  '2': [697, 1336],
  '3': [697, 1477],
  '4': [770, 1209],
  '5': [770, 1336],
  '6': [770, 1477],
  '7': [852, 1209],
  '8': [852, 1336],
  '9': [852, 1477],
  '0': [941, 1336],
  star: [941, 1209],
  hash: [941, 1477],
}

const wavs = new Map<string, Buffer>()

/** @returns false when the request is not one of the SDK's */
export function answerHttp(request: IncomingMessage, response: ServerResponse): boolean {
  const path = pathOf(request)
  if (INSIGHTS_PATH.test(path)) {
    swallow(request, response)
    return true
  }
  if (!path.startsWith(SOUNDS_PATH)) return false
  const wav = soundFile(path.slice(SOUNDS_PATH.length).replace(/\.(mp3|wav)$/, ''))
  // The names end in .mp3; browsers go by the content, and a WAV file can be made without an encoder.
  if (wav) response.writeHead(200, { ...ANY_ORIGIN, 'content-type': 'audio/wav', 'content-length': wav.length })
  else response.writeHead(404, ANY_ORIGIN)
  response.end(request.method === 'HEAD' ? undefined : wav)
  return true
}

function swallow(request: IncomingMessage, response: ServerResponse): void {
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > MAX_INSIGHTS_BYTES) request.destroy()
  })
  request.on('end', () => response.writeHead(request.method === 'OPTIONS' ? 204 : 200, ANY_ORIGIN).end())
}

function soundFile(name: string): Buffer | undefined {
  const known = wavs.get(name)
  if (known) return known
  const pcm = makeSound(name)
  if (!pcm) return undefined
  const wav = asWav(pcm)
  wavs.set(name, wav)
  return wav
}

function makeSound(name: string): Int16Array | undefined {
  switch (name) {
    case 'incoming':
      return sequence([tone([523.25, 659.25], 350, 0.2), tone([659.25, 783.99], 350, 0.2), new Int16Array(10_400)])
    case 'outgoing':
      return sequence([tone([523.25], 120, 0.2), tone([659.25], 160, 0.2)])
    case 'disconnect':
      return sequence([tone([659.25], 120, 0.2), tone([523.25], 160, 0.2)])
  }
  if (name === 'cowbell') return cowbell()
  const digit = DTMF_HZ[name.replace(/^dtmf-/, '')]
  return name.startsWith('dtmf-') && digit ? tone(digit, 160, 0.2) : undefined
}

/** A preflight test with a fake microphone listens to it for 20 s. */
const COWBELL_BEATS = 44
const COWBELL_GAP_SAMPLES = 2_400

function cowbell(): Int16Array {
  const beat = [tone([587.33, 845], 200, 0.3), new Int16Array(COWBELL_GAP_SAMPLES)]
  return sequence(Array.from({ length: COWBELL_BEATS }, () => beat).flat())
}

function sequence(parts: Int16Array[]): Int16Array {
  const out = new Int16Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** A RIFF file: 44 bytes of header, then 16-bit PCM. */
export function asWav(pcm: Int16Array): Buffer {
  const wav = Buffer.alloc(44 + pcm.length * 2)
  wav.write('RIFF', 0)
  wav.writeUInt32LE(wav.length - 8, 4)
  wav.write('WAVEfmt ', 8)
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20)
  wav.writeUInt16LE(1, 22)
  wav.writeUInt32LE(SAMPLE_RATE_HZ, 24)
  wav.writeUInt32LE(SAMPLE_RATE_HZ * 2, 28)
  wav.writeUInt16LE(2, 32)
  wav.writeUInt16LE(16, 34)
  wav.write('data', 36)
  wav.writeUInt32LE(pcm.length * 2, 40)
  pcm.forEach((sample, index) => {
    wav.writeInt16LE(sample, 44 + index * 2)
  })
  return wav
}

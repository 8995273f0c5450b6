/** Text to telephone sound: a formant synthesizer in a thread of its own, with a cache. `plane.ts` has the contract. */
import { Worker } from 'node:worker_threads'
import { workerFile } from '../worker-file.ts'
import { silence } from './mulaw.ts'
import type { Clip, SoundName, Voices } from './plane.ts'
import { beep, busy, fax, holdMusic, keyTones, ringback } from './tones.ts'
import type { SpeechDelivery, SpeechOrder } from './voice-worker.ts'

/** About half an hour of speech; the least recently used clip leaves first. */
export const CACHE_LIMIT_BYTES = 16 * 1024 * 1024
/** Twilio's limit for one `<Say>`. */
export const MAX_TEXT_LENGTH = 4096
/** When more sentences than this wait for the synthesizer, something is in a loop. */
export const MAX_WAITING = 256

const FEMALE = 'slt'
const MALE = 'rms'
const SCOT = 'awb'
const KAL = 'kal'
const FALLBACKS = [FEMALE, MALE, SCOT]
const NAMED_VOICES = new Map<string, string>([
  ['man', MALE],
  ['woman', FEMALE],
  ['alice', FEMALE],
  ['slt', FEMALE],
  ['rms', MALE],
  ['awb', SCOT],
  ['kal', KAL],
  ['polly.joanna', FEMALE],
  ['polly.amy', FEMALE],
  ['polly.emma', FEMALE],
  ['polly.salli', FEMALE],
  ['polly.kendra', FEMALE],
  ['polly.kimberly', FEMALE],
  ['polly.matthew', MALE],
  ['polly.joey', MALE],
  ['polly.justin', MALE],
  ['polly.brian', SCOT],
])

interface Waiting {
  resolve(clip: Clip): void
  reject(error: Error): void
}

/** After `close`, which ends the thread, every sentence is refused with an error. */
export class SpokenVoices implements Voices {
  private readonly seed: number
  private readonly cache = new Map<string, Clip>()
  private cachedBytes = 0
  private readonly inFlight = new Map<string, Promise<Clip>>()
  private readonly waiting = new Map<number, Waiting>()
  private readonly sounds = new Map<string, Clip>()
  private worker: Worker | null = null
  private closed = false
  private nextId = 1

  /** @param seed decides which voice an unknown voice name gets; nothing else depends on it */
  constructor(seed: number) {
    this.seed = seed
    // Computing the music takes 50 ms, so it is done before the first call and not during one.
    this.sound('hold')
  }

  /** @throws when the text is too long, too much is waiting, or the synthesizer is closed */
  async say(text: string, voice?: string, speed = 1): Promise<Clip> {
    const words = speakable(text)
    if (words === '') return new Uint8Array(0)
    if (words.length > MAX_TEXT_LENGTH) throw new Error(`text to speak is longer than ${MAX_TEXT_LENGTH} characters`)
    const name = this.voiceFor(voice)
    const key = `${name} ${speed}\n${words}`
    const cached = this.cache.get(key)
    if (cached) {
      this.cache.delete(key)
      this.cache.set(key, cached)
      return cached
    }
    const running = this.inFlight.get(key)
    if (running) return running
    const made = this.order(words, name, speed).then(clip => this.remember(key, clip))
    this.inFlight.set(key, made)
    const forget = () => this.inFlight.delete(key)
    made.then(forget, forget)
    return made
  }

  sound(name: SoundName, ms?: number): Clip {
    const key = `${name} ${ms ?? ''}`
    const known = this.sounds.get(key)
    if (known) return known
    const made = makeSound(name, ms)
    // Only standard lengths are kept, because they are asked for again and again.
    if (ms === undefined) this.sounds.set(key, made)
    return made
  }

  digits(digits: string): Clip {
    return keyTones(digits)
  }

  /** The built-in voice that a TwiML voice name gets. */
  voiceFor(name: string | undefined): string {
    const wanted = (name ?? 'woman').toLowerCase().replace(/-(neural|generative)$/, '')
    const named = NAMED_VOICES.get(wanted)
    if (named) return named
    let hash = this.seed | 0
    for (const letter of wanted) hash = (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) | 0
    return FALLBACKS[(hash >>> 0) % FALLBACKS.length] ?? FEMALE
  }

  async close(): Promise<void> {
    this.closed = true
    this.failAll(new Error('the voices are closed'))
    await this.worker?.terminate()
    this.worker = null
  }

  private order(text: string, voice: string, speed: number): Promise<Clip> {
    if (this.closed) return Promise.reject(new Error('the voices are closed'))
    if (this.waiting.size >= MAX_WAITING) return Promise.reject(new Error('too many sentences wait for a voice'))
    const id = this.nextId++
    const worker = this.startWorker()
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject })
      worker.ref()
      worker.postMessage({ id, text, voice, speed } satisfies SpeechOrder)
    })
  }

  private startWorker(): Worker {
    if (this.worker) return this.worker
    const worker = new Worker(workerFile(import.meta.url, './voice-worker'))
    worker.on('message', (delivery: SpeechDelivery) => this.deliver(worker, delivery))
    worker.on('error', error => this.failAll(error instanceof Error ? error : new Error(String(error))))
    worker.on('exit', () => {
      this.worker = null
      this.failAll(new Error('the speech synthesizer stopped'))
    })
    this.worker = worker
    return worker
  }

  private deliver(worker: Worker, delivery: SpeechDelivery): void {
    const asked = this.waiting.get(delivery.id)
    this.waiting.delete(delivery.id)
    // An idle synthesizer must not keep the program alive.
    if (this.waiting.size === 0) worker.unref()
    if ('clip' in delivery) asked?.resolve(delivery.clip)
    else asked?.reject(new Error(delivery.error))
  }

  private failAll(error: Error): void {
    for (const asked of this.waiting.values()) asked.reject(error)
    this.waiting.clear()
  }

  private remember(key: string, clip: Clip): Clip {
    this.cache.set(key, clip)
    this.cachedBytes += clip.length
    for (const [oldest, old] of this.cache) {
      if (this.cachedBytes <= CACHE_LIMIT_BYTES || oldest === key) break
      this.cache.delete(oldest)
      this.cachedBytes -= old.length
    }
    return clip
  }
}

/** The synthesizer knows English letters only: accents are dropped, typographic marks become plain ones. */
function speakable(text: string): string {
  return text
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/[–—…]/g, ', ')
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]+/g, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
    .replace(/^(?=[^a-zA-Z0-9]*$).*$/, '')
}

function makeSound(name: SoundName, ms: number | undefined): Clip {
  switch (name) {
    case 'ringback':
      return ringback(ms ?? 6000)
    case 'busy':
      return busy(ms ?? 4000)
    case 'beep':
      return beep(ms ?? 500)
    case 'fax':
      return fax(ms ?? 3000)
    case 'hold':
      return holdMusic(ms)
    case 'silence':
      return silence(ms ?? 1000)
  }
}

/**
 * Several providers of one ability behind its port: the next one is asked when one fails before its first result, so
 * that a caller hears the second provider instead of silence. After its first result a failure is thrown to the asker,
 * who knows what was already heard. (Transcription, which never ends, has a chain of its own: `chain-transcription.ts`.)
 */
import { ProviderFailure } from './failure.ts'
import type { Language, LanguagePart, LanguageRequest } from './language/port.ts'
import { Ranked } from './ranked.ts'
import type { Speaker, Speech, SpeechOptions } from './speech/port.ts'

/** A provider that failed is asked last for this long. */
export const REST_MS = 30_000
/** The longest such time that a provider can ask for by Retry-After. */
const REST_MAX_MS = 300_000
/** Most models begin within 1 s; a caller who hears nothing for 4 s says "hello?". */
export const LANGUAGE_FIRST_MS = 4_000
export const SPEECH_FIRST_MS = 3_000

/** Keeps until when a failed provider is asked last. There is one per isolate, so that the next call knows of the failure. */
export class Rests {
  readonly #until = new Map<string, number>()

  failed(key: string, failure: ProviderFailure, atMs: number): void {
    const restMs = Math.min(REST_MAX_MS, Math.max(REST_MS, failure.retryAfterMs ?? 0))
    this.#until.set(key, atMs + restMs)
  }

  /** Moves providers that failed lately to the end and keeps the order otherwise. None is left out. */
  order<T>(all: readonly T[], keyOf: (one: T) => string, atMs: number): T[] {
    const rests = (one: T) => (this.#until.get(keyOf(one)) ?? 0) > atMs
    return [...all.filter(one => !rests(one)), ...all.filter(rests)]
  }
}

/** One answer, for the log: the provider that gave it, and the failures of those that were asked before it. */
export interface Answered {
  ability: 'transcription' | 'language' | 'speech'
  provider: string
  after: ProviderFailure[]
}

export interface ChainOptions {
  rests: Rests
  /** ms since the epoch */
  now: () => number
  /** the limit for the first result of each provider */
  firstMs: number
  answered?: (answer: Answered) => void
}

export class LanguageChain implements Language {
  readonly #ranked: Ranked<Language>
  readonly #options: ChainOptions

  /** `all`: at least one, best first. */
  constructor(all: readonly Language[], options: ChainOptions) {
    this.#ranked = new Ranked(all)
    this.#options = options
  }

  /** The provider that answered last; before any answer, the first one. */
  get provider(): string {
    return this.#ranked.last.provider
  }

  get model(): string {
    return this.#ranked.last.model
  }

  async *reply(request: LanguageRequest): AsyncGenerator<LanguagePart> {
    const keyOf = (one: Language) => `language:${one.provider}:${one.model}`
    const work = { ability: 'language' as const, all: this.#ranked.all, keyOf, signal: request.signal }
    yield* firstOf(
      work,
      this.#options,
      (one, signal) => {
        return one.reply({ ...request, signal })
      },
      one => {
        this.#ranked.last = one
      },
    )
  }
}

/** The name of a voice belongs to one provider, so only the first provider gets it; the others use their default voice. */
export class SpeechChain implements Speech {
  readonly #ranked: Ranked<Speech>
  readonly #options: ChainOptions

  constructor(all: readonly Speech[], options: ChainOptions) {
    this.#ranked = new Ranked(all)
    this.#options = options
  }

  get provider(): string {
    return this.#ranked.last.provider
  }

  /** Opens no provider yet. A provider that cannot be opened fails at a sentence, where the next provider can take over. */
  async open(options: SpeechOptions, _signal: AbortSignal): Promise<Speaker> {
    const closed = new AbortController()
    const mouths = new Map<Speech, Mouth>(
      this.#ranked.all.map((speech, at) => [
        speech,
        new Mouth(speech, at === 0 ? options : { ...options, voice: '' }, closed.signal),
      ]),
    )
    const keyOf = (one: Speech) => `speech:${one.provider}`
    const name = () => this.provider
    return {
      get provider() {
        return name()
      },
      say: (text, signal) => {
        const both = AbortSignal.any([signal, closed.signal])
        const work = { ability: 'speech' as const, all: this.#ranked.all, keyOf, signal: both }
        const speak = (one: Speech, until: AbortSignal) => (mouths.get(one) as Mouth).say(text, until)
        return firstOf(work, this.#options, speak, one => {
          this.#ranked.last = one
        })
      },
      close: () => {
        closed.abort()
        for (const mouth of mouths.values()) mouth.retire()
      },
    }
  }
}

/** A speaker of one provider that is opened when it is first needed and again after it failed. */
class Mouth {
  readonly #speech: Speech
  readonly #options: SpeechOptions
  readonly #signal: AbortSignal
  #open: { speaker: Promise<Speaker>; speaking: number; retired: boolean } | null = null

  constructor(speech: Speech, options: SpeechOptions, signal: AbortSignal) {
    this.#speech = speech
    this.#options = options
    this.#signal = signal
  }

  async *say(text: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    this.#open ??= { speaker: this.#speech.open(this.#options, this.#signal), speaking: 0, retired: false }
    const open = this.#open
    open.speaking += 1
    try {
      yield* (await open.speaker).say(text, signal)
    } catch (error) {
      this.retire()
      throw error
    } finally {
      open.speaking -= 1
      closeIfIdle(open)
    }
  }

  /** The next sentence opens a new speaker; the present one is closed when its other sentences are over. */
  retire(): void {
    if (this.#open === null) return
    this.#open.retired = true
    closeIfIdle(this.#open)
    this.#open = null
  }
}

function closeIfIdle(open: { speaker: Promise<Speaker>; speaking: number; retired: boolean }): void {
  if (!open.retired || open.speaking > 0) return
  open.speaker.then(
    speaker => speaker.close(),
    () => undefined,
  )
}

interface Work<P> {
  ability: Answered['ability']
  all: readonly P[]
  keyOf(one: P): string
  signal: AbortSignal
}

/** Yields the pieces of the first provider that gives one. Throws the last failure if none does. */
async function* firstOf<P extends { provider: string }, T>(
  { ability, all, keyOf, signal }: Work<P>,
  { rests, now, firstMs, answered }: ChainOptions,
  ask: (one: P, signal: AbortSignal) => AsyncIterable<T>,
  chosen: (one: P) => void,
): AsyncGenerator<T> {
  const after: ProviderFailure[] = []
  for (const one of rests.order(all, keyOf, now())) {
    if (signal.aborted) return
    const own = new AbortController()
    const pieces = ask(one, AbortSignal.any([signal, own.signal]))[Symbol.asyncIterator]()
    let first: IteratorResult<T>
    try {
      first = await inTime(one.provider, pieces.next(), firstMs)
    } catch (error) {
      own.abort()
      if (signal.aborted) return
      const failure = failureOf(one.provider, error)
      rests.failed(keyOf(one), failure, now())
      after.push(failure)
      continue
    }
    if (first.done && signal.aborted) return
    chosen(one)
    answered?.({ ability, provider: one.provider, after })
    try {
      if (first.done) return
      yield first.value
      yield* { [Symbol.asyncIterator]: () => pieces }
    } catch (error) {
      rests.failed(keyOf(one), failureOf(one.provider, error), now())
      throw error
    } finally {
      own.abort()
      await pieces.return?.()
    }
    return
  }
  throw after.at(-1) ?? new ProviderFailure('chain', 'unavailable', 'nobody to ask')
}

function failureOf(provider: string, error: unknown): ProviderFailure {
  return error instanceof ProviderFailure ? error : new ProviderFailure(provider, 'unavailable', 'failed unexpectedly')
}

/** The same promise, or a `late` failure. */
export async function inTime<T>(provider: string, promise: Promise<T>, limitMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | null = null
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ProviderFailure(provider, 'late', `nothing within ${limitMs} ms`)), limitMs)
  })
  // The promise may fail after the limit; without this handler that would be an unhandled rejection.
  promise.catch(() => undefined)
  try {
    return await Promise.race([promise, late])
  } finally {
    if (timer !== null) clearTimeout(timer)
  }
}

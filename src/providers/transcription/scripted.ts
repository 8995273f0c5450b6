/** A transcriber for tests, benches and simulation: it reports given words at given times of the sound. */
import { joinedBytes } from '../../sound/bytes.ts'
import { ProviderFailure } from '../failure.ts'
import { brokeOff, type Mood, untilAborted, type Wait, WELL, waitByTimer } from '../scripted.ts'
import type { Heard, Transcriber, Transcription, TranscriptionOptions } from './port.ts'

export interface ScriptedWord {
  text: string
  startMs: number
  endMs: number
}

export interface ScriptedTranscriptionOptions {
  provider?: string
  /** the words by time, or a function that finds the words in all sound since the opening */
  words: ScriptedWord[] | ((mulaw: Uint8Array) => ScriptedWord[])
  /** time from `settle` to the final words */
  settleMs?: number
  mood?: Mood
  wait?: Wait
}

const BYTES_PER_MS = 8

export class ScriptedTranscription implements Transcription {
  readonly provider: string
  readonly #options: ScriptedTranscriptionOptions
  readonly #open = new Set<ScriptedTranscriber>()

  constructor(options: ScriptedTranscriptionOptions) {
    this.provider = options.provider ?? 'scripted'
    this.#options = options
  }

  async open(_options: TranscriptionOptions, heard: (event: Heard) => void, signal: AbortSignal): Promise<Transcriber> {
    const mood = (this.#options.mood ?? WELL)()
    if (mood === 'mute') await untilAborted(signal)
    if (signal.aborted) throw new ProviderFailure(this.provider, 'unavailable', 'given up')
    if (mood instanceof ProviderFailure) throw mood
    const one = new ScriptedTranscriber(this.provider, this.#options, heard, () => this.#open.delete(one))
    this.#open.add(one)
    if (mood === 'cut') one.break()
    return one
  }

  /** Breaks all open connections. */
  breakAll(): void {
    for (const one of [...this.#open]) one.break()
  }
}

class ScriptedTranscriber implements Transcriber {
  readonly provider: string
  readonly #options: ScriptedTranscriptionOptions
  readonly #heard: (event: Heard) => void
  readonly #ended: () => void
  readonly #over = new AbortController()
  readonly #sound: Uint8Array[] = []
  #sentMs = 0
  /** words before this time have been reported as final */
  #finalMs = 0
  #interim = 0

  constructor(
    provider: string,
    options: ScriptedTranscriptionOptions,
    heard: (event: Heard) => void,
    ended: () => void,
  ) {
    this.provider = provider
    this.#options = options
    this.#heard = heard
    this.#ended = ended
  }

  send(mulaw: Uint8Array): void {
    if (this.#over.signal.aborted) return
    // A list of words needs no sound, so a simulated hour need not be kept in memory.
    if (typeof this.#options.words === 'function') this.#sound.push(mulaw.slice())
    this.#sentMs += mulaw.length / BYTES_PER_MS
    const words = this.#words()
    if (words.length > this.#interim) void this.#tell(words, false, 0)
    this.#interim = words.length
  }

  began(): void {
    // Nothing to do: it transcribes all sound.
  }

  settle(): void {
    if (this.#over.signal.aborted) return
    const words = this.#words()
    this.#finalMs = this.#sentMs
    this.#interim = 0
    void this.#tell(words, true, this.#options.settleMs ?? 0)
  }

  close(): void {
    this.#over.abort()
    this.#ended()
  }

  break(): void {
    if (this.#over.signal.aborted) return
    this.close()
    queueMicrotask(() => this.#heard({ type: 'failed', failure: brokeOff(this.provider) }))
  }

  #words(): ScriptedWord[] {
    const { words } = this.#options
    const all = typeof words === 'function' ? words(joinedBytes(this.#sound)) : words
    return all.filter(word => word.endMs > this.#finalMs && word.endMs <= this.#sentMs)
  }

  async #tell(words: ScriptedWord[], final: boolean, afterMs: number): Promise<void> {
    const { signal } = this.#over
    await (this.#options.wait ?? waitByTimer)(afterMs, signal)
    if (signal.aborted) return
    const [first, last] = [words[0], words.at(-1)]
    if (first && last) {
      const text = words.map(word => word.text).join(' ')
      this.#heard({ type: 'words', text, final, confidence: 1, startMs: first.startMs, endMs: last.endMs })
    }
    if (final) this.#heard({ type: 'settled' })
  }
}

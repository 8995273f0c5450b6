/** Measures how long each stage of a turn took. */
import type { Latency } from './conversation-events.ts'

interface Lap {
  quietSinceMs: number | null
  transcriptionMs: number | null
  askedMs: number | null
  textMs: number | null
  sentenceMs: number | null
  soundMs: number | null
}

const NOTHING: Lap = {
  quietSinceMs: null,
  transcriptionMs: null,
  askedMs: null,
  textMs: null,
  sentenceMs: null,
  soundMs: null,
}
/** Turns whose times are kept; those of older turns have been reported. */
const LAPS_MAX = 4

export class Stopwatch {
  #finished: Pick<Lap, 'quietSinceMs' | 'transcriptionMs'> | null = null
  readonly #laps = new Map<number, Lap>()

  callerFinished({ quietSinceMs, transcriptionMs }: { quietSinceMs: number; transcriptionMs: number }): void {
    this.#finished = { quietSinceMs, transcriptionMs }
  }

  asked(turnId: number, atMs: number): void {
    this.#lap(turnId, { ...this.#finished, askedMs: atMs })
    this.#finished = null
  }
  textBegan(turnId: number, atMs: number): void {
    this.#first(turnId, 'textMs', atMs)
  }
  sentenceBegan(turnId: number, atMs: number): void {
    this.#first(turnId, 'sentenceMs', atMs)
  }
  soundBegan(turnId: number, atMs: number): void {
    this.#first(turnId, 'soundMs', atMs)
  }

  replyOf(turnId: number, atMs: number): { startMs: number; latency: Latency } {
    const lap = this.#laps.get(turnId) ?? NOTHING
    const latency: Latency = {
      transcriptionMs: lap.transcriptionMs,
      languageMs: between(lap.askedMs, lap.textMs),
      speechMs: between(lap.sentenceMs, lap.soundMs),
      voiceToVoiceMs: between(lap.quietSinceMs, lap.soundMs),
    }
    return { startMs: lap.soundMs ?? atMs, latency }
  }

  #first(turnId: number, field: 'textMs' | 'sentenceMs' | 'soundMs', atMs: number): void {
    if ((this.#laps.get(turnId)?.[field] ?? null) === null) this.#lap(turnId, { [field]: atMs })
  }

  #lap(turnId: number, change: Partial<Lap>): void {
    this.#laps.set(turnId, { ...NOTHING, ...this.#laps.get(turnId), ...change })
    const [oldest] = this.#laps.keys()
    if (this.#laps.size > LAPS_MAX && oldest !== undefined) this.#laps.delete(oldest)
  }
}

function between(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.max(0, to - from)
}

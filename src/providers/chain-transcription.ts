/**
 * Several transcribers behind one port. When a connection fails during a call, the next provider is opened and gets the sound
 * since the last final words again, so that no word is lost and none is reported twice.
 */
import { joinedBytes } from '../sound/bytes.ts'
import { type ChainOptions, inTime } from './chain.ts'
import { ProviderFailure } from './failure.ts'
import { Ranked } from './ranked.ts'
import type { Heard, Transcriber, Transcription, TranscriptionOptions } from './transcription/port.ts'

/** The limit for opening a connection, and for the words after a `settle`. */
export const TRANSCRIPTION_FIRST_MS = 5_000
/** Sound that is kept for the next provider: longer than a turn. Older sound is not sent to it. */
export const REPLAY_MAX_MS = 60_000
/** The same while nobody speaks: longer than the gate needs to detect that somebody speaks. */
const QUIET_MAX_MS = 3_000
const BYTES_PER_MS = 8

export class TranscriptionChain implements Transcription {
  readonly #ranked: Ranked<Transcription>
  readonly #options: ChainOptions

  /** `all`: at least one, best first. A chain of one opens its provider again when the connection breaks. */
  constructor(all: readonly Transcription[], options: ChainOptions) {
    this.#ranked = new Ranked(all)
    this.#options = options
  }

  get provider(): string {
    return this.#ranked.last.provider
  }

  async open(options: TranscriptionOptions, heard: (event: Heard) => void, signal: AbortSignal): Promise<Transcriber> {
    const ear = new ChainedEar(this.#ranked.all.length, heard, (event, closed) => this.#openOne(options, event, closed))
    const giveUp = () => ear.close()
    signal.addEventListener('abort', giveUp)
    try {
      await ear.start()
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
    if (signal.aborted) throw new ProviderFailure(this.provider, 'unavailable', 'given up')
    return ear
  }

  async #openOne(options: TranscriptionOptions, heard: (event: Heard) => void, signal: AbortSignal): Promise<OpenEar> {
    const { rests, now, firstMs, answered } = this.#options
    const keyOf = (one: Transcription) => `transcription:${one.provider}`
    const after: ProviderFailure[] = []
    for (const one of rests.order(this.#ranked.all, keyOf, now())) {
      const own = new AbortController()
      // Events of a provider that failed to open are ignored.
      const hearing = (event: Heard) => {
        if (!own.signal.aborted) heard(event)
      }
      const opening = one.open(options, hearing, AbortSignal.any([signal, own.signal]))
      try {
        const ear = await inTime(one.provider, opening, firstMs)
        this.#ranked.last = one
        answered?.({ ability: 'transcription', provider: one.provider, after })
        return { ear, settleLimitMs: firstMs, failed: failure => rests.failed(keyOf(one), failure, now()) }
      } catch (error) {
        own.abort()
        // The provider may still open, too late for this call; its connection is closed then.
        opening.then(
          late => late.close(),
          () => undefined,
        )
        const failure =
          error instanceof ProviderFailure ? error : new ProviderFailure(one.provider, 'unavailable', 'no ear')
        if (signal.aborted) throw failure
        rests.failed(keyOf(one), failure, now())
        after.push(failure)
      }
    }
    throw after.at(-1) ?? new ProviderFailure('chain', 'unavailable', 'nobody to ask')
  }
}

interface OpenEar {
  ear: Transcriber
  settleLimitMs: number
  failed(failure: ProviderFailure): void
}

type OpenNext = (heard: (event: Heard) => void, closed: AbortSignal) => Promise<OpenEar>

/** All positions count the bytes of sound sent since this transcriber was opened, across all providers. */
class ChainedEar implements Transcriber {
  readonly #heard: (event: Heard) => void
  readonly #openNext: OpenNext
  readonly #closed = new AbortController()
  readonly #failuresMax: number
  #open: OpenEar | null = null
  #generation = 0
  /** the position at which the present provider's own time begins */
  #origin = 0
  /** sound from `#keptFrom` on that no final words cover yet */
  #kept: Uint8Array[] = []
  #keptFrom = 0
  #sent = 0
  #beganAt: number | null = null
  /** the position of the last `settle` that has not been answered; null: there is none */
  #settleAt: number | null = null
  #settling: ReturnType<typeof setTimeout> | null = null
  #failures = 0

  constructor(providers: number, heard: (event: Heard) => void, openNext: OpenNext) {
    this.#heard = heard
    this.#openNext = openNext
    this.#failuresMax = providers + 1
  }

  get provider(): string {
    return this.#open?.ear.provider ?? ''
  }

  async start(): Promise<void> {
    const generation = ++this.#generation
    const early: Heard[] = []
    let opened: OpenEar | null = null
    const next = await this.#openNext(event => {
      if (opened) this.#understand(generation, event, opened)
      else early.push(event)
    }, this.#closed.signal)
    opened = next
    if (this.#closed.signal.aborted) return next.ear.close()
    this.#open = next
    this.#replay(next.ear)
    for (const event of early) this.#understand(generation, event, next)
  }

  send(mulaw: Uint8Array): void {
    if (this.#closed.signal.aborted) return
    this.#kept.push(mulaw.slice())
    this.#sent += mulaw.length
    this.#forgetBefore(this.#sent - (this.#beganAt === null ? QUIET_MAX_MS : REPLAY_MAX_MS) * BYTES_PER_MS)
    this.#open?.ear.send(mulaw)
  }

  began(backMs: number): void {
    if (this.#closed.signal.aborted) return
    this.#beganAt = Math.max(0, this.#sent - backMs * BYTES_PER_MS)
    this.#open?.ear.began(backMs)
  }

  settle(): void {
    if (this.#closed.signal.aborted) return
    this.#settleAt = this.#sent
    if (this.#open) this.#askToSettle(this.#open)
  }

  close(): void {
    if (this.#closed.signal.aborted) return
    this.#closed.abort()
    if (this.#settling !== null) clearTimeout(this.#settling)
    this.#kept = []
    this.#open?.ear.close()
  }

  #askToSettle(open: OpenEar): void {
    if (this.#settling !== null) clearTimeout(this.#settling)
    const { provider } = open.ear
    this.#settling = setTimeout(() => {
      this.#fail(open, new ProviderFailure(provider, 'late', `no words within ${open.settleLimitMs} ms`))
    }, open.settleLimitMs)
    open.ear.settle()
  }

  #understand(generation: number, event: Heard, from: OpenEar): void {
    if (generation !== this.#generation || this.#closed.signal.aborted) return
    if (event.type === 'failed') return this.#fail(from, event.failure)
    this.#failures = 0
    if (event.type === 'words') {
      const [startMs, endMs] = [this.#timeOf(event.startMs), this.#timeOf(event.endMs)]
      if (event.final) this.#forgetBefore(Math.round(endMs * BYTES_PER_MS))
      this.#heard({ ...event, startMs, endMs })
      return
    }
    if (event.type === 'settled') this.#settled()
    this.#heard(event)
  }

  #settled(): void {
    if (this.#settling !== null) clearTimeout(this.#settling)
    if (this.#settleAt === null) return
    this.#forgetBefore(this.#settleAt)
    if (this.#beganAt !== null && this.#beganAt < this.#settleAt) this.#beganAt = null
    this.#settleAt = null
  }

  #timeOf(ms: number): number {
    return ms + this.#origin / BYTES_PER_MS
  }

  #fail(open: OpenEar, failure: ProviderFailure): void {
    open.failed(failure)
    open.ear.close()
    this.#open = null
    if (this.#settling !== null) clearTimeout(this.#settling)
    this.#failures += 1
    if (this.#failures > this.#failuresMax) return this.#giveUp(failure)
    this.start().catch((error: unknown) => this.#giveUp(error instanceof ProviderFailure ? error : failure))
  }

  #giveUp(failure: ProviderFailure): void {
    if (this.#closed.signal.aborted) return
    this.close()
    this.#heard({ type: 'failed', failure })
  }

  /** Sends the kept sound to a new provider, with `began` and `settle` at the positions at which they were called. */
  #replay(ear: Transcriber): void {
    this.#origin = this.#keptFrom
    const sound = joinedBytes(this.#kept)
    const began = this.#beganAt === null ? null : Math.max(0, this.#beganAt - this.#keptFrom)
    const settled = this.#settleAt === null ? null : Math.max(0, this.#settleAt - this.#keptFrom)
    const marks = [...new Set([began ?? 0, settled ?? 0, sound.length])].sort((a, b) => a - b)
    let at = 0
    for (const mark of marks) {
      if (mark > at) ear.send(sound.subarray(at, mark))
      at = Math.max(at, mark)
      if (mark === began) ear.began(0)
      if (mark === settled && this.#open) this.#askToSettle(this.#open)
    }
  }

  #forgetBefore(position: number): void {
    while (this.#kept[0] && this.#keptFrom + this.#kept[0].length <= position) {
      this.#keptFrom += this.#kept[0].length
      this.#kept.shift()
    }
  }
}

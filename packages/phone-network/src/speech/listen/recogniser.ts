import { Worker } from 'node:worker_threads'
import { workerFile } from '../../worker-file.ts'
import {
  DECODERS_MAX,
  type Grammar,
  type Heard,
  type RecogniserNews,
  type RecogniserOrder,
} from './recogniser-messages.ts'

/**
 * The recogniser's interface. Its thread starts with whoever may speak first, and does not keep the program alive. The thread
 * gets sound only as fast as it listens, so that what is no longer wanted can still be taken back, and the sound that
 * waits here has a limit: whatever arrives, the recogniser has caught up soon after it stops.
 */

/** Limit of utterances at one time; further ones are refused. */
export const UTTERANCES_MAX = 64
/** Limit of one utterance's sound; the rest is ignored. */
export const UTTERANCE_SAMPLES_MAX = 40 * 8_000
/** Limit of the sound of all utterances that waits; what comes beyond is dropped. A minute and a half of speech. */
export const BACKLOG_SAMPLES_MAX = 90 * 8_000
/** How much sound the thread may have before it. */
const AHEAD_SAMPLES_MAX = 2 * 8_000
/** A long piece is cut, so that no single one fills what the thread may have before it. */
const PIECE_SAMPLES_MAX = 4_000
/** The thread ends, and its memory is freed, when nobody has spoken for this long. */
const IDLE_MS = 120_000

export interface Utterance {
  /** 16-bit samples at 8 kHz */
  push(samples: Int16Array): void
  /** The final result. Rejects when the recogniser fails. */
  end(): Promise<Heard>
  /** The result is no longer wanted. */
  forget(): void
}

interface Waiting {
  id: number
  grammar: Grammar
  partial(text: string): void
  resolve(heard: Heard): void
  reject(error: Error): void
  /** sound that the thread has not got */
  pieces: Int16Array[]
  /** samples that the thread has got and not yet listened to */
  ahead: number
  /** the thread knows of it */
  begun: boolean
  ended: 'no' | 'asked' | 'told'
}

export interface RecogniserOptions {
  idleMs?: number
  /** limit of the sound that waits, in samples; for tests */
  backlogMax?: number
  /** is told of every piece that is dropped because too much waits; `first`: since the recogniser was last at rest */
  dropped?: (ms: number, first: boolean) => void
}

export class Recogniser {
  /** the utterances without a result, oldest first */
  readonly #waiting = new Map<number, Waiting>()
  readonly #known = new Set<string>()
  #worker: Worker | null = null
  #nextId = 1
  #closed = false
  #idle: NodeJS.Timeout | undefined
  readonly #idleMs: number
  readonly #backlogMax: number
  readonly #dropped: (ms: number, first: boolean) => void
  /** who may speak soon */
  #expected = 0
  /** all samples that nobody has listened to */
  #backlog = 0
  #overflows = false
  /** those who have a whole file to give, and wait for room */
  #wanting: (() => void)[] = []

  constructor({
    idleMs = IDLE_MS,
    backlogMax = BACKLOG_SAMPLES_MAX,
    dropped = () => undefined,
  }: RecogniserOptions = {}) {
    this.#backlogMax = backlogMax
    this.#idleMs = idleMs
    this.#dropped = dropped
  }

  /** Whether the thread runs, which it does from the first utterance on. */
  get running(): boolean {
    return this.#worker !== null
  }

  /** The sound that waits to be listened to. */
  get backlogMs(): number {
    return this.#backlog / 8
  }

  /**
   * Somebody will speak soon, until the returned function is called. A decoder for each of them is made before, because making one takes
   * so long that the first words would be late.
   */
  expect(grammar: Grammar): () => void {
    if (this.#closed) return () => undefined
    this.#expected += 1
    clearTimeout(this.#idle)
    this.#start()
    this.#teach(grammar)
    this.#order({ do: 'prepare', grammar: grammar.name, decoders: this.#expected })
    if (this.#waiting.size === 0) this.#rest()
    return () => {
      this.#expected -= 1
    }
  }

  /** Throws when the recogniser is closed, or too much is said at once. */
  begin(grammar: Grammar, partial: (text: string) => void): Utterance {
    if (this.#closed) throw new Error('the recogniser is closed')
    if (this.#waiting.size >= UTTERANCES_MAX) throw new Error(`more than ${UTTERANCES_MAX} utterances at once`)
    const id = this.#nextId
    this.#nextId += 1
    let settle: Pick<Waiting, 'resolve' | 'reject'> = { resolve: () => undefined, reject: () => undefined }
    const end = new Promise<Heard>((resolve, reject) => {
      settle = { resolve, reject }
    })
    // A failed utterance whose end is never asked for must not end the program as an unhandled rejection.
    end.catch(() => undefined)
    const own: Waiting = { id, grammar, partial, ...settle, pieces: [], ahead: 0, begun: false, ended: 'no' }
    this.#waiting.set(id, own)
    clearTimeout(this.#idle)
    this.#start().ref()
    this.#pump()
    let samples = 0
    return {
      push: piece => {
        samples += piece.length
        if (samples <= UTTERANCE_SAMPLES_MAX && this.#waiting.has(id)) this.#keep(own, piece)
      },
      end: () => {
        if (own.ended === 'no') own.ended = 'asked'
        this.#pump()
        return end
      },
      forget: () => {
        if (own.begun && this.#waiting.has(id)) this.#order({ do: 'forget', id })
        this.#settle(id)
      },
    }
  }

  /** Resolves when at least half of the room for waiting sound is free: for files, which need not come at once. */
  room(): Promise<void> {
    if (this.#backlog <= this.#backlogMax / 2 || this.#closed) return Promise.resolve()
    return new Promise(resolve => this.#wanting.push(resolve))
  }

  #freed(samples: number): void {
    this.#backlog -= samples
    if (this.#backlog > this.#backlogMax / 2 && !this.#closed) return
    for (const resolve of this.#wanting.splice(0)) resolve()
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#idle)
    this.#failAll(new Error('the recogniser is closed'))
    await this.#worker?.terminate()
    this.#worker = null
  }

  #keep(own: Waiting, samples: Int16Array): void {
    if (this.#backlog + samples.length > this.#backlogMax) {
      this.#dropped(samples.length / 8, !this.#overflows)
      this.#overflows = true
      return
    }
    this.#backlog += samples.length
    for (let at = 0; at < samples.length; at += PIECE_SAMPLES_MAX) {
      own.pieces.push(samples.slice(at, at + PIECE_SAMPLES_MAX))
    }
    this.#pump()
  }

  /** Gives the thread what it may have: the oldest utterances, one piece of each in turn. */
  #pump(): void {
    const active = [...this.#waiting.values()].slice(0, DECODERS_MAX)
    for (const own of active) if (!own.begun) this.#tell(own)
    let ahead = active.reduce((sum, own) => sum + own.ahead, 0)
    for (let sent = true; sent && ahead < AHEAD_SAMPLES_MAX; ) {
      sent = false
      for (const own of active) {
        const samples = own.pieces.shift()
        if (samples === undefined) continue
        own.ahead += samples.length
        ahead += samples.length
        sent = true
        this.#order({ do: 'audio', id: own.id, samples })
      }
    }
    for (const own of active) {
      if (own.ended !== 'asked' || own.pieces.length > 0) continue
      own.ended = 'told'
      this.#order({ do: 'end', id: own.id })
    }
  }

  #tell(own: Waiting): void {
    own.begun = true
    const { grammar } = own
    this.#teach(grammar)
    this.#order({ do: 'begin', id: own.id, grammar: grammar.name })
  }

  #teach(grammar: Grammar): void {
    if (!this.#known.has(grammar.name)) this.#order({ do: 'grammar', grammar })
    this.#known.add(grammar.name)
  }

  #order(what: RecogniserOrder): void {
    this.#worker?.postMessage(what)
  }

  #start(): Worker {
    if (this.#worker) return this.#worker
    const worker = new Worker(workerFile(import.meta.url, './recogniser-worker'))
    worker.on('message', (news: RecogniserNews) => this.#hear(news))
    worker.on('error', error => this.#failAll(error instanceof Error ? error : new Error(String(error))))
    worker.on('exit', () => {
      if (this.#worker !== worker) return
      this.#forget()
      this.#failAll(new Error('the recogniser stopped'))
    })
    this.#worker = worker
    return worker
  }

  #hear(news: RecogniserNews): void {
    const waiting = this.#waiting.get(news.id)
    if (news.type === 'partial') return waiting?.partial(news.text)
    if (news.type === 'took') {
      if (waiting === undefined) return
      waiting.ahead -= news.samples
      this.#freed(news.samples)
      return this.#pump()
    }
    this.#settle(news.id)
    if (news.type === 'final') waiting?.resolve(news.heard)
    else waiting?.reject(new Error(news.error))
  }

  #settle(id: number): void {
    const own = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (own) this.#freed(own.pieces.reduce((sum, piece) => sum + piece.length, own.ahead))
    if (this.#waiting.size > 0) return this.#pump()
    this.#overflows = false
    this.#rest()
  }

  /** Nobody speaks: the thread keeps no program alive, and ends after a while. */
  #rest(): void {
    this.#worker?.unref()
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => {
      const worker = this.#worker
      this.#forget()
      void worker?.terminate()
    }, this.#idleMs).unref()
  }

  /** Forgets the thread; the next utterance starts another one, without grammars. */
  #forget(): void {
    this.#worker = null
    this.#known.clear()
  }

  #failAll(error: Error): void {
    for (const waiting of this.#waiting.values()) waiting.reject(error)
    this.#waiting.clear()
    this.#freed(this.#backlog)
  }
}

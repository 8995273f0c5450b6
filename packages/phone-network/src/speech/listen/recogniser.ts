import { Worker } from 'node:worker_threads'
import { workerFile } from '../../worker-file.ts'
import type { Grammar, Heard, RecogniserNews, RecogniserOrder } from './recogniser-messages.ts'

/** The recogniser's interface. Its thread starts with the first utterance and does not keep the program alive. */

/** Limit of utterances at one time; further ones are refused. */
export const UTTERANCES_MAX = 64
/** Limit of one utterance's sound; the rest is ignored. */
export const UTTERANCE_SAMPLES_MAX = 40 * 8_000
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
  partial(text: string): void
  resolve(heard: Heard): void
  reject(error: Error): void
}

export class Recogniser {
  readonly #waiting = new Map<number, Waiting>()
  readonly #known = new Set<string>()
  #worker: Worker | null = null
  #nextId = 1
  #closed = false
  #idle: NodeJS.Timeout | undefined
  readonly #idleMs: number

  constructor(idleMs = IDLE_MS) {
    this.#idleMs = idleMs
  }

  /** Whether the thread runs, which it does from the first utterance on. */
  get running(): boolean {
    return this.#worker !== null
  }

  /** Throws when the recogniser is closed, or too much is said at once. */
  begin(grammar: Grammar, partial: (text: string) => void): Utterance {
    if (this.#closed) throw new Error('the recogniser is closed')
    if (this.#waiting.size >= UTTERANCES_MAX) throw new Error(`more than ${UTTERANCES_MAX} utterances at once`)
    const id = this.#nextId
    this.#nextId += 1
    const end = new Promise<Heard>((resolve, reject) => this.#waiting.set(id, { partial, resolve, reject }))
    // A failed utterance whose end is never asked for must not end the program as an unhandled rejection.
    end.catch(() => undefined)
    clearTimeout(this.#idle)
    const worker = this.#start()
    worker.ref()
    const order = (what: RecogniserOrder): void => worker.postMessage(what)
    if (!this.#known.has(grammar.name)) order({ do: 'grammar', grammar })
    this.#known.add(grammar.name)
    order({ do: 'begin', id, grammar: grammar.name })
    let samples = 0
    return {
      push: piece => {
        samples += piece.length
        if (samples <= UTTERANCE_SAMPLES_MAX) order({ do: 'audio', id, samples: piece })
      },
      end: () => {
        order({ do: 'end', id })
        return end
      },
      forget: () => {
        order({ do: 'forget', id })
        this.#settle(id)
      },
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#idle)
    this.#failAll(new Error('the recogniser is closed'))
    await this.#worker?.terminate()
    this.#worker = null
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
    this.#settle(news.id)
    if (news.type === 'final') waiting?.resolve(news.heard)
    else waiting?.reject(new Error(news.error))
  }

  #settle(id: number): void {
    this.#waiting.delete(id)
    if (this.#waiting.size > 0) return
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
  }
}

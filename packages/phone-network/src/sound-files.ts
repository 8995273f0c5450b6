import { createHash } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import type { Clip } from './media/plane.ts'
import type { SoundDelivery, SoundOrder } from './media/sound-worker.ts'
import { download } from './webhooks/download.ts'
import { ExchangeError } from './webhooks/http-exchange.ts'
import type { Tunnels } from './webhooks/tunnels.ts'
import { workerFile } from './worker-file.ts'

/** The sound files of `<Play>` and of waiting documents: fetched each time, read once for the same bytes. */

/** Half an hour of sound; the least recently used leaves first. */
export const FILES_CACHE_BYTES_MAX = 16 * 1024 * 1024
export const FETCHES_MAX = 64

export interface SoundFilesOptions {
  authToken: string
  tunnels: Tunnels
}

export class SoundFiles {
  readonly #options: SoundFilesOptions
  readonly #closing = new AbortController()
  /** hash of the file → its sound */
  readonly #read = new Map<string, Clip>()
  #readBytes = 0
  #underWay = 0
  /** files are read one after another, because each occupies a core */
  #lane: Promise<unknown> = Promise.resolve()

  constructor(options: SoundFilesOptions) {
    this.#options = options
  }

  get isBusy(): boolean {
    return this.#underWay > 0
  }

  close(): void {
    this.#closing.abort()
  }

  /** Rejects with `ExchangeError`: 11200 when a file cannot be fetched, 12300 when it cannot be read. */
  async fetch(url: string): Promise<Clip> {
    if (this.#underWay >= FETCHES_MAX) throw new ExchangeError('connect', 11200, 'too many files are being fetched')
    this.#underWay += 1
    try {
      const file = await download(url, { ...this.#options, signal: this.#closing.signal })
      const hash = createHash('sha256').update(file.contentType).update(file.bytes).digest('hex')
      const read = this.#lane.then(() => this.#known(hash) ?? this.#readFile(hash, file))
      this.#lane = read.catch(() => undefined)
      return await read
    } finally {
      this.#underWay -= 1
    }
  }

  #known(hash: string): Clip | undefined {
    const clip = this.#read.get(hash)
    if (clip === undefined) return undefined
    this.#read.delete(hash)
    this.#read.set(hash, clip)
    return clip
  }

  async #readFile(hash: string, order: SoundOrder): Promise<Clip> {
    const delivery = await readInThread(order)
    if ('error' in delivery) throw new ExchangeError('read', 12300, `Invalid Content-Type: ${delivery.error}`)
    this.#read.set(hash, delivery.clip)
    this.#readBytes += delivery.clip.length
    for (const [oldest, clip] of this.#read) {
      if (this.#readBytes <= FILES_CACHE_BYTES_MAX || oldest === hash) break
      this.#read.delete(oldest)
      this.#readBytes -= clip.length
    }
    return delivery.clip
  }
}

function readInThread(order: SoundOrder): Promise<SoundDelivery> {
  return new Promise(resolve => {
    const worker = new Worker(workerFile(import.meta.url, './media/sound-worker'), { workerData: order })
    worker.once('message', (delivery: SoundDelivery) => {
      resolve(delivery)
      void worker.terminate()
    })
    worker.once('error', error => resolve({ error: error instanceof Error ? error.message : String(error) }))
    worker.once('exit', () => resolve({ error: 'the reader stopped' }))
  })
}

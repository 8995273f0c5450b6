/** Files in memory, with failures on demand. It keeps the port's contract as R2 does. */
import {
  FILES_AT_ONCE,
  type FilePage,
  type FileStorage,
  faultOf,
  faultOfRange,
  type Kept,
  type NewFile,
  type OpenFile,
  type Range,
  type StoredFile,
  sha256Of,
} from '../port.ts'

export type Operation = 'put' | 'get' | 'head' | 'delete' | 'list'
/**
 * `down`: nothing is done; `lost`: it is done and its answer does not come; `refused`: it is not allowed; `changed`: a `get` finds one
 * byte changed; null: it goes well.
 */
export type Fault = 'down' | 'lost' | 'refused' | 'changed' | null
/** Asked before each operation; `key` is the first key or the prefix. A promise that never settles is an answer that never comes. */
export type Faults = (operation: Operation, key: string) => Fault | Promise<Fault>

interface Entry {
  bytes: Uint8Array<ArrayBuffer>
  file: StoredFile
}
const LOST: Kept<never> = { ok: false, failure: { kind: 'unavailable', message: 'no answer, as scripted' } }
const REFUSED: Kept<never> = { ok: false, failure: { kind: 'refused', message: 'refused, as scripted' } }

export class ScriptedStorage implements FileStorage {
  readonly #files = new Map<string, Entry>()
  readonly #faults: Faults

  constructor(faults: Faults = () => null) {
    this.#faults = faults
  }

  put(file: NewFile): Promise<Kept<StoredFile>> {
    return this.#do('put', file.key, async () => {
      const fault = faultOf(file)
      if (fault) return { ok: false, failure: fault }
      const bytes = await bytesOf(file.body)
      if (bytes === null) return { ok: false, failure: { kind: 'unavailable', message: 'the source broke off' } }
      if (bytes.length !== file.bytes) return { ok: false, failure: { kind: 'mismatch', of: 'length' } }
      const sha256 = await sha256Of(bytes)
      if (file.sha256 !== null && file.sha256 !== sha256)
        return { ok: false, failure: { kind: 'mismatch', of: 'sha256' } }
      const named = file.sha256 !== null || file.body instanceof Uint8Array
      const stored = { key: file.key, bytes: bytes.length, sha256, type: file.type }
      this.#files.set(file.key, { bytes, file: named ? stored : { ...stored, sha256: null } })
      return { ok: true, value: stored }
    })
  }

  get(key: string, range?: Range): Promise<Kept<OpenFile>> {
    return this.#do('get', key, async changed => {
      const fault = faultOfRange(range)
      if (fault) return { ok: false, failure: fault }
      const entry = this.#files.get(key)
      if (!entry) return { ok: false, failure: { kind: 'absent' } }
      const from = range?.from ?? 0
      if (range && from >= entry.bytes.length) return { ok: false, failure: { kind: 'range' } }
      const piece = entry.bytes.slice(from, range?.bytes == null ? undefined : from + range.bytes)
      if (changed && piece.length > 0) piece[0] = (piece[0] ?? 0) ^ 1
      const body = new Blob([piece]).stream() as ReadableStream<Uint8Array>
      return { ok: true, value: { file: entry.file, body, from, bytes: piece.length } }
    })
  }

  head(key: string): Promise<Kept<StoredFile>> {
    return this.#do('head', key, async () => {
      const entry = this.#files.get(key)
      return entry ? { ok: true, value: entry.file } : { ok: false, failure: { kind: 'absent' } }
    })
  }

  delete(keys: string[]): Promise<Kept<null>> {
    return this.#do('delete', keys[0] ?? '', async () => {
      if (keys.length > FILES_AT_ONCE) return { ok: false, failure: { kind: 'refused', message: 'too many at once' } }
      for (const key of keys) this.#files.delete(key)
      return { ok: true, value: null }
    })
  }

  list(prefix: string, cursor: string | null, limit = FILES_AT_ONCE): Promise<Kept<FilePage>> {
    return this.#do('list', prefix, async () => {
      const keys = [...this.#files.keys()].filter(key => key.startsWith(prefix) && key > (cursor ?? '')).sort()
      const page = keys.slice(0, Math.min(limit, FILES_AT_ONCE))
      const items = page.flatMap(key => this.#files.get(key)?.file ?? [])
      return { ok: true, value: { items, next: keys.length > page.length ? (page.at(-1) ?? null) : null } }
    })
  }

  async #do<T>(operation: Operation, key: string, work: (changed: boolean) => Promise<Kept<T>>): Promise<Kept<T>> {
    const fault = await this.#faults(operation, key)
    if (fault === 'down') return LOST
    if (fault === 'refused') return REFUSED
    const done = await work(fault === 'changed')
    return fault === 'lost' ? LOST : done
  }
}

/** Null: the stream broke off. */
async function bytesOf(body: NewFile['body']): Promise<Uint8Array<ArrayBuffer> | null> {
  if (body instanceof Uint8Array) return new Uint8Array(body)
  try {
    return new Uint8Array(await new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer())
  } catch {
    return null
  }
}

/**
 * Files in a bucket of R2, by its binding. R2 itself checks the SHA-256 of what it is given before it stores it; the length of a stream is
 * checked here, because a body of unknown length is refused (https://developers.cloudflare.com/r2/api/workers/workers-api-reference/).
 */
import {
  FILES_AT_ONCE,
  type FilePage,
  type FileStorage,
  faultOf,
  faultOfRange,
  hexOf,
  type Kept,
  type NewFile,
  type OpenFile,
  type Range,
  type StorageFailure,
  type StoredFile,
} from '../port.ts'

/** The number at the end of R2's messages (https://developers.cloudflare.com/r2/api/error-codes/). */
const BAD_DIGEST = 10037
const BAD_RANGE = 10039
/** Internal error, service unavailable, too many requests: these pass by themselves. */
const PASSING = [10001, 10043, 10058]

export class R2Storage implements FileStorage {
  readonly #bucket: R2Bucket

  constructor(bucket: R2Bucket) {
    this.#bucket = bucket
  }

  async put(file: NewFile): Promise<Kept<StoredFile>> {
    const fault = faultOf(file)
    if (fault) return { ok: false, failure: fault }
    const options = {
      httpMetadata: { contentType: file.type },
      ...(file.sha256 === null ? {} : { sha256: file.sha256 }),
    }
    if (file.body instanceof Uint8Array) {
      const { body } = file
      const sha256 = file.sha256 ?? hexOf(await crypto.subtle.digest('SHA-256', body as Uint8Array<ArrayBuffer>))
      return this.#try(async () => ({
        ...storedOf(await this.#bucket.put(file.key, body, { ...options, sha256 }), file.type),
        sha256,
      }))
    }
    const counted = new Counted(file.body, file.bytes)
    const put = this.#try(async () => storedOf(await this.#bucket.put(file.key, counted.body, options), file.type))
    // The pump never rejects. Whether the bytes were as announced is what it says, whatever R2 made of the broken stream.
    const [stored, sha256] = await Promise.all([put, counted.pump()])
    if (sha256 === null) return { ok: false, failure: { kind: 'mismatch', of: 'length' } }
    if (sha256 === 'broken') return { ok: false, failure: { kind: 'unavailable', message: 'the source broke off' } }
    return stored.ok ? { ok: true, value: { ...stored.value, sha256 } } : stored
  }

  async get(key: string, range?: Range): Promise<Kept<OpenFile>> {
    const fault = faultOfRange(range)
    if (fault) return { ok: false, failure: fault }
    const wanted = range && { offset: range.from, ...(range.bytes === null ? {} : { length: range.bytes }) }
    const found = await this.#try(() => this.#bucket.get(key, wanted ? { range: wanted } : undefined))
    if (!found.ok) return range ? this.#whyNoRange(key, range, found) : found
    if (found.value === null) return { ok: false, failure: { kind: 'absent' } }
    const file = storedOf(found.value)
    const from = range?.from ?? 0
    if (range && from >= file.bytes) return { ok: false, failure: { kind: 'range' } }
    const bytes = Math.min(range?.bytes ?? file.bytes, file.bytes - from)
    return { ok: true, value: { file, body: found.value.body as ReadableStream<Uint8Array>, from, bytes } }
  }

  /** R2 has a code for a range behind the end; its local form answers with an error that has none. */
  async #whyNoRange(key: string, range: Range, failed: Kept<never>): Promise<Kept<never>> {
    const file = await this.head(key)
    return file.ok && range.from >= file.value.bytes ? { ok: false, failure: { kind: 'range' } } : failed
  }

  async head(key: string): Promise<Kept<StoredFile>> {
    const found = await this.#try(() => this.#bucket.head(key))
    if (!found.ok) return found
    return found.value === null
      ? { ok: false, failure: { kind: 'absent' } }
      : { ok: true, value: storedOf(found.value) }
  }

  async delete(keys: string[]): Promise<Kept<null>> {
    if (keys.length > FILES_AT_ONCE) return { ok: false, failure: { kind: 'refused', message: 'too many at once' } }
    if (keys.length === 0) return { ok: true, value: null }
    const done = await this.#try(() => this.#bucket.delete(keys))
    return done.ok ? { ok: true, value: null } : done
  }

  async list(prefix: string, cursor: string | null, limit = FILES_AT_ONCE): Promise<Kept<FilePage>> {
    const listed = await this.#try(() =>
      this.#bucket.list({
        prefix,
        limit: Math.min(limit, FILES_AT_ONCE),
        include: ['httpMetadata'],
        ...(cursor === null ? {} : { cursor }),
      }),
    )
    if (!listed.ok) return listed
    const { value: page } = listed
    const items = page.objects.map(object => storedOf(object))
    return { ok: true, value: { items, next: page.truncated ? page.cursor : null } }
  }

  async #try<T>(work: () => Promise<T>): Promise<Kept<T>> {
    try {
      return { ok: true, value: await work() }
    } catch (error) {
      return { ok: false, failure: failureOf(error) }
    }
  }
}

function storedOf(object: R2Object, type = object.httpMetadata?.contentType ?? ''): StoredFile {
  const sha256 = object.checksums.sha256 ? hexOf(object.checksums.sha256) : null
  return { key: object.key, bytes: object.size, sha256, type }
}

function failureOf(error: unknown): StorageFailure {
  const message = error instanceof Error ? error.message : ''
  const code = Number(/\((\d{5})\)\s*$/.exec(message)?.[1] ?? 0)
  if (code === BAD_DIGEST) return { kind: 'mismatch', of: 'sha256' }
  if (code === BAD_RANGE) return { kind: 'range' }
  // R2's text may repeat names of files, so only its number is told.
  if (code === 0 || PASSING.includes(code)) return { kind: 'unavailable', message: `R2 error ${code}` }
  return { kind: 'refused', message: `R2 error ${code}` }
}

/** A stream of announced length on its way to R2, with its SHA-256. */
class Counted {
  readonly body: ReadableStream<Uint8Array>
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>
  readonly #source: ReadableStream<Uint8Array>
  readonly #bytes: number

  constructor(source: ReadableStream<Uint8Array>, bytes: number) {
    const { readable, writable } = new FixedLengthStream(bytes)
    this.body = readable as ReadableStream<Uint8Array>
    this.#writer = writable.getWriter() as WritableStreamDefaultWriter<Uint8Array>
    this.#source = source
    this.#bytes = bytes
  }

  /** Null: the length is not as announced. `broken`: the source or R2 ended the stream before its end. */
  async pump(): Promise<string | 'broken' | null> {
    const digest = new crypto.DigestStream('SHA-256')
    const hash = digest.getWriter()
    // Looked at when the stream has gone well; otherwise nobody may be told of its rejection.
    digest.digest.catch(() => undefined)
    const write = (chunk: Uint8Array) => Promise.all([this.#writer.write(chunk), hash.write(chunk)])
    let left = this.#bytes
    // The last piece waits for the end of the source: R2 takes the file as whole as soon as it has the announced length.
    let last = new Uint8Array()
    try {
      for await (const chunk of this.#source as unknown as AsyncIterable<Uint8Array<ArrayBuffer>>) {
        left -= chunk.length
        if (left < 0) break
        await write(last)
        last = chunk
      }
      if (left === 0) await write(last)
      else {
        await Promise.allSettled([this.#writer.abort(new Error('another length')), hash.abort()])
        return null
      }
      await Promise.all([this.#writer.close(), hash.close()])
      return hexOf(await digest.digest)
    } catch {
      await Promise.allSettled([this.#writer.abort(new Error('broken')), hash.abort()])
      return 'broken'
    }
  }
}

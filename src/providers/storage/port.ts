/**
 * The port of a place for files: archives, exports, recordings. A file is whole or it is not there: what does not have the length and the
 * SHA-256 that were named is not stored, and the file that was there before stays.
 */

export type StorageFailure =
  /** there is no file of this name */
  | { kind: 'absent' }
  /** the range begins behind the end of the file */
  | { kind: 'range' }
  /** what was sent is not what was announced; nothing was stored */
  | { kind: 'mismatch'; of: 'length' | 'sha256' }
  /** the request is wrong (a bad name, a number out of bounds), or the place does not let us: not worth repeating */
  | { kind: 'refused'; message: string }
  /** it may pass by itself; what was asked may have been done */
  | { kind: 'unavailable'; message: string }
export type Kept<T> = { ok: true; value: T } | { ok: false; failure: StorageFailure }

export interface StoredFile {
  key: string
  bytes: number
  /** lower-case hex; null: it was stored without being named, and only the answer of `put` had it */
  sha256: string | null
  /** media type, as `audio/mpeg` */
  type: string
}

export interface NewFile {
  key: string
  body: Uint8Array | ReadableStream<Uint8Array>
  bytes: number
  /** lower-case hex; null: not known before the end of the stream. Then it is computed on the way */
  sha256: string | null
  type: string
}

export interface Range {
  from: number
  /** null: to the end */
  bytes: number | null
}

export interface OpenFile {
  file: StoredFile
  body: ReadableStream<Uint8Array>
  /** what `body` has, which is the whole file unless a range was asked for; it ends at the end of the file */
  from: number
  bytes: number
}

export interface FilePage {
  /** in the order of their keys */
  items: StoredFile[]
  /** null: this was the last page */
  next: string | null
}

/** One `delete` takes this many keys, and one page of a list has no more. */
export const FILES_AT_ONCE = 1_000

export interface FileStorage {
  /** Takes the place of a file with this key. The answer has the SHA-256 also when it was not named. */
  put(file: NewFile): Promise<Kept<StoredFile>>
  get(key: string, range?: Range): Promise<Kept<OpenFile>>
  head(key: string): Promise<Kept<StoredFile>>
  /** Keys without a file are no failure. */
  delete(keys: string[]): Promise<Kept<null>>
  /** Files whose key begins with `prefix`, `limit` at most (usual and most: `FILES_AT_ONCE`); `cursor` is the `next` of the page before. */
  list(prefix: string, cursor: string | null, limit?: number): Promise<Kept<FilePage>>
}

/** Parts of letters, digits and `._=-` with slashes between them, none of them `.` or `..`; at most 512 characters. */
const KEY = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9._=-]+(?:\/[A-Za-z0-9._=-]+)*$/
const KEY_CHARS_MAX = 512

export function isKey(text: string): boolean {
  return text.length <= KEY_CHARS_MAX && KEY.test(text)
}

/** What is wrong with an order before anything is sent; null: nothing. */
export function faultOf(file: NewFile): StorageFailure | null {
  if (!isKey(file.key)) return { kind: 'refused', message: 'a bad name' }
  if (!Number.isSafeInteger(file.bytes) || file.bytes < 0) return { kind: 'refused', message: 'a bad length' }
  if (file.sha256 !== null && !/^[0-9a-f]{64}$/.test(file.sha256)) return { kind: 'refused', message: 'a bad sha256' }
  if (file.body instanceof Uint8Array && file.body.length !== file.bytes) return { kind: 'mismatch', of: 'length' }
  return null
}

export function faultOfRange(range: Range | undefined): StorageFailure | null {
  if (range === undefined) return null
  const wrong = (count: number, least: number) => !Number.isSafeInteger(count) || count < least
  if (wrong(range.from, 0) || (range.bytes !== null && wrong(range.bytes, 1)))
    return { kind: 'refused', message: 'a bad range' }
  return null
}

export async function sha256Of(bytes: Uint8Array): Promise<string> {
  return hexOf(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>))
}

export function hexOf(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), byte => byte.toString(16).padStart(2, '0')).join('')
}

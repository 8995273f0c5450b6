/**
 * The files of one month of a log: text, compressed, read back after it was written, and checked by its hash whenever it is read. The
 * last texts stay in memory, because a reader of the sequence takes many pages from one file.
 */
import { type FileStorage, type Kept, type StorageFailure, sha256Of } from '../../../providers/storage/port.ts'

/** What the object remembers of a file. */
export interface Piece {
  bytes: number
  sha256: string
}

/** A file of the archive cannot be had now. What stands in the object stays there, and whoever asked may ask again. */
export class ArchiveFailure extends Error {
  override name = 'ArchiveFailure'
  readonly kind: StorageFailure['kind'] | 'unlike' | 'no-bucket'

  constructor(kind: ArchiveFailure['kind']) {
    super(`the archive of the log: ${kind}`)
    this.kind = kind
  }
}

const TYPE = 'application/gzip'
const TEXTS_KEPT = 2

export class Shelf {
  readonly #storage: FileStorage | null
  readonly #folder: string
  readonly #texts = new Map<string, string>()

  /** `storage` null: this deployment has no bucket (any more). */
  constructor(storage: FileStorage | null, workspaceId: string, month: string) {
    this.#storage = storage
    this.#folder = `log-${workspaceId}/${month}`
  }

  /** Without a bucket nothing is archived. */
  get isThere(): boolean {
    return this.#storage !== null
  }

  /** Compresses and writes, then reads back and compares. Throws `ArchiveFailure`; the file may be there nevertheless. */
  async store(name: string, text: string): Promise<Piece> {
    const body = await compressed(text)
    const piece = { bytes: body.length, sha256: await sha256Of(body) }
    given(await this.#place().put({ key: this.#key(name), body, ...piece, type: TYPE }))
    if ((await this.#fetch(name, piece)) !== text) throw new ArchiveFailure('unlike')
    return piece
  }

  async read(name: string, piece: Piece): Promise<string> {
    const id = `${name} ${piece.sha256}`
    const text = this.#texts.get(id) ?? (await this.#fetch(name, piece))
    this.#texts.delete(id)
    this.#texts.set(id, text)
    for (const oldest of this.#texts.keys()) if (this.#texts.size > TEXTS_KEPT) this.#texts.delete(oldest)
    return text
  }

  async remove(names: string[]): Promise<void> {
    given(await this.#place().delete(names.map(name => this.#key(name))))
  }

  /** Everything of this month, also what no row names. Without a bucket there is nothing. */
  async removeAll(): Promise<void> {
    if (this.#storage === null) return
    for (;;) {
      const { items } = given(await this.#storage.list(`${this.#folder}/`, null))
      if (items.length === 0) return
      given(await this.#storage.delete(items.map(item => item.key)))
    }
  }

  async #fetch(name: string, { sha256 }: Piece): Promise<string> {
    const { body } = given(await this.#place().get(this.#key(name)))
    const bytes = new Uint8Array(await new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer())
    if ((await sha256Of(bytes)) !== sha256) throw new ArchiveFailure('unlike')
    return expanded(bytes)
  }

  #key(name: string): string {
    return `${this.#folder}/${name}`
  }
  #place(): FileStorage {
    if (this.#storage === null) throw new ArchiveFailure('no-bucket')
    return this.#storage
  }
}

function given<T>(kept: Kept<T>): T {
  if (!kept.ok) throw new ArchiveFailure(kept.failure.kind)
  return kept.value
}

async function compressed(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

function expanded(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text()
}

/** A stored recording with both sides mixed to one channel, as it is read: nothing of it is stored. */
import type { FileStorage, Range } from '../../providers/storage/port.ts'
import { MonoMix, type Part } from '../../sound/mono-mix.ts'
import { HEAD_BYTES_MAX, wavHead } from '../../sound/wav-head.ts'

export interface StoredMono {
  /** length of the whole file */
  bytes: number
  /** a part of it, both ends in it; null: it cannot be read now */
  part(part: Part): Promise<ReadableStream<Uint8Array> | null>
}

/** Null: the file is not there now. `none`: it is none that can be mixed. */
export async function monoOf(storage: FileStorage, key: string, bytes: number): Promise<StoredMono | 'none' | null> {
  const begin = await opened(storage, key, { from: 0, bytes: HEAD_BYTES_MAX })
  if (begin === null) return null
  const head = wavHead(new Uint8Array(await new Response(begin as BodyInit).arrayBuffer()), bytes)
  if (head === null) return 'none'
  const mix = new MonoMix(head)
  return {
    bytes: mix.bytes,
    async part(part) {
      const source = mix.source(part)
      const sound = source === null ? null : await opened(storage, key, source)
      return source !== null && sound === null ? null : streamOf(mix.reading(part), sound)
    },
  }
}

async function opened(storage: FileStorage, key: string, range: Range): Promise<ReadableStream<Uint8Array> | null> {
  const file = await storage.get(key, range)
  return file.ok ? file.value.body : null
}

/** `sound` null: only the header is asked for. */
function streamOf(
  { header, mixed }: ReturnType<MonoMix['reading']>,
  sound: ReadableStream<Uint8Array> | null,
): ReadableStream<Uint8Array> {
  const mono = new TransformStream<Uint8Array, Uint8Array>({
    start: out => {
      if (header.length > 0) out.enqueue(header)
    },
    transform: (chunk, out) => {
      const some = mixed(chunk)
      if (some.length > 0) out.enqueue(some)
    },
  })
  const empty = () => new ReadableStream<Uint8Array>({ start: stream => stream.close() })
  return (sound ?? empty()).pipeThrough(mono)
}

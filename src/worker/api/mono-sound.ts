/** A recording with both sides mixed to one channel, as it is read: nothing of it is stored. */
import type { Env } from '../../actors/env.ts'
import type { SoundOf } from '../../actors/recording/contract.ts'
import { storageOf } from '../../providers/registry.ts'
import type { FileStorage, Range } from '../../providers/storage/port.ts'
import { MonoMix } from '../../sound/mono-mix.ts'
import { HEAD_BYTES_MAX, wavHead } from '../../sound/wav-head.ts'
import { Refusal } from '../problem.ts'
import { rangeOf, unsatisfiable, whole } from './sound-range.ts'

/** `header`: the request's `Range`. Throws 404 for what is not stored as WAV. */
export async function monoFrom(env: Env, sound: SoundOf | null, header: string | undefined): Promise<Response> {
  const storage = storageOf(env)
  if (sound?.is !== 'file' || storage === null) throw noMix()
  const head = wavHead(await bytesOf(storage, sound.key, { from: 0, bytes: HEAD_BYTES_MAX }), sound.bytes)
  if (head === null) throw noMix()
  const mix = new MonoMix(head)
  const range = rangeOf(header, mix.bytes)
  if (range === 'unsatisfiable') return unsatisfiable(mix.bytes)
  const part = range ?? { from: 0, to: mix.bytes - 1 }
  const source = mix.source(part)
  const body = source === null ? null : (await opened(storage, sound.key, source)).body
  const mixed = mix.part(part, body)
  // A stream that says its length is sent with it.
  const { readable, writable } = new FixedLengthStream(part.to - part.from + 1)
  mixed.pipeTo(writable).catch(() => undefined)
  return whole(readable, mix.bytes, range)
}

const noMix = () => new Refusal(404, 'There is no file of this recording that can be mixed.')

async function opened(storage: FileStorage, key: string, range: Range) {
  const file = await storage.get(key, range)
  if (!file.ok) throw new Refusal(503, 'The sound cannot be read now. Try again in a moment.')
  return file.value
}

async function bytesOf(storage: FileStorage, key: string, range: Range): Promise<Uint8Array> {
  return new Uint8Array(await new Response((await opened(storage, key, range)).body).arrayBuffer())
}

/** The mono mix of a recording over HTTP, whole or in part. */
import type { Env } from '../../actors/env.ts'
import type { SoundOf } from '../../actors/recording/contract.ts'
import { monoOf } from '../../actors/recording/mono.ts'
import { storageOf } from '../../providers/registry.ts'
import { Refusal } from '../problem.ts'
import { rangeOf, unsatisfiable, whole } from './sound-range.ts'

/** `header`: the request's `Range`. Throws 404 for what is not stored as WAV, and 503 when it cannot be read now. */
export async function monoFrom(env: Env, sound: SoundOf | null, header: string | undefined): Promise<Response> {
  const storage = storageOf(env)
  const none = () => new Refusal(404, 'There is no file of this recording that can be mixed.')
  const away = () => new Refusal(503, 'The sound cannot be read now. Try again in a moment.')
  if (sound?.is !== 'file' || storage === null) throw none()
  const mono = await monoOf(storage, sound.key, sound.bytes)
  if (mono === null) throw away()
  if (mono === 'none') throw none()
  const range = rangeOf(header, mono.bytes)
  if (range === 'unsatisfiable') return unsatisfiable(mono.bytes)
  const part = range ?? { from: 0, to: mono.bytes - 1 }
  const mixed = await mono.part(part)
  if (mixed === null) throw away()
  // A stream that says its length is sent with it.
  const { readable, writable } = new FixedLengthStream(part.to - part.from + 1)
  mixed.pipeTo(writable).catch(() => undefined)
  return whole(readable, mono.bytes, range)
}

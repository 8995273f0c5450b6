/** Reads the body of a request, never more of it than the door allows, whatever its length says. */
import { Refusal } from './problem.ts'

/**
 * The size is counted while the body arrives, because a chunked one states no length and an unsigned one may have any. What is
 * above `bytesMax` is never taken into memory. A body that breaks off, or whose framing is broken, is the sender's mistake.
 */
export async function bytesOf(request: Request, bytesMax: number): Promise<Uint8Array> {
  const tooLarge = () => new Refusal(413, 'The body is too large.')
  if (Number(request.headers.get('Content-Length') ?? 0) > bytesMax) throw tooLarge()
  const reader = request.body?.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (; reader !== undefined; ) {
    const { done, value } = await reader.read().catch(() => {
      throw new Refusal(400, 'The body cannot be read.', [{ field: 'body', message: 'broke off' }])
    })
    if (done) break
    size += value.byteLength
    if (size > bytesMax) {
      await reader.cancel().catch(() => undefined)
      throw tooLarge()
    }
    chunks.push(value)
  }
  return joined(chunks, size)
}

/** The same as text; what is not UTF-8 is refused. */
export async function textOf(request: Request, bytesMax: number): Promise<string> {
  const bytes = await bytesOf(request, bytesMax)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    throw new Refusal(400, 'The body is not UTF-8.', [{ field: 'body', message: 'not UTF-8' }])
  }
}

function joined(chunks: Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}

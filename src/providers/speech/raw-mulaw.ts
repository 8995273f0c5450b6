/** Refuses sound that is not raw µ-law: a file or a page, played as µ-law, would be loud noise in the caller's ear. */
import { joinedBytes } from '../../sound/bytes.ts'
import { ProviderFailure } from '../failure.ts'
import { looksOf } from './sound-file.ts'

/** Yields the same pieces if they are raw sound; otherwise throws `ProviderFailure` before the first piece. */
export async function* rawMulaw(provider: string, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | null = new Uint8Array(0)
  for await (const piece of pieces) {
    if (head === null) {
      yield piece
      continue
    }
    head = head.length === 0 ? piece : joinedBytes([head, piece])
    const looks = looksOf(head, false)
    if (looks === 'unsure') continue
    if (looks !== 'raw') throw notRaw(provider)
    yield head
    head = null
  }
  if (head === null || head.length === 0) return
  if (looksOf(head, true) !== 'raw') throw notRaw(provider)
  yield head
}

function notRaw(provider: string): ProviderFailure {
  return new ProviderFailure(provider, 'refused', 'it answered with a file, not with raw sound')
}

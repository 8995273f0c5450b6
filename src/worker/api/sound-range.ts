/** Sound over HTTP: a player that jumps asks for a part (RFC 9110, 14.2). */

/** Both ends belong to it. */
export interface ByteRange {
  from: number
  to: number
}

/** Null: the whole is given, as for a header that we do not understand or that names several parts. */
export function rangeOf(header: string | undefined, bytes: number): ByteRange | 'unsatisfiable' | null {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '')
  if (found === null) return null
  const [, first = '', last = ''] = found
  if (first === '' && last === '') return null
  if (first === '') {
    const length = Math.min(Number(last), bytes)
    return length === 0 ? 'unsatisfiable' : { from: bytes - length, to: bytes - 1 }
  }
  const from = Number(first)
  const to = last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1)
  if (from >= bytes) return 'unsatisfiable'
  return to < from ? null : { from, to }
}

/** `body` has the range, or everything when there is none. */
export function whole(body: BodyInit, bytes: number, range: ByteRange | null, type = 'audio/wav'): Response {
  const headers: Record<string, string> = {
    'Content-Type': type,
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, no-store',
    'Content-Length': String(range === null ? bytes : range.to - range.from + 1),
  }
  if (range === null) return new Response(body, { headers })
  headers['Content-Range'] = `bytes ${range.from}-${range.to}/${bytes}`
  return new Response(body, { status: 206, headers })
}

export function unsatisfiable(bytes: number): Response {
  return new Response(null, { status: 416, headers: { 'Content-Range': `bytes */${bytes}` } })
}

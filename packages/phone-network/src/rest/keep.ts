import type { BookChange, BookPart } from '../engine/book.ts'
import { RestError } from './rest-error.ts'
import type { RestAnswer, RestAsk } from './route.ts'

/** Writes REST's changes into the account's book. */

/** Returns the SID. Throws 20403 when that part of the book is full. */
export function keep(ask: RestAsk, change: BookChange): string {
  const kept = ask.take({ kind: 'book.kept', change }).facts.find(fact => fact.kind === 'book-changed')
  if (!kept) throw new RestError(403, 20403, `The account cannot have more of these: ${change.of}`)
  return kept.sid
}

export function drop(ask: RestAsk, of: BookPart, sid: string): RestAnswer {
  ask.take({ kind: 'book.dropped', of, sid })
  return { status: 204, body: null }
}

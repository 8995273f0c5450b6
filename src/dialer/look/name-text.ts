/** Names within plain text, where no element can keep them apart (`PersonName` does on the screen). */

/** Marks that turn the direction of the text after them. */
const TURNS = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g
const [FIRST_STRONG_ISOLATE, POP_ISOLATE] = ['\u2068', '\u2069']

/** For labels that are read and not drawn. */
export function withoutTurns(name: string): string {
  return name.replace(TURNS, '')
}

/** For sentences: what the name turns round ends with the name. A name without such marks stays as it is. */
export function isolated(name: string): string {
  const plain = withoutTurns(name)
  if (plain === name) return name
  // A mark that ends an isolate would end ours too soon.
  return `${FIRST_STRONG_ISOLATE}${name.replace(/[\u2066-\u2069]/g, '')}${POP_ISOLATE}`
}

/** The unit of synthesis: the first sentence is heard while the next one is made. */

/** Longer sentences are cut at a blank. */
export const SENTENCE_CHARS_MAX = 400
/** An end: . ! ? or a line break, then a blank; not after a single letter or a title ("Dr."), not inside a number. */
const END = /(?<!\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|No|vs|etc))[.!?]+["')\]]*(?=\s)|\n+/g

/** Sentences with nothing lost but the blanks between them. */
export function sentencesOf(text: string): string[] {
  const found: string[] = []
  let from = 0
  for (const end of text.matchAll(END)) {
    found.push(text.slice(from, end.index + end[0].length))
    from = end.index + end[0].length
  }
  found.push(text.slice(from))
  return found.flatMap(short).filter(sentence => sentence !== '')
}

function short(sentence: string): string[] {
  const text = sentence.trim()
  if (text.length <= SENTENCE_CHARS_MAX) return [text]
  const blank = text.lastIndexOf(' ', SENTENCE_CHARS_MAX)
  const at = blank > 0 ? blank : SENTENCE_CHARS_MAX
  return [text.slice(0, at).trim(), ...short(text.slice(at))]
}

/** Whole sentences of a text that still grows, and what is left of it. */
export function wholeSentences(text: string): { whole: string[]; rest: string } {
  const last = [...text.matchAll(END)].at(-1)
  const at = last ? last.index + last[0].length : 0
  return { whole: sentencesOf(text.slice(0, at)), rest: text.slice(at).trimStart() }
}

/** Estimates which words of a sentence were heard when only part of its sound was played. */

/** Speaking time per character (150 words a minute), used only while the length of a sentence's sound is not known. */
const MS_PER_CHARACTER = 65

/**
 * The words whose sound had ended after `playedMs`, as they stand in the text. `totalMs`: the length of the sentence's sound, null
 * while it is not known; `arrivedMs`: how much of it has arrived. The estimate assumes that all letters take the same time. A word
 * that was cut off counts as not heard.
 */
export function heardPart(text: string, playedMs: number, arrivedMs: number, totalMs: number | null): string {
  const whole = totalMs ?? Math.max(arrivedMs, text.length * MS_PER_CHARACTER)
  if (playedMs <= 0 || whole <= 0) return ''
  const reached = (playedMs / whole) * text.length
  let end = 0
  for (const word of text.matchAll(/\S+/g)) {
    const wordEnd = word.index + word[0].length
    if (wordEnd > reached + 1e-9) break
    end = wordEnd
  }
  return text.slice(0, end)
}

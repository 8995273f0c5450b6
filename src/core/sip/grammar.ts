/** The small parts that headers are made of: tokens, lists outside quotes, parameters. Null is always: malformed. */

/** A parameter without a value has the empty text. Names are in small letters, each one once. */
export type Parameters = readonly (readonly [name: string, value: string])[]

const TOKEN = /^[A-Za-z0-9.!%*_+`'~-]+$/

export function isToken(text: string): boolean {
  return TOKEN.test(text)
}

/** A whole number in digits alone; null: it is not one, or it is larger than `most`. */
export function wholeNumber(text: string, most: number): number | null {
  if (!/^\d{1,10}$/.test(text)) return null
  const value = Number(text)
  return value <= most ? value : null
}

/** The pieces between separators that stand in no quotes and no angle brackets; null: a quote or a bracket is open at the end. */
export function splitOutside(text: string, separator: ',' | ';'): string[] | null {
  const pieces: string[] = []
  let [quoted, angled, from] = [false, false, 0]
  for (let at = 0; at < text.length; at += 1) {
    const one = text[at]
    if (quoted) {
      if (one === '\\') at += 1
      else if (one === '"') quoted = false
    } else if (one === '"') quoted = true
    else if (one === '<') angled = true
    else if (one === '>') angled = false
    else if (one === separator && !angled) {
      pieces.push(text.slice(from, at).trim())
      from = at + 1
    }
  }
  pieces.push(text.slice(from).trim())
  return quoted || angled ? null : pieces
}

/** `;tag=a;lr` or nothing. */
export function parseParameters(text: string): Parameters | null {
  const trimmed = text.trim()
  if (trimmed === '') return []
  const [before, ...pieces] = splitOutside(trimmed, ';') ?? ['malformed']
  return before === '' ? pairsOf(pieces) : null
}

/** `name=value` or `name`, each; used for parameters and for the fields of a digest. */
export function pairsOf(pieces: readonly string[]): Parameters | null {
  const found = new Map<string, string>()
  for (const piece of pieces) {
    const at = piece.indexOf('=')
    const name = (at < 0 ? piece : piece.slice(0, at)).trim().toLowerCase()
    const value = at < 0 ? '' : unquoted(piece.slice(at + 1).trim())
    if (!isToken(name) || value === null || found.has(name)) return null
    found.set(name, value)
  }
  return [...found]
}

export function parameter(parameters: Parameters, name: string): string | null {
  return parameters.find(([one]) => one === name)?.[1] ?? null
}

/** The text inside quotes without its escapes, or a text without quotes as it is; null: neither. */
export function unquoted(text: string): string | null {
  if (!text.startsWith('"')) return text.includes('"') ? null : text
  const inside = /^"((?:[^"\\]|\\.)*)"$/.exec(text)?.[1]
  return inside === undefined ? null : inside.replaceAll(/\\(.)/g, '$1')
}

/** What stands between quotes in a header that we write. */
export function escaped(text: string): string {
  return text.replaceAll(/[\\"]/g, '\\$&')
}

/** A value on one line: a line end or another control character in it becomes a space, so nobody adds a header. */
export function onOneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  return text.replaceAll(/[\u0000-\u0008\u000a-\u001f\u007f]+/g, ' ')
}

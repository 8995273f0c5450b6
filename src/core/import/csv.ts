/**
 * Reads separated values (RFC 4180 and what programs make of it): quotes, separators and line ends inside quotes, CR, LF and CRLF. Text comes
 * in pieces of any size, so a file is never in memory as a whole.
 */
export const SEPARATORS = [',', ';', '\t', '|'] as const
export type Separator = (typeof SEPARATORS)[number]

/** A longer field is a quote that nobody has closed. */
export const FIELD_CHARS_MAX = 32_000
export const COLUMNS_MAX = 200

/** Why a file cannot be read on, with the record where it happened. */
export class BrokenFile extends Error {}

const QUOTE = 34
const LF = 10
const CR = 13

export class CsvReader {
  readonly #separator: number
  #state: 'begin' | 'plain' | 'quoted' | 'closing' = 'begin'
  #field = ''
  #fields: string[] = []
  #records = 0
  #afterCr = false

  constructor(separator: Separator) {
    this.#separator = separator.charCodeAt(0)
  }

  /** The records that end in this piece. A line without anything is a record with one empty field. */
  push(text: string): string[][] {
    const records: string[][] = []
    let from = 0
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at)
      if (this.#afterCr) {
        this.#afterCr = false
        if (code === LF) {
          from = at + 1
          continue
        }
      }
      if (this.#state === 'quoted') {
        if (code !== QUOTE) continue
        this.#take(text, from, at)
        this.#state = 'closing'
        from = at + 1
        continue
      }
      if (code === QUOTE && this.#state !== 'plain') {
        // A second quote is a quote of the text; one at the beginning opens the field.
        from = this.#state === 'closing' ? at : at + 1
        this.#state = 'quoted'
        continue
      }
      const ends = code === LF || code === CR
      if (!ends && code !== this.#separator) {
        this.#state = 'plain'
        continue
      }
      this.#take(text, from, at)
      this.#endField()
      from = at + 1
      if (!ends) continue
      records.push(this.#endRecord())
      this.#afterCr = code === CR
    }
    this.#take(text, from, text.length)
    return records
  }

  /** The last record, when the file does not end with a line end. */
  end(): string[][] {
    if (this.#state === 'quoted') throw this.#unclosed()
    if (this.#state === 'begin' && this.#fields.length === 0) return []
    this.#endField()
    return [this.#endRecord()]
  }

  #take(text: string, from: number, to: number): void {
    if (to > from) this.#field += text.slice(from, to)
    if (this.#field.length > FIELD_CHARS_MAX) throw this.#unclosed()
  }

  #endField(): void {
    this.#fields.push(this.#field)
    this.#field = ''
    this.#state = 'begin'
    if (this.#fields.length > COLUMNS_MAX)
      throw new BrokenFile(`row ${this.#records + 1} has more than ${COLUMNS_MAX} columns`)
  }

  #endRecord(): string[] {
    const record = this.#fields
    this.#fields = []
    this.#records += 1
    return record
  }

  #unclosed(): BrokenFile {
    return new BrokenFile(`row ${this.#records + 1} has a quote that is never closed`)
  }
}

/** A first line by which a spreadsheet is told the separator. */
const STATED = /^sep=([,;\t|])\r?\n/i

/** `begin`: the first some thousand characters. `skip`: characters that are no data. */
export function separatorOf(begin: string): { separator: Separator; skip: number } {
  const stated = STATED.exec(begin)
  if (stated) return { separator: stated[1] as Separator, skip: stated[0].length }
  let best: { separator: Separator; score: number } = { separator: ',', score: 0 }
  for (const separator of SEPARATORS) {
    const score = evenness(begin, separator)
    if (score > best.score) best = { separator, score }
  }
  return { separator: best.separator, skip: 0 }
}

/** How evenly the separator cuts rows: the share of rows with as many columns as the first; a separator that cuts nothing has none. */
function evenness(begin: string, separator: Separator): number {
  let records: string[][]
  try {
    const reader = new CsvReader(separator)
    records = reader.push(begin)
    if (records.length === 0) records = reader.end()
  } catch {
    return 0
  }
  const filled = records.filter(one => one.length > 1 || one[0] !== '')
  const width = filled[0]?.length ?? 1
  if (width < 2) return 0
  const even = filled.filter(one => one.length === width).length / filled.length
  return even * 100 + Math.min(width, 50)
}

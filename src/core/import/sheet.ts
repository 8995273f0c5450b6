/**
 * The XML of a spreadsheet's parts, piece by piece: the rows of a sheet, the list of shared texts, and which styles are dates. Formulas are not
 * evaluated: the value that the spreadsheet has stored for them is taken.
 */
import { BrokenFile, COLUMNS_MAX, FIELD_CHARS_MAX } from './csv.ts'

/** A cell as the sheet has it; a shared text is a number in the list of texts. */
export type SheetCell = { shared: number } | string

const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));/g
const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

export function unescaped(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(ENTITY, (_, decimal?: string, hex?: string, name = '') => {
    if (decimal === undefined && hex === undefined) return NAMED[name] ?? ''
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\uFFFD'
  })
}

/** The pieces of a document of one element, each from its opening to its closing tag: `<row …>…</row>`. */
export class Elements {
  readonly #open: RegExp
  readonly #close: string
  readonly #charsMax: number
  #text = ''

  constructor(name: string, charsMax: number) {
    this.#open = new RegExp(`<${name}(?=[\\s/>])[^<>]*>`)
    this.#close = `</${name}>`
    this.#charsMax = charsMax
  }

  push(piece: string): string[] {
    this.#text += piece
    const found: string[] = []
    for (;;) {
      const open = this.#open.exec(this.#text)
      if (open === null) {
        // A tag may be cut off in its middle.
        this.#text = this.#text.slice(Math.max(0, this.#text.lastIndexOf('<')))
        break
      }
      const after = open.index + open[0].length
      if (open[0].endsWith('/>')) {
        found.push(open[0])
        this.#text = this.#text.slice(after)
        continue
      }
      const close = this.#text.indexOf(this.#close, after)
      if (close < 0) {
        this.#text = this.#text.slice(open.index)
        break
      }
      found.push(this.#text.slice(open.index, close + this.#close.length))
      this.#text = this.#text.slice(close + this.#close.length)
    }
    if (this.#text.length > this.#charsMax) throw new BrokenFile('the spreadsheet has a row or a text that is too long')
    return found
  }
}

const ROW_CHARS_MAX = 4_000_000
export const rowElements = () => new Elements('row', ROW_CHARS_MAX)
export const textElements = () => new Elements('si', 4 * FIELD_CHARS_MAX)

const TEXT = /<t(?:\s[^<>]*)?>([^<]*)<\/t>/g
/** How a text is spoken in Japanese is no part of it. */
const PHONETIC = /<rPh[\s>](?:(?!<rPh[\s>])[\s\S])*?<\/rPh>/g

export function textOfItem(element: string): string {
  const parts = [...element.replace(PHONETIC, '').matchAll(TEXT)].map(([, text = '']) => unescaped(text))
  return parts.join('').replace(/_x000D_/g, '')
}

/** No tag has another one inside, and no cell another cell: a text of a million openings is read once, and not from each of them to its end. */
const CELL = /<c(?=[\s/>])([^<>]*?)(?:\/>|>((?:(?!<c[\s/>])[\s\S])*?)<\/c>)/g

/** The row's number in the sheet, and its cells by their place. */
export function cellsOfRow(
  element: string,
  isDate: (style: number) => boolean,
): { n: number | null; cells: SheetCell[] } {
  const head = element.slice(0, element.indexOf('>'))
  const cells: SheetCell[] = []
  for (const [, attributes = '', inside = ''] of element.matchAll(CELL)) {
    const column = columnOf(attributeOf(attributes, 'r')) ?? cells.length
    if (column >= COLUMNS_MAX) throw new BrokenFile(`a row has more than ${COLUMNS_MAX} columns`)
    while (cells.length < column) cells.push('')
    cells[column] = cellOf(attributes, inside, isDate)
  }
  const n = Number(attributeOf(head, 'r') ?? Number.NaN)
  return { n: Number.isInteger(n) ? n : null, cells }
}

const ATTRIBUTES = new Map(
  ['r', 's', 't', 'numFmtId', 'formatCode'].map(name => [name, new RegExp(`(?:^|\\s)${name}="([^"]*)"`)]),
)

function attributeOf(attributes: string, name: string): string | null {
  return ATTRIBUTES.get(name)?.exec(attributes)?.[1] ?? null
}

/** `AB12` → 27 */
function columnOf(place: string | null): number | null {
  const letters = /^[A-Z]{1,3}/.exec(place ?? '')?.[0]
  if (letters === undefined) return null
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
}

function cellOf(attributes: string, inside: string, isDate: (style: number) => boolean): SheetCell {
  const type = attributeOf(attributes, 't') ?? 'n'
  if (type === 'inlineStr') return textOfItem(inside)
  const value = unescaped(/<v(?:\s[^<>]*)?>([^<]*)<\/v>/.exec(inside)?.[1] ?? '')
  if (value === '') return ''
  switch (type) {
    case 's':
      return { shared: Number(value) }
    case 'b':
      return value === '1' ? 'true' : 'false'
    case 'n':
      return isDate(Number(attributeOf(attributes, 's') ?? 0)) ? dateText(value) : numberText(value)
    default:
      // A text that a formula made, a date as a text, or an error such as #N/A.
      return value
  }
}

/** Whole numbers are written out, because a sheet stores 14155550142 as 1.4155550142E10. */
function numberText(value: string): string {
  const number = Number(value)
  return Number.isSafeInteger(number) ? String(number) : value
}

const DAY_MS = 86_400_000
/** Day 0 of a sheet, with the day that 1900 did not have. */
const EPOCH_MS = Date.UTC(1899, 11, 30)

function dateText(value: string): string {
  const days = Number(value)
  if (!Number.isFinite(days) || days < 0 || days > 2_958_465) return value
  return new Date(EPOCH_MS + Math.floor(days) * DAY_MS).toISOString().slice(0, 10)
}

/** Formats of dates and times that need no description in the file. */
const isBuiltIn = (id: number) =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)

/** Which styles of cells show dates. */
export function dateStyles(stylesXml: string): (style: number) => boolean {
  const own = new Map<number, boolean>()
  for (const [tag] of stylesXml.matchAll(/<numFmt\s[^<>]*>/g)) {
    const code = unescaped(attributeOf(tag, 'formatCode') ?? '')
    // Letters in quotes, in brackets and behind a backslash are shown as they are.
    const letters = code.replace(/"[^"]*"|\[[^\][]*\]|\\./g, '')
    own.set(
      Number(attributeOf(tag, 'numFmtId')),
      /[dmyhs]/i.test(letters) && !/[#0?]/.test(letters.replace(/s\.0+/g, '')),
    )
  }
  const cellXfs = /<cellXfs[\s>](?:(?!<cellXfs[\s>])[\s\S])*?<\/cellXfs>/.exec(stylesXml)?.[0] ?? ''
  const isDateOf = [...cellXfs.matchAll(/<xf\s[^<>]*>/g)].map(([tag]) => {
    const id = Number(attributeOf(tag, 'numFmtId') ?? 0)
    return own.get(id) ?? isBuiltIn(id)
  })
  return style => isDateOf[style] ?? false
}

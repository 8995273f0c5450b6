/** A file as records, some at a time. What a spreadsheet needs of its file again is put into the object's tables, not into memory. */
import { BrokenFile, CsvReader, separatorOf } from '../../core/import/csv.ts'
import { cellsOfRow, dateStyles, rowElements, textElements, textOfItem } from '../../core/import/sheet.ts'
import type { ImportState } from './contract.ts'
import { SharedTexts } from './shared-texts.ts'
import { FILE_BYTES_MAX } from './tables.ts'
import { joined, TextReader } from './text.ts'
import { type StoredBytes, Zip } from './zip.ts'

/** `n`: which row of the file it is, from 1 */
export interface Record {
  n: number
  cells: string[]
}
type About = Partial<Pick<ImportState, 'kind' | 'encoding' | 'separator'>>
export interface Source {
  sql: SqlStorage
  /** is told what kind of file it is, as soon as that is known */
  tell(about: About): void
}

/** So many characters are looked at before the separator is chosen. */
const LOOKED_AT = 16_384
/** One row, and all rows of a list: a spreadsheet may name one long text in every cell. */
const ROW_CHARS_MAX = 400_000
const CHARS_MAX = 200_000_000
const tooLarge = () => new BrokenFile(`the file is larger than ${FILE_BYTES_MAX / 1024 / 1024} MiB`)

async function* bytesOf(file: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = file.getReader()
  let size = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      size += value.byteLength
      if (size > FILE_BYTES_MAX) throw tooLarge()
      yield value
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** Records without any text are left out. */
export async function* recordsOf(file: ReadableStream<Uint8Array>, source: Source): AsyncGenerator<Record[]> {
  const pieces = bytesOf(file)
  let begin: Uint8Array = new Uint8Array(0)
  while (begin.length < 8) {
    const { done, value } = await pieces.next()
    if (done) break
    begin = joined(begin, value)
  }
  if (begin.length === 0) throw new BrokenFile('the file is empty')
  const kind = kindOf(begin)
  source.tell({ kind })
  const records = kind === 'csv' ? separated(begin, pieces, source) : sheet(begin, pieces, source)
  let chars = 0
  for await (const some of records) {
    for (const { n, cells } of some) {
      const length = cells.reduce((sum, cell) => sum + cell.length, 0)
      chars += length
      if (length > ROW_CHARS_MAX) throw new BrokenFile(`row ${n} is longer than ${ROW_CHARS_MAX} characters`)
      if (chars > CHARS_MAX) throw new BrokenFile('the list has too much text')
    }
    const filled = some.filter(({ cells }) => cells.some(cell => cell.trim() !== ''))
    if (filled.length > 0) yield filled
  }
}

function kindOf(begin: Uint8Array): 'csv' | 'xlsx' {
  const starts = (...bytes: number[]) => bytes.every((byte, at) => begin[at] === byte)
  if (starts(0x50, 0x4b, 3, 4)) return 'xlsx'
  if (starts(0xd0, 0xcf, 0x11, 0xe0))
    throw new BrokenFile('this is an old or a locked Excel file; save it as .xlsx without a password, or as CSV')
  if (starts(0x25, 0x50, 0x44, 0x46)) throw new BrokenFile('this is a PDF, not a list')
  return 'csv'
}

async function* separated(
  begin: Uint8Array,
  pieces: AsyncGenerator<Uint8Array>,
  { tell }: Source,
): AsyncGenerator<Record[]> {
  const text = new TextReader()
  let held: string | null = text.push(begin)
  let reader: CsvReader | null = null
  let n = 0
  const numbered = (records: string[][]): Record[] =>
    records.map(cells => {
      n += 1
      return { n, cells }
    })
  const start = (all: string): string => {
    const { separator, skip } = separatorOf(all.slice(0, LOOKED_AT))
    reader = new CsvReader(separator)
    tell({ separator })
    return all.slice(skip)
  }
  const readOn = (piece: string): Record[] => {
    if (held === null) return numbered((reader as CsvReader).push(piece))
    held += piece
    if (held.length < LOOKED_AT) return []
    const rest = start(held)
    held = null
    return numbered((reader as unknown as CsvReader).push(rest))
  }
  yield readOn('')
  for await (const bytes of pieces) yield readOn(text.push(bytes))
  const last = text.end()
  tell({ encoding: text.encoding ?? 'utf-8' })
  const rest = held === null ? last : start(held + last)
  const csv = reader as CsvReader | null
  if (csv === null) return
  yield numbered(csv.push(rest))
  yield numbered(csv.end())
}

/** Bytes in one row of the table. */
const PIECE = 1024 * 1024

async function* sheet(
  begin: Uint8Array,
  pieces: AsyncGenerator<Uint8Array>,
  { sql }: Source,
): AsyncGenerator<Record[]> {
  const size = await keep(begin, pieces, sql)
  const zip = new Zip(stored(sql, size))
  const name = sheetOf(zip)
  const texts = textsOf(zip, sql)
  const isDate = dateStyles(zip.has('xl/styles.xml') ? zip.text('xl/styles.xml') : '')
  const rows = rowElements()
  let last = 0
  for (const piece of zip.pieces(name)) {
    yield rows.push(piece).map(element => {
      const { n, cells } = cellsOfRow(element, isDate)
      last = n !== null && n > last ? n : last + 1
      return { n: last, cells: cells.map(cell => (typeof cell === 'string' ? cell : texts.at(cell.shared))) }
    })
  }
  sql.exec('DELETE FROM file')
  sql.exec('DELETE FROM texts')
}

async function keep(begin: Uint8Array, pieces: AsyncGenerator<Uint8Array>, sql: SqlStorage): Promise<number> {
  const piece = new Uint8Array(PIECE)
  let [n, filled] = [0, 0]
  const write = () => {
    sql.exec('INSERT INTO file (n, bytes) VALUES (?, ?)', n, piece.slice(0, filled).buffer)
    n += 1
  }
  const take = (bytes: Uint8Array) => {
    for (let from = 0; from < bytes.length; ) {
      const some = bytes.subarray(from, from + PIECE - filled)
      piece.set(some, filled)
      filled += some.length
      from += some.length
      if (filled < PIECE) continue
      write()
      filled = 0
    }
  }
  take(begin)
  for await (const bytes of pieces) take(bytes)
  write()
  return (n - 1) * PIECE + filled
}

function stored(sql: SqlStorage, size: number): StoredBytes {
  let known: { n: number; bytes: Uint8Array } | null = null
  const pieceOf = (n: number): Uint8Array => {
    if (known?.n === n) return known.bytes
    const [row] = sql.exec<{ bytes: ArrayBuffer }>('SELECT bytes FROM file WHERE n = ?', n).toArray()
    known = { n, bytes: new Uint8Array(row?.bytes ?? new ArrayBuffer(0)) }
    return known.bytes
  }
  return {
    size,
    slice(from, to) {
      let bytes: Uint8Array = new Uint8Array(0)
      for (let n = Math.floor(from / PIECE); n * PIECE < to; n += 1) {
        const part = pieceOf(n).subarray(Math.max(0, from - n * PIECE), Math.max(0, to - n * PIECE))
        bytes = bytes.length === 0 ? part : joined(bytes, part)
      }
      return bytes
    },
  }
}

/** The first sheet that is shown. */
function sheetOf(zip: Zip): string {
  const usual = 'xl/worksheets/sheet1.xml'
  if (!zip.has('xl/workbook.xml')) throw new BrokenFile('this file is no spreadsheet')
  const tags = [...zip.text('xl/workbook.xml').matchAll(/<sheet\s[^<>]*>/g)].map(([tag]) => tag)
  const id = /r:id="([^"]+)"/.exec(tags.find(tag => !/state="(very)?hidden"/i.test(tag)) ?? '')?.[1]
  const rels = zip.has('xl/_rels/workbook.xml.rels') ? zip.text('xl/_rels/workbook.xml.rels') : ''
  const relation = [...rels.matchAll(/<Relationship\s[^<>]*>/g)].find(([tag]) => tag.includes(` Id="${id}"`))?.[0] ?? ''
  const target = /Target="([^"]+)"/.exec(relation)?.[1]
  const name = target === undefined ? usual : target.startsWith('/') ? target.slice(1) : `xl/${target}`
  if (!zip.has(name)) throw new BrokenFile('the spreadsheet has no sheet that can be read')
  return name
}

function textsOf(zip: Zip, sql: SqlStorage): SharedTexts {
  const texts = new SharedTexts(sql)
  if (!zip.has('xl/sharedStrings.xml')) return texts
  const items = textElements()
  for (const piece of zip.pieces('xl/sharedStrings.xml'))
    for (const element of items.push(piece)) texts.add(textOfItem(element))
  texts.close()
  return texts
}

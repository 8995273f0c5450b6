/** How rows stand in the files of the archive: one JSON object per line, with the names of the columns, so that a file can be read without us. */
import type { Facets } from './segments.ts'

export type Row = Record<string, SqlStorageValue>
/** The lines of both files of a segment. */
export interface Texts {
  plain: string
  personal: string
}

/** An event as it stands in a file. */
export interface ArchivedEvent {
  n: number
  source: string
  seq: number
  type: string
  at: number
  call_id: string | null
  about: Record<string, string>
  data: Record<string, unknown>
}
export interface ArchivedPersonal {
  n: number
  personal: Record<string, unknown>
}

/** Columns of a call that are personal values. */
const PERSONAL = ['name', 'number', 'dial_from', 'note']
/** Columns of a call by which a segment is left out of a search, and how many values of one are remembered. */
const FACETS = ['direction', 'outcome', 'result', 'agent_id']
const VALUES_MAX = 100

/** Rows of the table `events`. What is JSON there stays as it is. */
export function textsOfEvents(rows: Row[]): Texts {
  const plain = rows.map(
    ({ n, source, seq, type, at, call_id: call, about, data }) =>
      `{"n":${n},"source":${JSON.stringify(source)},"seq":${seq},"type":${JSON.stringify(type)},"at":${at},"call_id":${JSON.stringify(call)},"about":${about},"data":${data}}`,
  )
  const personal = rows.flatMap(({ n, personal }) => (personal === null ? [] : [`{"n":${n},"personal":${personal}}`]))
  return { plain: plain.join('\n'), personal: personal.join('\n') }
}

/** Rows of the table `calls`. */
export function textsOfCalls(rows: Row[]): Texts {
  const plain: string[] = []
  const personal: string[] = []
  for (const row of rows) {
    const own = Object.fromEntries(PERSONAL.map(column => [column, row[column]]))
    plain.push(JSON.stringify(Object.fromEntries(Object.entries(row).filter(([column]) => !PERSONAL.includes(column)))))
    personal.push(JSON.stringify({ call_id: row.call_id, ...own }))
  }
  return { plain: plain.join('\n'), personal: personal.join('\n') }
}

export function facetsOf(rows: Row[]): Facets {
  return Object.fromEntries(
    FACETS.map(column => {
      const values = [...new Set(rows.map(row => row[column] as string | null))]
      return [column, values.length > VALUES_MAX ? null : values]
    }),
  )
}

/** The lines of a text, or those that may have this id in them: most lines are never parsed. */
export function linesOf<T>(text: string, having: string | null = null): T[] {
  const lines = text === '' ? [] : text.split('\n')
  const sign = having === null ? null : JSON.stringify(having)
  return lines.filter(line => sign === null || line.includes(sign)).map(line => JSON.parse(line) as T)
}

/** Rows of calls from their two texts. An erased person has no line among the personal values. */
export function callsOf(texts: Texts): Row[] {
  const personal = new Map(linesOf<Row>(texts.personal).map(row => [row.call_id, row]))
  return linesOf<Row>(texts.plain).map(row => whole(row, personal.get(row.call_id)))
}

/** The row of one call; null: it is not in these texts. */
export function callIn(texts: Texts, column: 'call_id' | 'provider_id', id: string): Row | null {
  const row = linesOf<Row>(texts.plain, id).find(one => one[column] === id)
  if (!row) return null
  const callId = row.call_id as string
  return whole(
    row,
    linesOf<Row>(texts.personal, callId).find(one => one.call_id === callId),
  )
}

function whole(plain: Row, personal: Row | undefined): Row {
  return { ...Object.fromEntries(PERSONAL.map(column => [column, ''])), ...plain, ...personal }
}

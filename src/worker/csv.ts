/** Rows as CSV (RFC 4180) that a spreadsheet opens: a text that it would take for a formula gets an apostrophe. */
const FORMULA = /^[=+\-@\t\r]/
const QUOTED = /[",\r\n]/

export function csvOf<Row extends object>(columns: readonly (keyof Row & string)[], rows: readonly Row[]): string {
  return [csvLine(columns), ...rows.map(row => csvLine(columns.map(name => row[name])))].join('')
}

/** One line with its end. */
export function csvLine(cells: readonly unknown[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const text = FORMULA.test(String(value)) ? `'${String(value)}` : String(value)
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Lines as they are made, so that a long table is never in memory as a whole. */
export function csvResponse(lines: AsyncGenerator<string>): Response {
  const encoder = new TextEncoder()
  let isFirst = true
  const body = new ReadableStream({
    async pull(controller) {
      const { done, value } = await lines.next()
      if (done) return controller.close()
      // Without the mark a spreadsheet takes it for the old code page, and saves names that are broken.
      controller.enqueue(encoder.encode(isFirst ? `\uFEFF${value}` : value))
      isFirst = false
    },
  })
  return new Response(body, { headers: { 'Content-Type': 'text/csv; charset=UTF-8' } })
}

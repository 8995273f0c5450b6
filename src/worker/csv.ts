/** Rows as CSV (RFC 4180) that a spreadsheet opens: a text that it would take for a formula gets an apostrophe. */
const FORMULA = /^[=+\-@\t\r]/
const QUOTED = /[",\r\n]/

export function csvOf<Row extends object>(columns: readonly (keyof Row & string)[], rows: readonly Row[]): string {
  const lines = [columns.join(','), ...rows.map(row => columns.map(name => cellOf(row[name])).join(','))]
  return `${lines.join('\r\n')}\r\n`
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const text = FORMULA.test(String(value)) ? `'${String(value)}` : String(value)
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

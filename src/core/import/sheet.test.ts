import { expect, test } from 'vitest'
import { cellsOfRow, dateStyles, rowElements, textElements, textOfItem } from './sheet.ts'

const STYLES =
  '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy"/><numFmt numFmtId="165" formatCode="0.00&quot; days&quot;"/></numFmts>' +
  '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>'

test('rows are found however the document is cut, with gaps where cells are missing', () => {
  const xml =
    '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>x &amp; y</t></is></c></row>' +
    '<row r="2"/><row r="4"><c r="B4"><v>1.4155550142E10</v></c></row></sheetData>'
  for (const piece of [1, 7, xml.length]) {
    const rows = rowElements()
    const found: string[] = []
    for (let at = 0; at < xml.length; at += piece) found.push(...rows.push(xml.slice(at, at + piece)))
    expect(found.map(one => cellsOfRow(one, () => false))).toEqual([
      { n: 1, cells: [{ shared: 0 }, '', 'x & y'] },
      { n: 2, cells: [] },
      { n: 4, cells: ['', '14155550142'] },
    ])
  }
})

test('a cell that is shown as a date is read as one, so that nobody takes it for a number', () => {
  const isDate = dateStyles(STYLES)
  expect([0, 1, 2, 3, 9].map(isDate)).toEqual([false, true, true, false, false])
  const row = '<row r="1"><c s="1"><v>45356</v></c><c s="2"><v>45356.5</v></c><c s="3"><v>2.5</v></c></row>'
  expect(cellsOfRow(row, isDate).cells).toEqual(['2024-03-05', '2024-03-05', '2.5'])
})

test('a formula is not evaluated: the value that was stored for it counts', () => {
  const row =
    '<row r="1"><c t="str"><f>CONCAT("+1",A2)</f><v>+14155550100</v></c><c t="e"><v>#N/A</v></c><c t="b"><v>1</v></c></row>'
  expect(cellsOfRow(row, () => false).cells).toEqual(['+14155550100', '#N/A', 'true'])
})

test('texts with several fonts are one text, and what tells how to say it is none', () => {
  const [item = ''] = textElements().push(
    '<sst><si><r><t>Ada </t></r><r><t xml:space="preserve">O&#39;k</t></r><rPh><t>x</t></rPh></si>',
  )
  expect(textOfItem(item)).toBe("Ada O'k")
})

test('openings without an end are read once, however many there are', () => {
  const many = 300_000
  expect(cellsOfRow(`<row r="1">${'<c>'.repeat(many)}</row>`, () => false).cells).toEqual([])
  expect(rowElements().push('<row '.repeat(many))).toEqual([])
  expect(textOfItem(`<si>${'<rPh '.repeat(many)}</si>`)).toBe('')
  expect(dateStyles(`<numFmt ${'<numFmt '.repeat(many)}`)(0)).toBe(false)
  expect(dateStyles('<cellXfs '.repeat(many))(0)).toBe(false)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BrokenFile, CsvReader, SEPARATORS, separatorOf } from './csv.ts'

function read(text: string, separator: (typeof SEPARATORS)[number] = ',', piece = text.length): string[][] {
  const reader = new CsvReader(separator)
  const records: string[][] = []
  for (let at = 0; at < text.length; at += Math.max(piece, 1)) records.push(...reader.push(text.slice(at, at + piece)))
  return [...records, ...reader.end()]
}

test.each([
  [
    'a,b\r\n1,2\r\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a,b\n1,2',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['a\rb\r', [['a'], ['b']]],
  ['"a, ""b""\r\nc",d\n', [['a, "b"\r\nc', 'd']]],
  [
    'a,,\n,\n',
    [
      ['a', '', ''],
      ['', ''],
    ],
  ],
  ['"",x\n', [['', 'x']]],
  // A quote in the middle of a field is a sign like others: 5" pipes.
  ['5" pipe,x\n', [['5" pipe', 'x']]],
  ['"a"b,c\n', [['ab', 'c']]],
  ['\n\na', [[''], [''], ['a']]],
])('%j is read as %j, in pieces of any size', (text, records) => {
  for (const piece of [1, 2, 3, text.length]) expect(read(text, ',', piece)).toEqual(records)
})

test('whatever is written with quotes is read again, cut anywhere', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\t', '|', '\n', '\r', 'é', ' ') })
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(table, fc.constantFrom(...SEPARATORS), fc.integer({ min: 1, max: 9 }), (rows, separator, piece) => {
      const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
      const text = rows.map(row => `${row.map(quoted).join(separator)}\r\n`).join('')
      expect(read(text, separator, piece)).toEqual(rows)
    }),
  )
})

test('a quote that is never closed names its row, and does not swallow the file', () => {
  expect(() => read('a,b\n"c,d\ne,f\n')).toThrow(new BrokenFile('row 2 has a quote that is never closed'))
  const reader = new CsvReader(',')
  const endless = () => {
    reader.push('a\n"')
    for (let n = 0; n < 1_000; n += 1) reader.push('x'.repeat(100))
  }
  expect(endless).toThrow('row 2 has a quote that is never closed')
})

test.each([
  ['a;b;c\n1,5;2,5;3\n', ';', 0],
  ['name\tphone\nAda, B\t1\n', '\t', 0],
  ['a|b\n1|2\n', '|', 0],
  ['name,note\nAda,"x;y;z"\nBo,"p;q"\n', ',', 0],
  ['sep=;\r\na;b\n', ';', 7],
  ['phone\n4155550100\n', ',', 0],
] as const)('the separator of %j is %j', (text, separator, skip) => {
  expect(separatorOf(text)).toEqual({ separator, skip })
})

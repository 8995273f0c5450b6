import { expect, test } from 'vitest'
import { csvOf } from './csv.ts'

test('a text with a comma, a quote or an end of line is quoted, and one that begins like a formula is none', () => {
  const rows = [
    { name: 'a,"b"\nc', amount: -5 },
    { name: '=HYPERLINK("x")', amount: null },
    { name: '+14155550100', amount: 7 },
  ]
  expect(csvOf(['name', 'amount'], rows)).toBe(
    'name,amount\r\n"a,""b""\nc",-5\r\n"\'=HYPERLINK(""x"")",\r\n\'+14155550100,7\r\n',
  )
})

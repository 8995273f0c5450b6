import { expect, test } from 'vitest'
import { read } from './files.ts'

/** Tables of one environment, by their lines: enough for a file that we write ourselves. */
function tablesOf(text: string, prefix: string): string[] {
  return text
    .replace(/#.*$/gm, '')
    .split(/^(?=\[)/m)
    .map(table => table.trim().replaceAll(/\s*\n\s*/g, ' '))
    .filter(table =>
      new RegExp(`^\\[\\[?${prefix.replaceAll('.', '\\.')}(durable_objects|d1_databases|r2_buckets|triggers)`).test(
        table,
      ),
    )
    .map(table => table.replace(prefix, ''))
    .sort()
}

test('what is deployed has the bindings that everything is tested with', () => {
  const text = read('wrangler.toml')
  const plain = tablesOf(text, '')
  expect(plain.length).toBeGreaterThan(8)
  expect(tablesOf(text, 'env.production.')).toEqual(plain)
})

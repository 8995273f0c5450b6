import { expect, test } from 'vitest'
import { csvResponse } from './csv.ts'

test('a table begins with the mark of its encoding, once, so that a spreadsheet reads names as they are written', async () => {
  async function* lines() {
    yield 'name\r\n'
    yield 'Zoë\r\n'
  }
  const bytes = new Uint8Array(await csvResponse(lines()).arrayBuffer())
  expect([...bytes.subarray(0, 4)]).toEqual([0xef, 0xbb, 0xbf, 'n'.charCodeAt(0)])
  expect(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)).toBe('\uFEFFname\r\nZoë\r\n')
})

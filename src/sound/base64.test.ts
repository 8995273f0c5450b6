import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Base64Error, base64FromBytes, bytesFromBase64, tableDecode, tableEncode } from './base64.ts'

test('agrees with Node on every length and content, padded or not, and stays inside its room', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, padded) => {
      const text = Buffer.from(bytes).toString('base64')
      expect(tableEncode(bytes)).toBe(text)
      expect(base64FromBytes(bytes)).toBe(text)
      const memory = new Uint8Array(bytes.length + 8).fill(0xaa)
      const sent = padded ? text : text.replaceAll('=', '')
      expect(bytesFromBase64(sent, memory.subarray(4, 4 + bytes.length))).toBe(bytes.length)
      expect([...memory]).toEqual([0xaa, 0xaa, 0xaa, 0xaa, ...bytes, 0xaa, 0xaa, 0xaa, 0xaa])
    }),
    { seed: 8000, numRuns: 300 },
  )
})

test.each(['A', 'AAAAA', 'AA=A', 'AA=', 'A===', '====', 'AAAA====', 'AA A', 'AA_A', 'AA\\/', 'AAé='])(
  'not base64: %j',
  text => {
    expect(() => tableDecode(text, new Uint8Array(64))).toThrow(Base64Error)
    expect(() => bytesFromBase64(text, new Uint8Array(64))).toThrow(Base64Error)
  },
)

test('more than there is room for is an error, not a truncation', () => {
  const text = tableEncode(new Uint8Array(161))
  expect(() => bytesFromBase64(text, new Uint8Array(160))).toThrow('more than 160 bytes')
})

/** Two readings of ITU-T G.711, Trunkline's and the phone network's, agree on every byte and every sample. */
import { expect, test } from 'vitest'
import { decode, encode } from '../../packages/phone-network/src/media/mulaw.ts'
import { decodeMulaw, encodeMulaw } from '../../src/sound/mulaw.ts'

test('both readings of µ-law are the same', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  const decoded = new Int16Array(256)
  decodeMulaw(bytes, decoded)
  expect(decode(bytes)).toEqual(decoded)
  const samples = Int16Array.from({ length: 65_536 }, (_, at) => at - 32_768)
  const encoded = new Uint8Array(65_536)
  encodeMulaw(samples, encoded)
  expect(encode(samples)).toEqual(encoded)
})

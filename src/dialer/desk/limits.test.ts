import { expect, test } from 'vitest'
import * as wire from '../../wire/desk.ts'
import * as limits from './limits.ts'

test('the limits repeated for the browser equal those of the wire', () => {
  expect(limits.DESK_PROTOCOL).toBe(wire.DESK_PROTOCOL)
  expect(limits.COMMAND_BYTES_MAX).toBe(wire.COMMAND_BYTES_MAX)
  expect(limits.NOTE_CHARS_MAX).toBe(wire.NOTE_CHARS_MAX)
  expect(limits.ACK_EVERY_BYTES * 2).toBeLessThan(wire.ACK_WINDOW_BYTES)
})

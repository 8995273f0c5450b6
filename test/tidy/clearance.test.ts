import { expect, test } from 'vitest'
import { code, read } from './files.ts'

/** Files of the product that have this in their code, without tests. */
function filesWith(pattern: RegExp): string[] {
  return code('src/')
    .filter(file => !file.endsWith('.test.ts') && pattern.test(read(file)))
    .sort()
}

test('a call is created at one place, and nobody but the gate makes the verdict that it needs [C1]', () => {
  expect(filesWith(/\.createCall\(/)).toEqual(['src/actors/call/performer.ts'])
  // The port asks for the value; the one place that makes it is the gate.
  expect(filesWith(/by: 'clear'/)).toEqual(['src/core/clearance/clearance.ts'])
  expect(filesWith(/as (?:unknown as )?Cleared\b/)).toEqual([])
})

test('a leg that the carrier dials by itself is put into an instruction at one place, and whoever asks for one asks the gate [C1]', () => {
  expect(filesWith(/kind: 'number'(?: as const)?, number/)).toEqual(['src/core/call/instruction.ts'])
  const asking = filesWith(/\.dialOn\(|to: 'number' as const/).filter(file => !/rehears/.test(file))
  expect(asking).toEqual(['src/actors/call/voice/call-control.ts', 'src/worker/carriers/incoming.ts'])
  for (const file of asking) expect(read(file), file).toMatch(/\.(?:judge|clear)\(/)
})

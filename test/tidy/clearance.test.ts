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

test('a leg that the carrier dials by itself is put into an instruction at these places, and whoever asks for one asks the gate [C1]', () => {
  const MASK = 'src/actors/call/flow-mask.ts'
  const DIALS = [MASK, 'src/actors/call/flow-parties.ts', 'src/core/call/instruction.ts']
  // These two say a number to a desk, whose command leads to the call and its gate. They make no leg.
  const COMMANDS = ['src/dialer/session/transfer-panel.tsx', 'src/worker/api/transfers.ts']
  expect(filesWith(/kind: 'number'(?: as const)?, number/)).toEqual([...DIALS, ...COMMANDS])
  expect(read(COMMANDS[0] ?? '')).toMatch(/type: 'call\.transfer'/)
  expect(read(COMMANDS[1] ?? '')).toMatch(/type: 'call\.transfer'/)
  expect(read(COMMANDS[1] ?? '')).not.toMatch(/createCall|Instructions|telephony/)
  expect(read(DIALS[1] ?? '')).toMatch(/\.judge\(/)
  // Whoever is behind a mask is rung only after the gate's word about their number.
  expect(read(MASK)).toMatch(
    /await judged\([^\n]+led\.number, call\)\n\s+if \(refused === null\) return [^\n]+stepsTo\(/,
  )
  // The number of a transfer is a place only after the gate's word about it (`transfer.judged`).
  expect(filesWith(/at: 'number', number/)).toEqual(['src/core/call/transfer/decide.ts'])
  expect(read('src/core/call/transfer/decide.ts')).toMatch(/if \(!cleared[^\n]+\n\s+this\.#leave\(\{ at: 'number'/)
  const asking = filesWith(/\.dialOn\(|to: 'number' as const/).filter(file => !/rehears/.test(file))
  expect(asking).toEqual(['src/actors/call/voice/call-control.ts', 'src/worker/carriers/dialling.ts'])
  for (const file of asking) expect(read(file), file).toMatch(/\.(?:judge|clear)\(/)
})

test('a call is asked for at these places, each of which says for what it is cleared, and it is created only after the gate’s word [C1]', () => {
  const ASKING = [
    'src/actors/batch/performer.ts',
    'src/actors/call/flow-calls.ts',
    'src/actors/call/transfer.ts',
    'src/actors/queue/callback.ts',
    'src/worker/api/ai-calls.ts',
    'src/worker/api/voice-calls.ts',
  ]
  const asking = filesWith(/(?:'call', \w+\)|\bcall)\s*\.request\(/)
  expect(asking).toEqual(ASKING)
  for (const file of ASKING) expect(read(file), file).toMatch(/clearance/)
  // A create follows the fact of an attempt, and an attempt the slot that comes with a verdict, or the time of such a slot.
  expect(filesWith(/type: 'create-call', party/)).toEqual(['src/core/call/life/life.ts'])
  expect(filesWith(/add\(\{ type: 'call-attempted'/)).toEqual(['src/core/call/life/decide.ts'])
  const deciding = read('src/core/call/life/decide.ts').match(/add\(\{ type: 'call-attempted'/g) ?? []
  expect(deciding).toHaveLength(2)
  const granting = filesWith(/type: 'call\.slot-granted', at/)
  // A scenario calls nobody.
  expect(granting).toEqual(['src/actors/call/performer.ts', 'src/core/flow/scenario/pretend-call.ts'])
  expect(read('src/actors/call/performer.ts')).toMatch(
    /\.clear\(clearanceAsk\([\s\S]{0,120}if \(verdict\.cleared\) return \[\{ type: 'call\.slot/,
  )
  expect(read('src/actors/call/performer.ts')).toMatch(/\.clearAgain\(/)
})

test('the carrier dials by itself only what these steps and instructions say, and whoever makes such a step asks the gate [C1]', () => {
  expect(filesWith(/kind: 'dial',/)).toEqual(['src/core/call/flow/run/connecting.ts', 'src/core/call/instruction.ts'])
  // A scenario calls nobody.
  const STEPS = ['src/actors/call/flow-parties.ts', 'src/core/flow/scenario/pretend-outside.ts']
  expect(filesWith(/type: 'dial', option/)).toEqual(['src/actors/call/flow-mask.ts', ...STEPS])
  // The other one is what a phone has dialled, which its call was cleared for.
  expect(filesWith(/\{ kind: 'sip', uri/)).toEqual([STEPS[0], 'src/core/call/instruction.ts'])
  // A number in a SIP address is a number.
  const parties = read(STEPS[0] ?? '')
  expect(parties).toMatch(/party\.kind === 'sip' \? numberOfSip\(party\.uri\)/)
  expect(parties).toMatch(
    /numberOf\(found\)[\s\S]{0,160}await judged\(near, callId, called, call\)[\s\S]{0,40}parties\.push/,
  )
})

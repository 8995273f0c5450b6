import { expect, test } from 'vitest'
import { costMicros, NO_USAGE, sumOf } from './cost.ts'
import { refusalOfTool } from './policy.ts'

const use = { tool: 'transfer_call', enabled: ['transfer_call'], used: 0, transferPending: false }

test('a tool that the agent was not given is refused; leaving the list never is', () => {
  expect(refusalOfTool(use)).toBeNull()
  expect(refusalOfTool({ ...use, tool: 'send_dtmf' })).toMatch(/no such tool/)
  expect(refusalOfTool({ ...use, tool: 'opt_out', enabled: [] })).toBeNull()
  expect(refusalOfTool({ ...use, transferPending: true })).toMatch(/asked already/)
  expect(refusalOfTool({ ...use, used: 4 })).toMatch(/too often/)
})

test('a call does not end while a colleague is being asked [C8]', () => {
  const end = { ...use, tool: 'end_call', enabled: ['end_call'] }
  expect(refusalOfTool(end)).toBeNull()
  expect(refusalOfTool({ ...end, transferPending: true })).toMatch(/cannot end now/)
})

test('a conversation costs what its parts cost', () => {
  expect(costMicros(NO_USAGE)).toBe(0)
  const minute = { ...NO_USAGE, heardMs: 60_000, spokenCharacters: 500, tokensIn: 10_000, tokensOut: 500 }
  expect(costMicros(minute)).toBe(7_700 + 15_000 + 4_000 + 800)
  expect(costMicros(sumOf(minute, minute))).toBe(2 * 27_500)
})

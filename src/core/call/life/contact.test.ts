import { expect, test } from 'vitest'
import { contactTried } from './contact.ts'
import type { CallLinks, HangupReason } from './state.ts'

const LINKS: CallLinks = { kind: 'ai', batchId: null, campaignId: null, contactId: 'p1', deskId: null, agentName: null }
const statusOf = (reason: HangupReason, answered: boolean) => contactTried(LINKS, reason, answered, 1_000)?.status

test('a contact whom an AI agent called is done, or may be called again, and never stays in progress [C1]', () => {
  expect(statusOf('normal', true)).toBe('done')
  expect(statusOf('failed', true)).toBe('done')
  expect(statusOf('busy', false)).toBe('active')
  expect(statusOf('noanswer', false)).toBe('active')
  expect(statusOf('not-cleared', false)).toBe('active')
  expect(statusOf('refused', false)).toBe('archived')
  expect(statusOf('cancel', false)).toBe('dropped')
})

test('a round and a person who called us tell nothing, and neither does a call to nobody in the book', () => {
  for (const other of [{ batchId: 'w_a.c_1.b1' }, { kind: 'inbound' as const }, { contactId: null }])
    expect(contactTried({ ...LINKS, ...other }, 'normal', true, 1_000)).toBeNull()
})

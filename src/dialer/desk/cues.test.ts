import { expect, test } from 'vitest'
import { contactOf, conversationOf, viewOf } from '../testing/views.ts'
import { announcementFor, cueFor, rings } from './cues.ts'

const quiet = viewOf()
const live = viewOf({ conversation: conversationOf() })
const held = viewOf({ conversation: conversationOf({ held: true }) })
const ring = {
  callId: 'in',
  from: '+1',
  fromShown: '(415) 555-0177',
  to: '+2',
  contact: contactOf('Femi Ade'),
  sinceMs: 0,
  accepted: false,
}

test('a tone when somebody comes, goes or is held; silence on the first view', () => {
  expect(cueFor(null, live)).toBeNull()
  expect(cueFor(quiet, live)).toBe('connect')
  expect(cueFor(live, live)).toBeNull()
  expect(cueFor(live, held)).toBe('hold')
  expect(cueFor(held, live)).toBeNull()
  expect(cueFor(live, quiet)).toBe('hang-up')
  expect(cueFor(live, viewOf({ conversation: conversationOf({ callId: 'other' }) }))).toBe('connect')
})

test('the ring stops when the call is accepted', () => {
  expect(rings(viewOf({ inbound: ring }))).toBe(true)
  expect(rings(viewOf({ inbound: { ...ring, accepted: true } }))).toBe(false)
  expect(rings(quiet)).toBe(false)
})

test('the live region says who, once', () => {
  const provisional = viewOf({ conversation: conversationOf({ provisional: true }) })
  expect(announcementFor(null, live)).toBeNull()
  expect(announcementFor(quiet, provisional)).toBe('Amara Diallo is on the line')
  expect(announcementFor(provisional, live)).toBe('Live with Amara Diallo')
  expect(announcementFor(live, live)).toBeNull()
  expect(announcementFor(live, held)).toBe('On hold')
  expect(announcementFor(live, quiet)).toBe('The call has ended')
  expect(announcementFor(quiet, viewOf({ inbound: ring }))).toBe('Inbound call from Femi Ade')
  expect(announcementFor(quiet, viewOf({ inbound: { ...ring, contact: null } }))).toMatch(/555-0177/)
  expect(announcementFor(quiet, viewOf({ muted: true }))).toBe('You are muted')
})

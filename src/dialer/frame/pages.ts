/** The pages of the navigation, with their words. Their pictures are the frame's. */
import type { DeskView } from '../../wire/desk.ts'

export const PAGES = [
  { to: '/', words: 'Dialer' },
  { to: '/dial', words: 'Dial pad' },
  { to: '/calls', words: 'Calls' },
  { to: '/inbox', words: 'Inbox' },
  { to: '/ai', words: 'AI' },
  { to: '/live', words: 'Live', leads: true },
  { to: '/reports', words: 'Reports', leads: true },
  { to: '/campaigns', words: 'Campaigns', leads: true },
  { to: '/imports', words: 'Imports', leads: true },
  { to: '/queues', words: 'Queues' },
  { to: '/conferences', words: 'Conferences' },
  { to: '/flows', words: 'Flows' },
  { to: '/numbers', words: 'Numbers' },
  { to: '/extensions', words: 'Extensions', leads: true },
  { to: '/masks', words: 'Masks', leads: true },
  { to: '/do-not-call', words: 'Do not call' },
  { to: '/team', words: 'Team' },
  { to: '/billing', words: 'Billing', admins: true },
  { to: '/events', words: 'Events' },
  { to: '/webhooks', words: 'Webhooks', admins: true },
  { to: '/voice-workspace', words: 'Voice' },
] as const
export type PagePath = (typeof PAGES)[number]['to']

/** `leads`: for those who lead the team; `admins`: for administrators. */
export function pagesFor(role: DeskView['agent']['role']): readonly (typeof PAGES)[number][] {
  return PAGES.filter(one => {
    if ('admins' in one) return role === 'admin'
    return !('leads' in one) || role !== 'agent'
  })
}

/** Words of conferences. */
import type { Conference, ConferenceCall } from '../../../wire/conference.ts'

/** Whose name stands in the list; `at` counts those whose name nobody may read, or knows. */
export function personWords({ name, number }: Pick<ConferenceCall, 'name' | 'number'>, at: number): string {
  return name || number || `Caller ${at + 1}`
}

/** What is so about one who is in, or comes or goes. */
export function stateWords({ status, role, muted, held, recording }: ConferenceCall): string[] {
  const coming = { joining: 'comes in', joined: null, leaving: 'leaves' }[status]
  return [
    coming,
    role === 'moderator' ? 'moderator' : null,
    muted ? 'muted' : null,
    held ? 'on hold' : null,
    recording ? 'recorded' : null,
  ].filter(word => word !== null)
}

/** Since when the first of those who are in has been there; null: nobody is. */
export function sinceOf(calls: readonly ConferenceCall[]): number | null {
  const joined = calls.flatMap(one => (one.tm_join === null ? [] : [Date.parse(one.tm_join)]))
  return joined.length === 0 ? null : Math.min(...joined)
}

/** `3 in, 1 muted, 1 on hold` */
export function crowdWords(calls: readonly ConferenceCall[]): string {
  const count = (words: string, which: (one: ConferenceCall) => boolean) => {
    const many = calls.filter(which).length
    return many === 0 ? [] : [`${many} ${words}`]
  }
  const inside = calls.filter(one => one.status === 'joined').length
  return [
    `${inside} in`,
    ...count('coming', one => one.status === 'joining'),
    ...count('muted', one => one.muted),
    ...count('on hold', one => one.held),
    ...count('recorded', one => one.recording),
  ].join(', ')
}

/** Why somebody cannot be muted or held; null: they can. */
export function whyNotIn({ status }: Pick<ConferenceCall, 'status'>): string | null {
  return { joining: 'They are not in the conference yet', joined: null, leaving: 'They are leaving' }[status]
}

/** How a conference in which nobody is begins. */
export function beginsWords({ numbers, locked }: Pick<Conference, 'numbers' | 'locked'>): string {
  if (locked) return 'It is locked: nobody but a moderator is let in.'
  const flows = 'A flow may join it as well, with “Join a conference”.'
  if (numbers.length === 0) return `It begins when somebody comes in. No number leads here yet. ${flows}`
  return `It begins when somebody calls ${numbers.join(' or ')}. ${flows}`
}

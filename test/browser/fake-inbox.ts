/** The API's answers about the inbox and its sound, for tests that only look at screens. */
import type { InboxEntry } from '../../src/wire/inbox.ts'
import { answerOf } from './fake-ai.ts'

const PERSON = { kind: 'person' as const, id: 'u1', name: 'Ada' }
const QUEUE = { kind: 'queue' as const, id: 'w_demo.q_1', name: 'Support' }

function entry(id: string, more: Partial<InboxEntry>): InboxEntry {
  return {
    ...{
      id,
      kind: 'missed',
      box: PERSON,
      call_id: `w_demo.call_${id}`,
      number: '+14155550101',
      name: '',
      contact_id: null,
    },
    ...{ seconds: null, sound: 'none', transcript_state: 'none', transcript: '', note: '' },
    ...{ tm_create: '2026-11-02T09:00:00.000Z', tm_handled: null, handled_by: '' },
    ...more,
  }
}

const ENTRIES: InboxEntry[] = [
  entry('1', {
    ...{ kind: 'voicemail', name: 'Pat Doe', seconds: 42, sound: 'kept', transcript_state: 'done' },
    transcript:
      'Hello Ada, this is Pat. The invoice of last month has the wrong address on it. Please call me back today.',
  }),
  entry('2', { kind: 'voicemail', box: QUEUE, number: '', seconds: 7, sound: 'lost', transcript_state: 'no-provider' }),
  entry('3', { box: QUEUE, number: '+442079460101' }),
  entry('4', {
    ...{ kind: 'callback', box: { kind: 'workspace', id: '', name: 'Northwind' }, note: 'Wanted: tomorrow morning.' },
    ...{ tm_handled: '2026-11-02T10:00:00.000Z', handled_by: 'Bo' },
  }),
]

/** Null: not an address of the inbox. */
export function inboxAnswer(pathname: string): unknown {
  if (pathname === '/v1.0/inbox') return answerOf('GET /v1.0/inbox', { items: ENTRIES, next: null })
  if (pathname === '/v1.0/inbox-waiting') return answerOf('GET /v1.0/inbox-waiting', { waiting: 3 })
  if (pathname === '/v1.0/voicemail-greetings')
    return answerOf('GET /v1.0/voicemail-greetings', { items: [{ box: PERSON, text: 'Ada here.' }], next: null })
  if (pathname === '/v1.0/inbox/1') return { message: 'deleted' }
  return null
}

/** The API's answers about conferences, for tests that only look at screens. */
import type { Conference, ConferenceCall } from '../../src/wire/conference.ts'
import { answerOf } from './fake-ai.ts'

const MADE = '2026-11-02T09:00:00.000Z'
export const CONFERENCE_ID = 'w_demo.cf_1'

function conference(id: string, name: string, locked: boolean): Conference {
  return {
    ...{ id, type: 'conference', status: 'progressing', name, detail: '', waits_for: 'second', max_participants: 40 },
    ...{ muted_on_entry: false, announce_joins: true, ends_with_moderator: false, locked, has_pin: true },
    ...{
      record: id === CONFERENCE_ID,
      record_notice: 'This conference is recorded.',
      on_end_flow_id: '',
      recording_id: id === CONFERENCE_ID ? 'RE7' : null,
    },
    ...{
      has_moderator_pin: false,
      conferencecall_ids: [],
      numbers: ['+14155550002'],
      tm_create: MADE,
      tm_update: MADE,
    },
  }
}
const DAILY = conference(CONFERENCE_ID, 'Daily', true)
const EMPTY = conference('w_demo.cf_2', 'A conference with a long name that does not end soon', false)

function calls(): ConferenceCall[] {
  const one = (index: number, more: Partial<ConferenceCall>): ConferenceCall => ({
    ...{ id: `cf_1~call_${index}`, conference_id: CONFERENCE_ID, reference_type: 'call', status: 'joined' },
    ...{ reference_id: `w_demo.call_${index}`, role: 'participant', muted: false, held: false, recording: false },
    ...{ name: '', number: `(415) 555-010${index}`, tm_join: new Date(Date.now() - index * 61_000).toISOString() },
    ...more,
  })
  return [
    one(1, { name: 'Amara Diallo', role: 'moderator', recording: true }),
    one(2, { name: 'Ben Ortiz with a long name that does not end soon', muted: true }),
    one(3, { held: true }),
    one(4, { status: 'joining', tm_join: null }),
  ]
}

/** Null: not one of these addresses. */
export function conferenceAnswer({ pathname, searchParams }: URL): unknown {
  if (pathname === '/v1.0/conferences') return answerOf('GET /v1.0/conferences', { items: [DAILY, EMPTY], next: null })
  if (pathname === `/v1.0/conferences/${DAILY.id}`) return answerOf('GET /v1.0/conferences/:conferenceId', DAILY)
  if (pathname === `/v1.0/conferences/${EMPTY.id}`) return answerOf('GET /v1.0/conferences/:conferenceId', EMPTY)
  if (pathname === '/v1.0/conferencecalls') {
    const items = searchParams.get('conference_id') === DAILY.id ? calls() : []
    return answerOf('GET /v1.0/conferencecalls', { items, next: null })
  }
  return pathname === '/api/desk/conference'
    ? answerOf('GET /api/desk/conference', { conference_id: CONFERENCE_ID })
    : null
}

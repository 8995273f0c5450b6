import { ACCOUNT_ROUTES } from './accounts.ts'
import { ALERT_ROUTES } from './alerts.ts'
import { APPLICATION_ROUTES } from './applications.ts'
import { AVAILABLE_NUMBER_ROUTES } from './available-numbers.ts'
import { CALL_EVENT_ROUTES } from './call-events.ts'
import { CALLER_ID_ROUTES } from './caller-ids.ts'
import { CALL_ROUTES } from './calls.ts'
import { CONFERENCE_ROUTES } from './conferences.ts'
import { KEY_ROUTES } from './keys.ts'
import { LOOKUP_ROUTES } from './lookup.ts'
import { MESSAGE_ROUTES } from './messages.ts'
import { OWN_NUMBER_ROUTES } from './own-numbers.ts'
import { QUEUE_ROUTES } from './queues.ts'
import { RECORDING_ROUTES } from './recordings.ts'
import type { Route } from './route.ts'
import { SIP_DOMAIN_ROUTES } from './sip-domains.ts'
import { SIP_LIST_ROUTES } from './sip-lists.ts'
import { SIP_MAPPING_ROUTES } from './sip-mappings.ts'
import { STREAM_ROUTES } from './streams.ts'
import { TEXT_ROUTES } from './texts.ts'
import { TRANSCRIPTION_ROUTES } from './transcriptions.ts'
import { TRANSCRIPT_ROUTES } from './transcripts.ts'

/** The whole table. A resource has a file of its own with its rows; the first row that fits answers. */
export const ROUTES: readonly Route[] = [
  ...ACCOUNT_ROUTES,
  ...ALERT_ROUTES,
  ...APPLICATION_ROUTES,
  ...AVAILABLE_NUMBER_ROUTES,
  ...CALL_EVENT_ROUTES,
  ...CALLER_ID_ROUTES,
  ...CALL_ROUTES,
  ...CONFERENCE_ROUTES,
  ...KEY_ROUTES,
  ...LOOKUP_ROUTES,
  ...MESSAGE_ROUTES,
  ...OWN_NUMBER_ROUTES,
  ...QUEUE_ROUTES,
  ...RECORDING_ROUTES,
  ...SIP_DOMAIN_ROUTES,
  ...SIP_LIST_ROUTES,
  ...SIP_MAPPING_ROUTES,
  ...STREAM_ROUTES,
  ...TEXT_ROUTES,
  ...TRANSCRIPT_ROUTES,
  ...TRANSCRIPTION_ROUTES,
]

/** This table says whom the facts of a campaign are about, beside the campaign. */
import { type AboutTable, GIVEN_UP_ABOUT, type Named } from '../about.ts'
import type { CampaignFact } from './state.ts'

export const campaignAbout: AboutTable<CampaignFact> = {
  'campaign-configured': 'self',
  'numbers-unused': 'self',
  'contact-held-back': ({ contactId }) => ({ contact: contactId }),
  'session-started': desk,
  'session-refused': desk,
  'session-forgotten': desk,
  'session-waiting': desk,
  'session-wrapping-up': desk,
  'session-paused': desk,
  'session-resumed': desk,
  'session-stopped': desk,
  'session-finished': desk,
  'pause-wanted': desk,
  'owed-let-go': desk,
  'round-asked': round,
  'seat-taken': desk,
  'round-put-off': desk,
  'round-given-up': desk,
  // Its contacts and legs are many; each has a `call-created` of its own.
  'round-opened': round,
  'round-closed': round,
  'pool-opened': pool,
  'pool-closing': pool,
  'pool-closed': pool,
  'pool-asked': pool,
  'pool-rested': pool,
  'pool-woken': pool,
  'pool-limited': pool,
  // As of a round: each of its legs has a `call-created` of its own.
  'pool-dialed': pool,
  'pool-joined': round,
  'pool-left': round,
  'pool-seat-joined': round,
  'pool-seat-paused': round,
  'pool-seat-freed': round,
  'leg-answered': call,
  'leg-abandoned': call,
  'conversation-owed': call,
  'attempt-ended': fact => ({ ...call(fact), contact: fact.contactId }),
  'outcome-noted': fact => ({ ...call(fact), contact: fact.contactId }),
  ...GIVEN_UP_ABOUT,
}

function desk({ deskId }: { deskId: string }): Named {
  return { desk: deskId }
}

function round({ deskId, batchId }: { deskId: string; batchId: string }): Named {
  return { desk: deskId, batch: batchId }
}

function pool({ batchId }: { batchId: string }): Named {
  return { batch: batchId }
}

function call({ deskId, callId }: { deskId: string | null; callId: string }): Named {
  return { desk: deskId, call: callId }
}

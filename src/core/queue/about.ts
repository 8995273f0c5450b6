/** This table says whom the facts of a queue are about, beside the queue. */
import { type AboutTable, GIVEN_UP_ABOUT, type Named } from '../about.ts'
import type { QueueFact } from './state.ts'

export const queueAbout: AboutTable<QueueFact> = {
  'queue-configured': 'self',
  'queue-staffed': 'self',
  'queue-closed': 'self',
  'caller-queued': call,
  'caller-refused': call,
  'place-said': call,
  'callback-kept': call,
  'call-offered': both,
  'offer-ended': both,
  'callback-dialed': both,
  'callback-missed': both,
  'callback-due': 'self',
  'caller-connected': fact => ({ ...both(fact), room: fact.room }),
  'conversation-over': both,
  'caller-returned': both,
  'caller-left': call,
  'refusal-lapsed': desk,
  'caller-asked-about': call,
  'agent-changed': desk,
  ...GIVEN_UP_ABOUT,
}

function call({ callId }: { callId: string | null }): Named {
  return { call: callId }
}
function desk({ deskId }: { deskId: string }): Named {
  return { desk: deskId }
}
function both({ callId, deskId }: { callId: string | null; deskId: string }): Named {
  return { call: callId, desk: deskId }
}

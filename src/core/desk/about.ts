/** This table says whom the facts of a desk are about, beside the desk. */
import { type AboutTable, GIVEN_UP_ABOUT, type Named } from '../about.ts'
import type { DeskFactOf, LeasedTo, SeatAsker } from './state.ts'
import type { Offered } from './view.ts'

export const deskAbout: AboutTable<DeskFactOf> = {
  'desk-opened': 'self',
  'queue-joined': queue,
  'queue-left': queue,
  'availability-changed': 'self',
  'offer-rang': ({ of, callId }) => ({ ...leasedTo(of), call: callId }),
  'offer-refused': ({ of }) => leasedTo(of),
  'phone-changed': 'self',
  'line-opening': call,
  'line-opened': 'self',
  'line-away': 'self',
  'line-closed': 'self',
  'seat-granted': ({ asker, lease, room }) => ({ ...askerOf(asker), ...leasedTo(lease.for), room }),
  'seat-asked': ({ ask }) => ({ ...askerOf(ask.asker), ...leasedTo(ask.for) }),
  'seat-ask-withdrawn': 'self',
  'seat-refused': ({ asker }) => askerOf(asker),
  'seat-revoked': ({ lease }) => leasedTo(lease.for),
  'seat-returned': 'self',
  'seat-paused': ({ lease }) => leasedTo(lease.for),
  'session-asked': campaign,
  'session-changed': ({ session }) => campaign(session),
  'round-shown': ({ campaignId, batchId }) => ({ campaign: campaignId, batch: batchId }),
  'phone-refused': 'self',
  'quality-changed': ({ callId }) => ({ call: callId }),
  'quality-alerted': ({ callId }) => ({ call: callId }),
  'contact-tried': ({ callId, contactId }) => ({ call: callId, contact: contactId }),
  'single-asked': ({ callId, batchId, room }) => ({ call: callId, batch: batchId, room }),
  'lane-shown': call,
  'lane-changed': call,
  'lane-skip-asked': leg,
  'keep-asked': leg,
  'hang-up-asked': leg,
  'transfer-asked': call,
  'take-back-asked': call,
  'transfer-over': call,
  'transfer-move-asked': call,
  'transfer-phase-changed': call,
  'transfer-unattended': call,
  'visit-began': visited,
  'visit-joined': visited,
  'visit-phase-changed': visited,
  'visit-over': visited,
  'visit-ended': visited,
  'visit-refused': visited,
  'line-abandoned': 'self',
  'do-not-call-asked': fact => ({ ...call(fact), contact: fact.contactId }),
  'hold-asked': ({ callId, room }) => ({ call: callId, room }),
  'guest-gone': call,
  'supervisor-shown': call,
  'conversation-started': call,
  'conversation-won': call,
  'conversation-held': call,
  'conversation-heard': call,
  'conversation-parked': call,
  'conversation-resumed': call,
  'conversation-ended': call,
  'mute-changed': 'self',
  'wrap-up-started': 'self',
  'wrap-up-held': 'self',
  'wrap-up-resumed': 'self',
  'wrap-up-ended': campaign,
  'note-saved': call,
  'outcome-chosen': fact => ({ ...call(fact), ...campaign(fact) }),
  'outcome-saved': fact => ({ ...call(fact), ...campaign(fact), contact: fact.contactId }),
  'inbound-rang': call,
  'inbound-accepted': call,
  'inbound-picked-up': call,
  'inbound-declined': call,
  'inbound-ended': call,
  'arrival-asked-about': ({ callId, room }) => ({ call: callId, room }),
  'presence-changed': 'self',
  'message-left': 'self',
  'agent-forced': 'self',
  'notice-read': 'self',
  ...GIVEN_UP_ABOUT,
}

function call({ callId }: { callId: string }): Named {
  return { call: callId }
}

function leg({ callId, batchId }: { callId: string; batchId: string | null }): Named {
  return { call: callId, batch: batchId }
}

/** The person whom a colleague asks about. */
function visited({ of }: { of: Offered }): Named {
  return { call: of.id }
}

function campaign({ campaignId }: { campaignId: string | null }): Named {
  return { campaign: campaignId }
}

function queue({ queueId }: { queueId: string }): Named {
  return { queue: queueId }
}

function askerOf({ kind, id }: SeatAsker): Named {
  return kind === 'campaign' ? { campaign: id } : {}
}

function leasedTo({ kind, id }: LeasedTo): Named {
  if (kind === 'batch') return { batch: id }
  return kind === 'queue' ? { queue: id } : { call: id }
}

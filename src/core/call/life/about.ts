/** This table says whom the facts of a call's life are about, beside the call. */
import type { AboutTable, Named } from '../../about.ts'
import type { CallLinks, LifeFact } from './state.ts'

export const lifeAbout: AboutTable<LifeFact> = {
  'call-created': begun,
  'call-received': begun,
  'call-identified': ({ contactId }) => ({ contact: contactId }),
  'call-cleared': 'self',
  'call-not-cleared': 'self',
  'call-queued': 'self',
  'call-attempted': 'self',
  'call-outcome-unknown': 'self',
  'call-searched': 'self',
  'call-placed': 'self',
  'call-progressed': 'self',
  'call-ringing': 'self',
  'call-voicemail-began': 'self',
  'call-unanswered': ({ deskId, queueId }) => ({ desk: deskId, queue: queueId }),
  'call-answered': 'self',
  'call-canceling': 'self',
  'call-terminating': 'self',
  'call-redirected': 'self',
  'call-checked': 'self',
  'call-judged': 'self',
  'call-agent-joined': ({ deskId }) => ({ desk: deskId }),
  'call-agent-left': ({ deskId }) => ({ desk: deskId }),
  'call-stray': 'self',
  'call-onward-answered': 'self',
  'call-onward-ended': 'self',
  'call-hungup': 'self',
}

function begun({ links }: { links: CallLinks }): Named {
  return { batch: links.batchId, campaign: links.campaignId, contact: links.contactId, desk: links.deskId }
}

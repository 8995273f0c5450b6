/** This table says whom the facts of a batch are about, beside the batch. */
import { type AboutTable, GIVEN_UP_ABOUT, type Named } from '../about.ts'
import { agentOfSeat, asGroupcall } from '../ids.ts'
import type { BatchFact } from './state.ts'

export const batchAbout: AboutTable<BatchFact> = {
  'batch-opened': 'self',
  'batch-closing': 'self',
  'batch-closed': 'self',
  'seat-spoke-early': 'self',
  'seat-joined': ({ seat }) => desk(seat),
  'seat-paused': desk,
  'seat-resumed': desk,
  'seat-withdrawn': desk,
  'seat-returned': desk,
  'leg-joined': leg,
  'leg-placed': leg,
  'leg-rang': leg,
  'leg-judged': leg,
  'leg-held': fact => ({ ...leg(fact), ...desk(fact) }),
  'race-won': fact => ({ ...leg(fact), ...desk(fact) }),
  'leg-dismissed': leg,
  'leg-released': leg,
  'leg-looked-after': leg,
  'leg-ended': leg,
  'leg-forgotten': leg,
  ...GIVEN_UP_ABOUT,
}

function leg({ legId }: { legId: string }): Named {
  return { call: legId }
}

/** The seat of an AI agent, or of a group call, is nobody's desk. */
function desk({ deskId }: { deskId: string }): Named {
  return { desk: agentOfSeat(deskId) === null && asGroupcall(deskId) === null ? deskId : null }
}

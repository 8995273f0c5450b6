/**
 * The call: one leg at the carrier. Its parts: life, AI talk, flow, transfer, ring of an agent, consultation, control by a program, recordings, voicemail,
 * record in the CRM.
 */
import type { RecordedMachine } from '../about.ts'
import { combine } from '../parts.ts'
import { consult } from './consult/consult.ts'
import { control } from './control/control.ts'
import { crm } from './crm/crm.ts'
import { flow } from './flow/flow.ts'
import { flowGrowing } from './flow/growing.ts'
import { life } from './life/life.ts'
import { recording } from './recording/recording.ts'
import { ring } from './ring/ring.ts'
import type { CallEffect, CallFact, CallInput, CallState, PartFact, PartInput } from './state.ts'
import { talk } from './talk/talk.ts'
import { transfer } from './transfer/transfer.ts'
import { upcastCall } from './upcast.ts'
import { voicemail } from './voicemail/voicemail.ts'

export const call: RecordedMachine<CallState, CallInput, CallFact, CallEffect> = combine<
  CallState,
  PartInput,
  PartFact,
  CallEffect
>(
  'call',
  11,
  { call: life, talk, flow, transfer, ring, consult, control, recording, voicemail, crm },
  upcastCall,
  flowGrowing,
)

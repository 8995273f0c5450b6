/** The call: one leg at the carrier. Its parts: life, AI talk, recordings, record in the CRM. */
import type { RecordedMachine } from '../about.ts'
import { combine } from '../parts.ts'
import { crm } from './crm/crm.ts'
import { life } from './life/life.ts'
import { recording } from './recording/recording.ts'
import type { CallEffect, CallFact, CallInput, CallState, PartFact, PartInput } from './state.ts'
import { talk } from './talk/talk.ts'
import { upcastCall } from './upcast.ts'

export const call: RecordedMachine<CallState, CallInput, CallFact, CallEffect> = combine<
  CallState,
  PartInput,
  PartFact,
  CallEffect
>('call', 4, { call: life, talk, recording, crm }, upcastCall)

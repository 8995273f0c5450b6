/** Calls as far as a sentence of the contract needs them. */
import type { CarrierCall, PlaceCall } from '../../../src/providers/telephony/port.ts'
import { is, type Stage } from './stage.ts'

export async function placed(stage: Stage, call: PlaceCall): Promise<CarrierCall> {
  const answer = await stage.telephony.createCall(call)
  if (!answer.ok) throw new Error(`the create failed: ${answer.failure.kind}`)
  return answer.value
}

/** A call that rings at the person. */
export async function ringing(stage: Stage, call: PlaceCall): Promise<string> {
  const { providerId } = await placed(stage, call)
  await stage.until(is('call-reported', { providerId, status: 'ringing' }))
  return providerId
}

/** A call that the person has picked up. */
export async function answered(stage: Stage, call: PlaceCall): Promise<string> {
  const providerId = await ringing(stage, call)
  await stage.pickUp(String(call.to))
  await stage.until(is('call-reported', { providerId, status: 'in-progress' }))
  return providerId
}

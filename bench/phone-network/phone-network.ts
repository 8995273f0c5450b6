/** The phone network's own figures, one after another so that none disturbs the next. */
import { callsCreatedPerSecond } from './calls.ts'
import { virtualSpeedup } from './virtual.ts'

export interface PhoneNetworkFigure {
  callsCreatedPerSecond: number
  virtualSpeedup: number
}

export async function benchPhoneNetwork(): Promise<PhoneNetworkFigure> {
  return { callsCreatedPerSecond: await callsCreatedPerSecond(), virtualSpeedup: await virtualSpeedup() }
}

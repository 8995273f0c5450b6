/** The phone network's own figures, one after another so that none disturbs the next. */
import { callsCreatedPerSecond } from './calls.ts'
import { browserLegsPerCore } from './legs.ts'
import { virtualSpeedup } from './virtual.ts'

export interface PhoneNetworkFigure {
  browserLegsPerCore: number
  callsCreatedPerSecond: number
  virtualSpeedup: number
}

export async function benchPhoneNetwork(): Promise<PhoneNetworkFigure> {
  return {
    browserLegsPerCore: await browserLegsPerCore(),
    callsCreatedPerSecond: await callsCreatedPerSecond(),
    virtualSpeedup: await virtualSpeedup(),
  }
}

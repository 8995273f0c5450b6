/** The figures of the phone network, measured one after another so that they do not disturb each other. */
import { callsCreatedPerSecond } from './calls.ts'
import { type EchoFigure, echoAndClear } from './echo.ts'
import { browserLegsPerCore } from './legs.ts'
import { type StreamsFigure, streamsPerCore } from './streams.ts'
import { virtualSpeedup } from './virtual.ts'

export interface PhoneNetworkFigure extends StreamsFigure, EchoFigure {
  browserLegsPerCore: number
  callsCreatedPerSecond: number
  virtualSpeedup: number
}

export async function benchPhoneNetwork(): Promise<PhoneNetworkFigure> {
  return {
    ...(await streamsPerCore()),
    ...(await echoAndClear()),
    browserLegsPerCore: await browserLegsPerCore(),
    callsCreatedPerSecond: await callsCreatedPerSecond(),
    virtualSpeedup: await virtualSpeedup(),
  }
}

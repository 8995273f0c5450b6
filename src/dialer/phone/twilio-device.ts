/** Loads the carrier's SDK, which no other file does, sets its options, and changes two of its behaviours. */
import type { Call, Device } from '@twilio/voice-sdk'
import type { VoiceToken } from '../../wire/api.ts'
import { installSocketShim } from './socket-shim.ts'
import { sdkSounds } from './sounds.ts'

export type { Call, Device }

/** The SDK asks for a new token this long (in ms) before the present one expires. */
export const TOKEN_REFRESH_MS = 60_000
const APP_NAME = 'trunkline'

/** Makes a `Device`, not yet registered. Must follow a person's gesture, or sound stays suspended. */
export async function makeDevice(token: VoiceToken): Promise<Device> {
  if (token.signallingUrl !== null) installSocketShim(token.signallingUrl)
  const sdk = await import('@twilio/voice-sdk')

  /**
   * The SDK hangs up the active call before it accepts another (`beforeAccept` in Device._makeCall, 2.18.5). Our line
   * must stay open while an inbound call is answered, so that hook is removed; `TwilioPhone` mutes the line instead.
   */
  class OpenLineCall extends sdk.Call {
    constructor(config: Call.Config, options?: Call.Options) {
      super(config, options === undefined ? options : { ...options, beforeAccept: undefined })
    }
  }

  const device = new sdk.Device(token.token, {
    logLevel: 'error',
    codecPreferences: [sdk.Call.Codec.Opus, sdk.Call.Codec.PCMU],
    allowIncomingWhileBusy: true,
    tokenRefreshMs: TOKEN_REFRESH_MS,
    sounds: sdkSounds(),
    appName: APP_NAME,
    // Usage reports go to the carrier, which does not exist in local mode.
    ...({ publishEvents: token.signallingUrl === null, Call: OpenLineCall } as object),
  })
  device.audio?.incoming(false)
  device.audio?.outgoing(false)
  device.audio?.disconnect(false)
  return device
}

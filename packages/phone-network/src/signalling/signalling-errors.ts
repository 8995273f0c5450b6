/**
 * The errors with which the network refuses a browser. Codes: the error table of @twilio/voice-sdk 2.18.5
 * (es5/twilio/errors/generated.js) and https://www.twilio.com/docs/api/errors .
 */

export interface SignallingError {
  code: number
  message: string
  /** seconds that the SDK waits before it connects again */
  retryAfter?: number
}

export const CONNECTION_ERROR = { code: 31005, message: 'Connection error' }
export const DECLINED = { code: 31002, message: 'Connection declined' }
export const MALFORMED = { code: 31100, message: 'The request had malformed syntax.' }
export const PARAMETERS_TOO_LONG = { code: 31103, message: 'Maximum parameter length has been exceeded.' }
export const INVALID_TOKEN = { code: 31204, message: 'Invalid JWT token' }
export const EXPIRED_TOKEN = { code: 31205, message: 'JWT token expired' }
export const TOO_OFTEN = { code: 31206, message: 'Rate exceeded authorized limit.' }
export const RECONNECT_REFUSED = { code: 31209, message: 'Reconnect attempt is not authorized.' }
export const MESSAGE_TYPE = { code: 31210, message: 'Call Message Event Type is invalid.' }
/** Not in the SDK's table (it shows such a code as 31000); the mobile SDKs have it. */
export const MESSAGE_STATE = { code: 31211, message: 'Call is not in the expected state.' }
export const MESSAGE_TOO_LARGE = {
  code: 31212,
  message: 'Call Message Event Payload size exceeded authorized limit.',
}

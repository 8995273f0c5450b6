/**
 * An error as Twilio sends it. Codes: https://www.twilio.com/docs/api/errors . The texts of 21210 to 21220 are not
 * quoted from Twilio; programs must use the code.
 */
export class RestError extends Error {
  readonly status: number
  readonly code: number
  constructor(status: number, code: number, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export interface ErrorBody {
  code: number
  message: string
  more_info: string
  status: number
}

export function errorBody(error: RestError): ErrorBody {
  const { code, message, status } = error
  return { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }
}

export function notFound(path: string): RestError {
  return new RestError(404, 20404, `The requested resource ${path} was not found`)
}

export function badParameter(name: string, why: string): RestError {
  return new RestError(400, 20001, `Invalid parameter ${name}: ${why}`)
}

export const NOT_AUTHENTICATED = new RestError(401, 20003, 'Authenticate')
export const NOT_ACTIVE = new RestError(403, 20005, 'Account not active')
export const METHOD_NOT_ALLOWED = new RestError(405, 20004, 'Method not allowed')
export const TOO_MANY_REQUESTS = new RestError(429, 20429, 'Too Many Requests')
export const SERVER_ERROR = new RestError(500, 20500, 'Internal Server Error')
export const NOT_IN_PROGRESS = new RestError(400, 21220, 'Call is not in-progress. Cannot redirect.')
export const COACHED_IS_HELD = new RestError(400, 16027, 'Participant to be whispered is on hold')
export const COACHED_IS_NOT_THERE = new RestError(
  400,
  16028,
  'Participant to be whispered is not present in the conference',
)

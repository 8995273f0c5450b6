/** Error answers in Salesforce's words: a list for the REST API, an object for sign-in. */

export class CrmRefusal extends Error {
  readonly status: number
  readonly body: unknown
  readonly headers: Record<string, string>

  constructor(status: number, body: unknown, headers: Record<string, string> = {}) {
    super(JSON.stringify(body))
    this.status = status
    this.body = body
    this.headers = headers
  }
}

/** REST API Developer Guide, "Status Codes and Error Responses". */
export function restRefusal(status: number, errorCode: string, message: string, fields?: string[]): CrmRefusal {
  const headers: Record<string, string> = status === 429 ? { 'retry-after': '1' } : {}
  return new CrmRefusal(status, [{ message, errorCode, ...(fields ? { fields } : {}) }], headers)
}

/** Help, "OAuth 2.0 Error Codes". */
export function tokenRefusal(error: string, description: string, status = 400): CrmRefusal {
  return new CrmRefusal(status, { error, error_description: description })
}

import twilio from 'twilio'
import type { AccountCredentials } from '../account.ts'

/** The unmodified `twilio` package, its requests sent to the phone network instead of api.twilio.com. For tests. */

interface RequestOptions {
  method: string
  uri: string
  username?: string
  password?: string
  params?: Record<string, unknown>
  data?: Record<string, unknown>
}

function encode(values: Record<string, unknown>): URLSearchParams {
  const form = new URLSearchParams()
  for (const [key, value] of Object.entries(values)) {
    for (const each of Array.isArray(value) ? value : [value]) form.append(key, String(each))
  }
  return form
}

/** A client that signs in with the account's token, or with the API key when `withKey` is set. */
export function twilioClient(url: string, account: AccountCredentials, withKey = false) {
  const httpClient = {
    async request(options: RequestOptions) {
      const target = new URL(options.uri)
      const local = new URL(target.pathname + target.search, url)
      for (const [key, value] of encode(options.params ?? {})) local.searchParams.append(key, value)
      const credentials = Buffer.from(`${options.username}:${options.password}`).toString('base64')
      const post = options.method.toUpperCase() === 'POST'
      const response = await fetch(local.href, {
        method: options.method.toUpperCase(),
        headers: { authorization: `Basic ${credentials}` },
        ...(post ? { body: encode(options.data ?? {}) } : {}),
      })
      const text = await response.text()
      const body = text === '' ? '' : JSON.parse(text)
      return { statusCode: response.status, body, headers: Object.fromEntries(response.headers) }
    },
  }
  const user = withKey ? account.apiKeySid : account.accountSid
  const secret = withKey ? account.apiKeySecret : account.authToken
  // The package's type asks for its own RequestClient; anything with `request` does.
  const options = { accountSid: account.accountSid, httpClient } as unknown as Parameters<typeof twilio>[2]
  return twilio(user, secret, options)
}

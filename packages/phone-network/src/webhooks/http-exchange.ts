import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { readText } from './answer-text.ts'
import type { FetchRules } from './overrides.ts'

/** One HTTP exchange with the three time limits of Twilio's proxy. */

export const RESPONSE_BYTES_MAX = 65_536

export interface Exchange {
  status: number
  contentType: string
  body: string
  /** why the body cannot be what its declared encoding says; null when it can */
  encodingProblem: string | null
  setCookies: readonly string[]
  /** destination of a redirect */
  location: string | null
}

/** `stage` says whether the program was reached: only `connect` is tried again by default. */
export class ExchangeError extends Error {
  readonly stage: 'connect' | 'read'
  /** Twilio's error code */
  readonly code: number
  constructor(stage: 'connect' | 'read', code: number, message: string) {
    super(message)
    this.stage = stage
    this.code = code
  }
}

export interface Outgoing {
  url: URL
  method: 'GET' | 'POST'
  headers: Record<string, string>
  body: string | null
}

function connectError(error: NodeJS.ErrnoException): ExchangeError {
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN') {
    return new ExchangeError('connect', 11210, `HTTP bad host name: ${error.message}`)
  }
  return new ExchangeError('connect', 11205, `HTTP connection failure: ${error.message || (error.code ?? '')}`)
}

/** Rejects with `ExchangeError`. An answer longer than 64 KiB is Twilio's 11750. */
export function exchange(outgoing: Outgoing, rules: FetchRules): Promise<Exchange> {
  const { url, method, headers, body } = outgoing
  return new Promise((resolve, reject) => {
    let connected = false
    const send = url.protocol === 'https:' ? requestHttps : requestHttp
    // Uses a new connection, because the program may close a pooled one just as it is used again.
    const request = send(url.href, { method, headers, agent: false, ...(rules.sni ? {} : { servername: '' }) })
    const fail = (error: ExchangeError): void => {
      clearTimeout(connectTimer)
      clearTimeout(totalTimer)
      request.destroy()
      reject(error)
    }
    const stage = (): 'connect' | 'read' => (connected ? 'read' : 'connect')
    const connectTimer = setTimeout(
      () => fail(new ExchangeError('connect', 11205, `no connection in ${rules.connectMs} ms`)),
      rules.connectMs,
    )
    const totalMs = Math.min(rules.totalMs, rules.readMs + rules.connectMs)
    const totalTimer = setTimeout(
      () => fail(new ExchangeError(stage(), 11200, `no complete answer in ${totalMs} ms`)),
      totalMs,
    )
    request.on('socket', socket => {
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        connected = true
        clearTimeout(connectTimer)
        socket.setTimeout(rules.readMs, () => fail(new ExchangeError('read', 11200, `no byte for ${rules.readMs} ms`)))
      })
    })
    request.on('error', error => {
      fail(connected ? new ExchangeError('read', 11200, `connection lost: ${error.message}`) : connectError(error))
    })
    request.on('response', response => {
      const chunks: Buffer[] = []
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > RESPONSE_BYTES_MAX) fail(new ExchangeError('read', 11750, 'response body over 64 KiB'))
        else chunks.push(chunk)
      })
      response.on('error', error => fail(new ExchangeError('read', 11200, `connection lost: ${error.message}`)))
      response.on('end', () => {
        clearTimeout(totalTimer)
        const contentType = response.headers['content-type'] ?? ''
        const { text, problem } = readText(Buffer.concat(chunks), contentType)
        resolve({
          status: response.statusCode ?? 0,
          contentType,
          body: text,
          encodingProblem: problem,
          setCookies: response.headers['set-cookie'] ?? [],
          location: response.headers.location ?? null,
        })
      })
    })
    request.end(body ?? undefined)
  })
}

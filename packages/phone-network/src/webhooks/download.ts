import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { type DemoAnswer, demoAnswer } from '../demo-hosts/demo-answers.ts'
import { ExchangeError } from './http-exchange.ts'
import { credentialsOf } from './letter.ts'
import { signedUrl, signWebhook } from './signature.ts'
import { type Tunnels, throughTunnel } from './tunnels.ts'

/** Fetching a sound file of a program, signed and through its tunnel like every request to it. */

export const FILE_BYTES_MAX = 16 * 1024 * 1024
const REDIRECTS_MAX = 5
const TOTAL_MS = 15_000

export interface Downloaded {
  bytes: Uint8Array
  contentType: string
}

export interface DownloadOptions {
  authToken: string
  tunnels: Tunnels
  signal: AbortSignal
}

/** Rejects with `ExchangeError` (11200 and related codes). */
export async function download(configured: string, options: DownloadOptions): Promise<Downloaded> {
  let url = configured
  for (let hops = 0; hops <= REDIRECTS_MAX; hops += 1) {
    const answer = await once(url, options)
    if (answer.location === null) return answer
    if (!URL.canParse(answer.location, url)) throw new ExchangeError('read', 11100, `Invalid URL: ${answer.location}`)
    url = new URL(answer.location, url).href
  }
  throw new ExchangeError('read', 11215, 'HTTP too many redirects')
}

async function demoDownload(configured: string, { status, contentType, bytes }: DemoAnswer) {
  if (status !== 200) throw new ExchangeError('read', 11200, `HTTP retrieval failure: ${status} from ${configured}`)
  return { bytes, contentType, location: null }
}

function once(
  configured: string,
  { authToken, tunnels, signal }: DownloadOptions,
): Promise<Downloaded & { location: string | null }> {
  const { url, headers } = throughTunnel(tunnels, configured)
  const demo = tunnels.has(new URL(configured).origin) ? null : demoAnswer(configured)
  if (demo !== null) return demoDownload(configured, demo)
  const authorization = credentialsOf(configured)
  const all = {
    ...headers,
    ...(authorization === null ? {} : { authorization }),
    accept: 'audio/*, */*;q=0.1',
    'user-agent': 'TwilioProxy/1.1',
    'x-twilio-signature': signWebhook(authToken, signedUrl(configured), {}),
  }
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TOTAL_MS)])
  return new Promise((resolve, reject) => {
    const fail = (code: number, message: string): void => reject(new ExchangeError('read', code, message))
    if (!/^https?:$/.test(url.protocol)) return fail(11100, `Invalid URL: ${configured}`)
    const send = url.protocol === 'https:' ? requestHttps : requestHttp
    const request = send(url.href, { headers: all, agent: false, signal: limit }, response => {
      const status = response.statusCode ?? 0
      const location = status >= 300 && status < 400 ? (response.headers.location ?? null) : null
      if (location === null && status !== 200) {
        response.destroy()
        return fail(11200, `HTTP retrieval failure: ${status} from ${configured}`)
      }
      const chunks: Buffer[] = []
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes <= FILE_BYTES_MAX) chunks.push(chunk)
        else {
          response.destroy()
          fail(11750, `the file is larger than ${FILE_BYTES_MAX} bytes: ${configured}`)
        }
      })
      response.on('error', error => fail(11200, `connection lost: ${error.message}`))
      response.on('end', () => {
        const contentType = response.headers['content-type'] ?? ''
        resolve({ bytes: new Uint8Array(Buffer.concat(chunks)), contentType, location })
      })
    })
    request.on('error', error => fail(11200, `HTTP retrieval failure: ${error.message}: ${configured}`))
    request.end()
  })
}

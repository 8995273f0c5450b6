/** Sends requests over connections that are kept, and sees what `fetch` hides: upgrades, and bodies that are refused while they come. */
import http from 'node:http'
import { CONNECTIONS } from './limits.ts'

export interface Sent {
  method: string
  /** with the query */
  path: string
  headers: Record<string, string>
  body: string | null
}
export interface Answered {
  /** 0: the connection ended without an answer */
  status: number
  type: string
  text: string
  tookMs: number
}

const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS })

/** A connection that the server has just given up is no answer, so such a request is sent once more. */
export async function send(url: string, sent: Sent): Promise<Answered> {
  const first = await once(url, sent)
  return first.status === 0 ? once(url, { ...sent, headers: { ...sent.headers, Connection: 'close' } }) : first
}

function once(url: string, { method, path, headers, body }: Sent): Promise<Answered> {
  const started = performance.now()
  const bytes = body === null ? null : Buffer.from(body)
  return new Promise(resolve => {
    let over = false
    const done = (status: number, type = '', text = '') => {
      if (over) return
      over = true
      resolve({ status, type, text, tookMs: performance.now() - started })
    }
    const length = bytes === null ? {} : { 'Content-Length': String(bytes.byteLength) }
    const request = http.request(`${url}${path}`, { method, agent, headers: { ...headers, ...length } }, answer => {
      const pieces: Buffer[] = []
      const end = () =>
        done(answer.statusCode ?? 0, answer.headers['content-type'] ?? '', Buffer.concat(pieces).toString())
      answer.on('data', (piece: Buffer) => pieces.push(piece))
      answer.on('end', end)
      answer.on('error', end)
    })
    request.on('upgrade', (answer, socket) => {
      socket.destroy()
      done(answer.statusCode ?? 101)
    })
    request.on('error', () => done(0))
    request.end(bytes)
  })
}

/** Runs `work` over the items, so many at once. */
export async function parallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  const lane = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item)
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, lane))
}

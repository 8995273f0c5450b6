/**
 * The outside world of the kill proof: it outlives every kill. Each create that arrives becomes a call with callbacks,
 * an answer and an end; a callback that gets no reply is sent again when the Worker listens again, as the same delivery.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { signed } from '../../bench/webhook.ts'

export interface PlacedCall {
  sid: string
  legId: string
  batchId: string
  to: string
  status: string
  createdAt: string
  /** the status callbacks that got their 2xx: ids as the Worker notes them */
  acknowledged: string[]
  /** the TwiML that the answer webhook was given */
  twiml: string | null
  over: boolean
}

export interface World {
  url: string
  calls: PlacedCall[]
  acknowledged: number
  /** closed: callbacks wait, and no call goes on by itself; what was under way is finished */
  hold(on: boolean): void
  /** the Worker is dead (or listens again) */
  down(on: boolean): void
  close(): void
}

/** A gate that callers pass at once when it is open, else when it opens. */
class Gate {
  #open = true
  #waiting: (() => void)[] = []
  set(open: boolean): void {
    this.#open = open
    if (open) for (const go of this.#waiting.splice(0)) go()
  }
  async pass(): Promise<void> {
    while (!this.#open) await new Promise<void>(resolve => this.#waiting.push(resolve))
  }
}

export class Carrier implements World {
  url = ''
  readonly calls: PlacedCall[] = []
  acknowledged = 0
  /** called after each acknowledged webhook */
  onAcknowledged: () => void = () => undefined
  readonly #gate = new Gate()
  readonly #up = new Gate()
  readonly #server = createServer((request, response) => void this.#rest(request, response))

  async listen(): Promise<void> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  hold(on: boolean): void {
    this.#gate.set(!on)
  }

  down(on: boolean): void {
    this.#up.set(!on)
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  async #rest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await bodyOf(request))
    const url = new URL(request.url ?? '/', 'http://carrier')
    const sid = /Calls\/(CA\w+)\.json/.exec(url.pathname)?.[1]
    if (sid === undefined && request.method === 'GET') return reply(response, 200, { calls: this.#found(url) })
    if (sid === undefined) return reply(response, 201, this.#create(form))
    const call = this.calls.find(one => one.sid === sid)
    if (!call) return reply(response, 404, { code: 20404 })
    const wanted = form.get('Status')
    if (wanted === 'canceled' && call.twiml === null && !call.over) this.#end(call, 'canceled')
    if (wanted === 'completed' && !call.over) this.#end(call, 'completed')
    reply(response, 200, { sid, status: call.status })
  }

  #found(url: URL): object[] {
    const same = this.calls.filter(call => call.to === url.searchParams.get('To'))
    return same.slice(-20).map(call => ({ sid: call.sid, status: call.status, date_created: call.createdAt }))
  }

  #create(form: URLSearchParams): object {
    const [, batchId = '', legId = ''] = /batches\/([^/]+)\/legs\/([^/]+)\/answer/.exec(form.get('Url') ?? '') ?? []
    const sid = `CA${String(this.calls.length + 1).padStart(32, '0')}`
    const to = form.get('To') ?? ''
    const createdAt = new Date().toUTCString()
    const call = { sid, legId, batchId, to, createdAt, status: 'queued', acknowledged: [], twiml: null, over: false }
    this.calls.push(call)
    void this.#live(call, form.get('Url')?.split('#', 1)[0] ?? '', form.get('StatusCallback') ?? '')
    return { sid, status: 'queued' }
  }

  /** A person who picks up at once, listens to what there is to hear, and hangs up. */
  async #live(call: PlacedCall, answerUrl: string, statusUrl: string): Promise<void> {
    const tell = async (status: string) => {
      await this.#gate.pass()
      if (call.over && status !== call.status) return
      call.status = status
      const sequence = String(call.acknowledged.length)
      await this.#send(statusUrl, call.sid, { CallStatus: status, SequenceNumber: sequence })
      call.acknowledged.push(`status:${call.sid}:${sequence}:${status}`)
    }
    await tell('initiated')
    await tell('ringing')
    await this.#gate.pass()
    if (!call.over) {
      call.twiml = ''
      call.status = 'in-progress'
      call.twiml = await this.#send(answerUrl, call.sid, { CallStatus: 'in-progress' })
      await tell('in-progress')
      if (!call.over) this.#end(call, 'completed')
    }
    await tell(call.status)
  }

  #end(call: PlacedCall, status: string): void {
    call.status = status
    call.over = true
  }

  /** Sends the same delivery again after each death of the Worker, until it is acknowledged. */
  async #send(url: string, sid: string, extra: Record<string, string>): Promise<string> {
    for (;;) {
      await this.#up.pass()
      try {
        const answer = await fetch(url, signed(url, sid, extra))
        const text = await answer.text()
        if (answer.ok) {
          this.acknowledged += 1
          this.onAcknowledged()
          return text
        }
        console.error(`${url}: ${answer.status} ${text.slice(0, 200)}`)
      } catch {
        // The Worker was killed during the request. The gate is shut by now, or will be in this turn.
      }
      await new Promise(resolve => setImmediate(resolve))
    }
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request) text += String(part)
  return text
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(body))
}

/** The carrier's side of many streams in one process: frames at the pace of a phone line, marks given back when played. */
import { once } from 'node:events'
import path from 'node:path'
import { WebSocket } from 'ws'
import { buildWorker, WORK } from '../../scripts/local/build.ts'
import { freePort } from '../../scripts/local/ports.ts'
import { type Bare, serveBare } from '../workerd.ts'

export const FRAME_MS = 20
const FRAME_BYTES = 160
const STREAM = 'MZ1'

export type Mode = 'empty' | 'hear' | 'speak' | 'turn' | 'barge'

export async function serveLines(): Promise<Bare> {
  const script = await buildWorker(path.join(WORK, 'bench', 'voice'), 'bench/voice/worker.ts')
  return serveBare({ script, port: await freePort(5720), actors: { LINES: 'LineActor' }, vars: {}, inMemory: true })
}

/** One call. Its marks come back as soon as the sound before them would have been played. */
export class Line {
  readonly name: string
  sent = 0
  soundMs = 0
  clears = 0
  readonly #socket: WebSocket
  #playedUntilMs = 0

  private constructor(name: string, socket: WebSocket) {
    this.name = name
    this.#socket = socket
    socket.on('message', data => this.#take(String(data)))
  }

  static async open(bare: Bare, name: string, mode: Mode): Promise<Line> {
    const socket = new WebSocket(`${bare.url.replace('http', 'ws')}/${mode}?call=${name}`, { perMessageDeflate: false })
    await once(socket, 'open')
    const line = new Line(name, socket)
    line.#send({
      event: 'start',
      sequenceNumber: '1',
      streamSid: STREAM,
      start: {
        accountSid: 'AC1',
        streamSid: STREAM,
        callSid: 'CA1',
        tracks: ['inbound'],
        customParameters: {},
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8_000, channels: 1 },
      },
    })
    return line
  }

  /** `sound`: a frame; its first eight bytes become its number and the time, when `stamped`. */
  frame(sound: Uint8Array, stamped: boolean): void {
    const bytes = Buffer.from(sound)
    if (stamped) {
      bytes.writeUInt32BE(this.sent, 0)
      bytes.writeUInt32BE(Date.now() % 2 ** 32, 4)
    }
    this.sent += 1
    const chunk = String(this.sent)
    const payload = bytes.toString('base64')
    this.#socket.send(
      `{"event":"media","sequenceNumber":"${chunk}","media":{"track":"inbound","chunk":"${chunk}","timestamp":"${this.sent * FRAME_MS}","payload":"${payload}"},"streamSid":"${STREAM}"}`,
    )
  }

  close(): void {
    this.#socket.terminate()
  }

  #take(text: string): void {
    const message = JSON.parse(text) as { event: string; media?: { payload: string }; mark?: { name: string } }
    const now = performance.now()
    if (message.event === 'media') {
      const ms = (Buffer.byteLength(message.media?.payload ?? '', 'base64') / FRAME_BYTES) * FRAME_MS
      this.soundMs += ms
      this.#playedUntilMs = Math.max(this.#playedUntilMs, now) + ms
    } else if (message.event === 'mark') {
      const mark = { event: 'mark', streamSid: STREAM, mark: message.mark }
      setTimeout(() => this.#send(mark), Math.max(0, this.#playedUntilMs - now))
    } else this.clears += 1
  }

  #send(message: object): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message))
  }
}

/** Gives every line a frame every 20 ms for `seconds`; the lines are spread over the 20 ms. */
export async function pace(lines: Line[], seconds: number, each: (line: Line, frame: number) => void): Promise<void> {
  const steps = 4
  const startedMs = performance.now()
  const total = (seconds * 1_000 * steps) / FRAME_MS
  let done = 0
  await new Promise<void>(resolve => {
    const timer = setInterval(() => {
      const due = Math.min(total, Math.floor(((performance.now() - startedMs) * steps) / FRAME_MS))
      for (; done < due; done += 1) {
        const [frame, step] = [Math.floor(done / steps), done % steps]
        for (let at = step; at < lines.length; at += steps) each(lines[at] as Line, frame)
      }
      if (done < total) return
      clearInterval(timer)
      resolve()
    }, FRAME_MS / steps)
  })
}

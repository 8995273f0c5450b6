/**
 * Media Streams per core, and how late their frames are: 50 callers at once, each with a two-way stream. A frame's lateness
 * is counted from the schedule of its stream's earliest frames. A run is void when the timer of an idle process is late
 * as well, because then the machine was late. The best of three runs counts.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { WebSocketServer } from 'ws'
import { encode } from '../../packages/phone-network/src/media/mulaw.ts'
import { tone } from '../../packages/phone-network/src/media/tones.ts'
import { cpuShare, pass } from './child.ts'

const STREAMS = 50
const RUNS = 3
const SETTLE_MS = 3_000
const MEASURE_MS = 8_000
const FRAME_MS = 20
const FRAME_BYTES = 160
const CONTROL_LATE_MS_MAX = 2
const TALKS = { kind: 'human', acts: [{ say: 'One two three four five six seven eight nine ten.' }], repeat: true }

export interface StreamsFigure {
  streamsPerCore: number
  streamLatenessP99Ms: number
  controlLatenessP99Ms: number
}

export async function streamsPerCore(): Promise<StreamsFigure> {
  const runs: StreamsFigure[] = []
  for (let run = 0; run < RUNS; run += 1) runs.push(await oneRun())
  const valid = runs.filter(run => run.controlLatenessP99Ms <= CONTROL_LATE_MS_MAX)
  if (valid.length === 0) console.error('every run is void: the machine itself was late', runs)
  const [best] = (valid.length > 0 ? valid : runs).sort((a, b) => a.streamLatenessP99Ms - b.streamLatenessP99Ms)
  return best as StreamsFigure
}

async function oneRun(): Promise<StreamsFigure> {
  const arrivals = new Map<string, number[]>()
  const server = program(arrivals)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const network = fork(path.join(import.meta.dirname, 'legs-network.ts'), [`http://127.0.0.1:${port}/`])
  const control = fork(path.join(import.meta.dirname, 'idle-timer.ts'), [String(FRAME_MS)])
  try {
    const [{ url }] = (await once(network, 'message')) as [{ url: string }]
    const idle = await cpuShare(network, 1_000)
    for (let index = 0; index < STREAMS; index += 1) await dial(url, index)
    await pass(SETTLE_MS)
    arrivals.clear()
    control.send('begin')
    const busy = await cpuShare(network, MEASURE_MS)
    const taken = [...arrivals.values()].map(times => [...times])
    control.send('end')
    const [controlLate] = (await once(control, 'message')) as [number[]]
    if (taken.length < STREAMS) throw new Error(`only ${taken.length} streams`)
    const frames = Math.min(...taken.map(times => times.length))
    if (frames < (MEASURE_MS / FRAME_MS) * 0.9) throw new Error(`a stream brought only ${frames} frames`)
    return {
      streamsPerCore: Math.floor(STREAMS / (busy - idle)),
      streamLatenessP99Ms: p99(taken.flatMap(lateness)),
      controlLatenessP99Ms: p99(controlLate),
    }
  } finally {
    network.disconnect()
    control.disconnect()
    server.closeAllConnections()
    server.close()
  }
}

/** A program that answers every call with a stream and sends sound all the time. */
function program(arrivals: Map<string, number[]>) {
  const server = createServer((request, response) => {
    request.resume()
    const stream = `<Connect><Stream url="wss://${request.headers.host}/"/></Connect>`
    response.writeHead(200, { 'content-type': 'text/xml' }).end(`<Response>${stream}</Response>`)
  })
  const payload = Buffer.from(encode(tone([440], 1_000, 0.3)).subarray(0, FRAME_BYTES)).toString('base64')
  new WebSocketServer({ server }).on('connection', socket => {
    socket.on('message', data => {
      const at = performance.now()
      const { event, streamSid } = JSON.parse(String(data))
      if (event !== 'media') return
      const times = arrivals.get(streamSid) ?? []
      arrivals.set(streamSid, times)
      times.push(at)
      socket.send(JSON.stringify({ event: 'media', streamSid, media: { payload } }))
    })
  })
  return server
}

async function dial(url: string, index: number): Promise<void> {
  const body = JSON.stringify({ from: `+1202555${1_000 + index}`, to: '+14155550000', script: TALKS })
  const answer = await fetch(`${url}/_/dial`, { method: 'POST', body })
  if (!answer.ok) throw new Error(await answer.text())
}

/** How long after its scheduled time each frame came. */
function lateness(times: number[]): number[] {
  const offsets = times.map((at, index) => at - index * FRAME_MS)
  const line = Math.min(...offsets)
  return offsets.map(offset => offset - line)
}

function p99(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return Math.round((sorted[Math.floor(sorted.length * 0.99)] ?? 0) * 10) / 10
}

/**
 * The delay of a Media Stream through a program: how late an echo comes back, and how late a `clear` takes effect. It is
 * counted in frames between what the party says and what it hears, so it includes the way to the program and back.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { decode, encode, FRAME_MS } from '../../packages/phone-network/src/media/mulaw.ts'
import { createSound } from '../../packages/phone-network/src/media/start-sound.ts'
import { tone } from '../../packages/phone-network/src/media/tones.ts'
import { startPhoneNetwork } from '../../packages/phone-network/src/phone-network.ts'
import { pass } from './child.ts'

const OURS = '+14155550000'
const ROUNDS = 20
const BURST_MS = 200
const PAUSE_MS = 500
const LONG_MS = 4_000
const LOUD = 1_000

export interface EchoFigure {
  echoP95Ms: number
  clearP95Ms: number
}

export async function echoAndClear(): Promise<EchoFigure> {
  const line = { socket: null as WebSocket | null, streamSid: '', echoes: true }
  const server = createServer((request, response) => {
    request.resume()
    const stream = `<Connect><Stream url="wss://${request.headers.host}/"/></Connect>`
    response.writeHead(200, { 'content-type': 'text/xml' }).end(`<Response>${stream}</Response>`)
  })
  new WebSocketServer({ server }).on('connection', socket => {
    line.socket = socket
    socket.on('message', data => {
      const { event, streamSid, media } = JSON.parse(String(data))
      line.streamSid = streamSid ?? line.streamSid
      if (event === 'media' && line.echoes) say({ event, media: { payload: media.payload } })
    })
  })
  const say = (message: object) => line.socket?.send(JSON.stringify({ streamSid: line.streamSid, ...message }))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const sound = createSound({ seed: 7 })
  const voiceUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const network = await startPhoneNetwork({ port: 0, sound, numbers: [{ number: OURS, voiceUrl }] })
  const callSid = network.control.dial('+12025550100', OURS, { kind: 'human', acts: [] })
  await network.control.until(entry => entry.kind === 'stream-started')
  const ear = listen(sound.plane.tap.bind(sound.plane), callSid)
  const burst = encode(tone([600], BURST_MS, 0.4))
  const long = Buffer.from(encode(tone([600], LONG_MS, 0.4))).toString('base64')
  const echoes: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    sound.plane.speak(callSid, burst)
    await pass(PAUSE_MS)
    echoes.push(ear.echoFrames())
  }
  line.echoes = false
  const clears: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    say({ event: 'media', media: { payload: long } })
    await pass(PAUSE_MS)
    const from = ear.frame()
    say({ event: 'clear' })
    await pass(PAUSE_MS)
    clears.push(Math.max(0, ear.lastHeard() - from))
  }
  await network.close()
  server.closeAllConnections()
  server.close()
  return { echoP95Ms: p95(echoes) * FRAME_MS, clearP95Ms: p95(clears) * FRAME_MS }
}

type Tap = (callSid: string, listener: (says: Uint8Array, hears: Uint8Array) => void) => () => void

function listen(tap: Tap, callSid: string) {
  let frame = 0
  let saidAt = 0
  let heardAt = 0
  let lastHeard = 0
  tap(callSid, (says, hears) => {
    frame += 1
    if (isLoud(says) && frame - saidAt > BURST_MS / FRAME_MS) {
      saidAt = frame
      heardAt = 0
    }
    if (!isLoud(hears)) return
    lastHeard = frame
    if (heardAt === 0) heardAt = frame
  })
  return { frame: () => frame, lastHeard: () => lastHeard, echoFrames: () => heardAt - saidAt }
}

function isLoud(frame: Uint8Array): boolean {
  return decode(frame).some(sample => Math.abs(sample) > LOUD)
}

function p95(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? 0
}

/** Browser legs per core: callers with WebRTC of their own talk in pairs, and only the network's CPU time is counted. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import AccessToken from 'twilio/lib/jwt/AccessToken.js'
import { MediaStreamTrack, RTCPeerConnection, RtpHeader, RtpPacket, usePCMU } from 'werift'
import { WebSocket } from 'ws'
import type { AccountCredentials } from '../../packages/phone-network/src/account.ts'
import { encode } from '../../packages/phone-network/src/media/mulaw.ts'
import { tone } from '../../packages/phone-network/src/media/tones.ts'
import { cpuShare, pass } from './child.ts'

const LEGS = 20
const SETTLE_MS = 1_000
const MEASURE_MS = 6_000
const FRAME_MS = 20
const FRAME_BYTES = 160
/** The share of frames that must arrive; with fewer, the network does not keep up and the figure is void. */
const FRAMES_SHARE_MIN = 0.9

interface Leg {
  send(frame: number): void
  heard(): number
  close(): void
}

export async function browserLegsPerCore(): Promise<number> {
  const app = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const room = new URLSearchParams(body).get('room')
    const seat = `<Conference beep="false" waitUrl="">${room}</Conference>`
    response.writeHead(200, { 'content-type': 'text/xml' }).end(`<Response><Dial>${seat}</Dial></Response>`)
  })
  await once(app.listen(0, '127.0.0.1'), 'listening')
  const voiceUrl = `http://127.0.0.1:${(app.address() as AddressInfo).port}/`
  const child = fork(path.join(import.meta.dirname, 'legs-network.ts'), [voiceUrl])
  try {
    const [{ url, account }] = (await once(child, 'message')) as [{ url: string; account: AccountCredentials }]
    const idle = await cpuShare(child, MEASURE_MS / 3)
    const legs: Leg[] = []
    for (let index = 0; index < LEGS; index += 1) legs.push(await openLeg(url, account, index))
    const stop = talk(legs)
    await pass(SETTLE_MS)
    const before = legs.map(leg => leg.heard())
    const busy = await cpuShare(child, MEASURE_MS)
    const frames = Math.min(...legs.map((leg, index) => leg.heard() - (before[index] ?? 0)))
    stop()
    for (const leg of legs) leg.close()
    if (frames < (MEASURE_MS / FRAME_MS) * FRAMES_SHARE_MIN) throw new Error(`a leg heard only ${frames} frames`)
    return Math.floor(LEGS / (busy - idle))
  } finally {
    child.disconnect()
    app.closeAllConnections()
    app.close()
  }
}

/** Every leg sends a frame every 20 ms. */
function talk(legs: Leg[]): () => void {
  const startedAt = performance.now()
  let frame = 0
  const timer = setInterval(() => {
    for (; frame < (performance.now() - startedAt) / FRAME_MS; frame += 1) for (const leg of legs) leg.send(frame)
  }, FRAME_MS / 2)
  return () => clearInterval(timer)
}

function tokenOf({ accountSid, apiKeySid, apiKeySecret, twimlAppSid }: AccountCredentials, identity: string): string {
  const token = new AccessToken(accountSid, apiKeySid, apiKeySecret, { identity, ttl: 3600 })
  token.addGrant(new AccessToken.VoiceGrant({ outgoingApplicationSid: twimlAppSid }))
  return token.toJwt()
}

/** A caller that behaves as the SDK: it connects, invites with its offer and takes the answer. Two share a conference. */
async function openLeg(url: string, account: AccountCredentials, index: number): Promise<Leg> {
  const peer = new RTCPeerConnection({
    codecs: { audio: [usePCMU()], video: [] },
    iceServers: [],
    iceAdditionalHostAddresses: ['127.0.0.1'],
    iceInterfaceAddresses: { udp4: '127.0.0.1' },
    iceUseIpv6: false,
  })
  const track = new MediaStreamTrack({ kind: 'audio' })
  const { sender } = peer.addTransceiver(track, { direction: 'sendrecv' })
  let frames = 0
  peer.onTrack.subscribe(remote => remote.onReceiveRtp.subscribe(() => (frames += 1)))
  await peer.setLocalDescription(await peer.createOffer())
  const socket = new WebSocket(`${url.replace('http', 'ws')}/signal`)
  const say = (type: string, payload: object) => socket.send(JSON.stringify({ type, version: '1.6', payload }))
  const answered = new Promise<string>((resolve, reject) => {
    socket.on('message', data => {
      const text = String(data)
      if (text === '\n') return socket.send('\n')
      const { type, payload } = JSON.parse(text)
      if (payload.sdp) resolve(payload.sdp)
      if (type === 'hangup' || type === 'error') reject(new Error(text))
    })
  })
  await once(socket, 'open')
  say('listen', { token: tokenOf(account, `leg${index}`) })
  const twilio = { params: `room=room${index >> 1}` }
  say('invite', { callsid: `TJS${index}`, sdp: peer.localDescription?.sdp, twilio })
  await peer.setRemoteDescription({ type: 'answer', sdp: await answered })
  if (peer.connectionState !== 'connected') {
    await peer.connectionStateChange.watch(state => state === 'connected', 10_000)
  }
  const sound = encode(tone([440 + 20 * index], 1_000, 0.3))
  return {
    send(frame) {
      const header = new RtpHeader({ payloadType: 0, sequenceNumber: frame & 0xffff, timestamp: frame * FRAME_BYTES })
      const at = (frame * FRAME_BYTES) % (sound.length - FRAME_BYTES)
      void sender.sendRtp(new RtpPacket(header, Buffer.from(sound.subarray(at, at + FRAME_BYTES))))
    },
    heard: () => frames,
    close() {
      socket.terminate()
      peer.close().catch(() => undefined)
    },
  }
}

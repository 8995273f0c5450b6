/**
 * The seed's bare stream path names no call (S2-5). The first messages wait here until `start` names the call by
 * the parameters of our own instruction; then everything goes through to that call's actor, both ways.
 */
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { parseId } from '../../core/ids.ts'
import { MESSAGE_CHARS_MAX } from '../../providers/telephony/media-port.ts'
import { twilioMedia } from '../../providers/telephony/twilio/media-stream.ts'

const START_WITHIN_MS = 5_000
/** Most messages before `start`: `connected`, and some to spare. */
const WAITING_MAX = 4

export function relayStream(env: Env, workspaceId: string): Response {
  const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket]
  server.accept()
  const waiting: string[] = []
  let call: WebSocket | null = null
  let over = false
  const end = (code: number, why: string) => {
    if (over) return
    over = true
    clearTimeout(timer)
    for (const socket of [server, call]) quietly(() => socket?.close(code, why))
  }
  const timer = setTimeout(() => end(1008, 'no start within 5 s'), START_WITHIN_MS)
  server.addEventListener('close', () => end(1000, 'closed'))
  server.addEventListener('error', () => end(1011, 'broken'))
  server.addEventListener('message', ({ data }) => {
    if (over) return
    if (typeof data !== 'string' || data.length > MESSAGE_CHARS_MAX) return end(1003, 'not a stream message')
    if (call !== null) return quietly(() => call?.send(data))
    waiting.push(data)
    if (waiting.length > WAITING_MAX) return end(1008, 'no start')
    const message = twilioMedia.readMessage(data)
    if (message.type !== 'start') return
    clearTimeout(timer)
    const { token = '' } = message.parameters
    const callId = parseId('call', message.parameters.callId ?? '', workspaceId)
    if (callId === null) return end(1008, 'an unknown call')
    void open(env, callId, token).then(
      socket => {
        if (socket === null) return end(1008, 'this line is not expected')
        call = socket
        socket.addEventListener('message', ({ data: answer }) => quietly(() => server.send(answer)))
        socket.addEventListener('close', ({ code, reason }) => end(code === 1006 ? 1011 : code, reason))
        for (const text of waiting.splice(0)) quietly(() => socket.send(text))
      },
      () => end(1011, 'the call cannot be reached'),
    )
  })
  return new Response(null, { status: 101, webSocket: client })
}

async function open(env: Env, callId: string, token: string): Promise<WebSocket | null> {
  // Half a character cannot be part of an address, and no token of ours has one.
  const request = new Request(`https://call/media/${encodeURIComponent(token.toWellFormed())}`, {
    headers: { Upgrade: 'websocket' },
  })
  const { webSocket } = await stubFor(env, 'call', callId).fetch(request)
  webSocket?.accept()
  return webSocket ?? null
}

/** Ignores a throw: a socket that went away at this moment is an ordinary end. */
function quietly(act: () => void): void {
  try {
    act()
  } catch {
    // Its close event does the rest.
  }
}

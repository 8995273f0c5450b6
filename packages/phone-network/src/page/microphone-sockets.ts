/// <reference types="node" />
/**
 * A developer's microphone and headphones on a pretend phone: binary 20 ms µ-law frames over a WebSocket in both
 * directions.
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { AudioPlane } from '../media/plane.ts'
import { pathOf } from '../request-url.ts'

export const MAX_MICROPHONES = 32
/** 200 ms, which is as much as the plane keeps. */
const MAX_FRAME_BYTES = 1600
/** A page that does not read misses sound, instead of hearing it with growing delay. */
const MAX_UNSENT_BYTES = 16 * 1024
const PATH = /^\/_\/mic\/(CA[0-9a-f]{32})$/
const LOCAL_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/

export class MicrophoneSockets {
  private readonly plane: AudioPlane
  private readonly server = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES })

  constructor(plane: AudioPlane) {
    this.plane = plane
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const path = pathOf(request)
    if (!path.startsWith('/_/mic/')) return false
    const callSid = PATH.exec(path)?.[1]
    const { origin } = request.headers
    // Without this check any web page that the developer has open could listen to the calls.
    if (origin !== undefined && !LOCAL_ORIGIN.test(origin)) refuse(socket, '403 Forbidden')
    else if (!callSid) refuse(socket, '400 Bad Request')
    else if (this.server.clients.size >= MAX_MICROPHONES) refuse(socket, '503 Service Unavailable')
    else this.server.handleUpgrade(request, socket, head, webSocket => this.connect(webSocket, callSid))
    return true
  }

  close(): void {
    for (const client of this.server.clients) client.terminate()
    this.server.close()
  }

  private connect(webSocket: WebSocket, callSid: string): void {
    const untap = this.plane.tap(callSid, (_says, hears) => {
      if (webSocket.bufferedAmount < MAX_UNSENT_BYTES) webSocket.send(hears)
    })
    webSocket.on('message', (data, isBinary) => {
      if (isBinary) this.plane.feed(callSid, new Uint8Array(data as Buffer))
    })
    // An error is always followed by close.
    webSocket.on('error', () => {})
    webSocket.on('close', untap)
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** What the browser gateway takes and gives beyond the seam in `media/plane.ts`. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { AudioPlane, BrowserEvents, BrowserGateway } from '../media/plane.ts'

export interface CallMessage {
  content: unknown
  contentType: string
  messageType: string
}

/** What the engine may hear in addition: messages that the page sends during a call. */
export interface GatewayEvents extends BrowserEvents {
  onMessage?(callSid: string, message: CallMessage): void
}

export interface GatewayOptions {
  plane: AudioPlane
  events: GatewayEvents
  /** Twilio edge that the SDK is told; "roaming" becomes the concrete "ashburn". */
  edge?: string
  /** The local address that media uses. */
  mediaAddress?: string
}

export type Gateway = BrowserGateway & {
  /** Take a WebSocket upgrade of the phone network's http server; false when the path is not ours. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean
  /** Answer the SDK's own requests (sounds, insights); false when the path is not ours. */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean
  /** A call message to the page (`call.on('messageReceived')`). */
  sendMessage(callSid: string, message: CallMessage): void
  /** Cut every signalling socket of an identity, as a lost network would. Calls go on if the browser comes back. */
  dropSockets(identity: string): void
  close(): void
}

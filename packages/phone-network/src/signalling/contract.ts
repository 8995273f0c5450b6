/** The contract of the browser gateway beyond the one in `media/plane.ts`. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { AudioPlane, BrowserEvents, BrowserGateway } from '../media/plane.ts'
import type { Disturbance } from './disturbance.ts'

export interface CallMessage {
  /** KX…, the SDK's `voiceEventSid` */
  sid: string
  content: unknown
  contentType: string
  messageType: string
}

/** Further events for the engine. */
export interface GatewayEvents extends BrowserEvents {
  /** The page sends a message during a call. */
  onMessage?(callSid: string, message: CallMessage): void
  /** Something to log: a frame without meaning, or a call that could not be set up. */
  onTrouble?(callSid: string | null, code: number, message: string): void
}

export interface GatewayOptions {
  plane: AudioPlane
  events: GatewayEvents
  /** Twilio edge of browsers whose host name tells none; "roaming" becomes the concrete "ashburn". */
  edge?: string
  /** The local address that media uses. */
  mediaAddress?: string
}

export type Gateway = BrowserGateway & {
  /** Take a WebSocket upgrade of the phone network's http server; false when the path is not ours. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean
  /** Answer the SDK's own requests (sounds, insights); false when the path is not ours. */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean
  /** A call message to the page (`call.on('messageReceived')`), also while the call rings. */
  sendMessage(callSid: string, message: CallMessage): void
  /** Keys that the network presses, as telephone events in the sound. */
  sendDigits(callSid: string, digits: string): void
  /** Disturb every socket of an identity. Returns how many there were. */
  disturb(identity: string, disturbance: Disturbance): number
  /** Cut every signalling socket of an identity, as a lost network would. Calls go on if the browser comes back. */
  dropSockets(identity: string): void
  close(): void
}
